// How large a closed box is, and where what is in it goes.
#pragma once

#include "core/layout/layout.h"
#include "core/scene/scene.h"

#include <string_view>

namespace jitscope::picture {

// How large UTF-8 texts are, in pixels at 100 %.
class TextMeasure
{
public:
    virtual ~TextMeasure() = default;
    [[nodiscard]] virtual double titleWidth(std::string_view text) const = 0;
    [[nodiscard]] virtual double textWidth(std::string_view text) const = 0; // in rows, subtitles
    [[nodiscard]] virtual double textHeight() const = 0; // of a line of such text
};

class BoxMetrics
{
public:
    explicit BoxMetrics(const TextMeasure& measure) : m_measure(measure) {} // must outlive it

    [[nodiscard]] layout::Size closedSize(const scene::Box& box) const;
    // The least width of an open box, for its title bar.
    [[nodiscard]] double openWidth(const scene::Box& box) const;

private:
    [[nodiscard]] double headerWidth(const scene::Box& box) const;

    const TextMeasure& m_measure;
};

// Where port `index` of `count` is on a closed box of this width, from its left edge.
[[nodiscard]] double closedPortX(double width, std::size_t index, std::size_t count);

// True for the unlabelled points through which values enter and leave the blocks of a Control.
[[nodiscard]] bool isJunction(const scene::Box& box);

[[nodiscard]] bool isPill(const scene::Box& box);

} // namespace jitscope::picture
