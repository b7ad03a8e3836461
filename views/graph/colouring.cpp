#include "views/graph/colouring_p.h"

#include "core/scene/schema_text.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>

namespace jitscope::views {

namespace {

constexpr std::size_t longestLegend = 12;
constexpr int heatSteps = 24;

QString translated(const char* text)
{
    return QCoreApplication::translate("GraphColouring", text);
}

QString toQString(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

bool takesPart(const scene::Box& box)
{
    return !isPill(box);
}

// The first parts of a path, so many.
std::string_view prefixOf(std::string_view path, int parts)
{
    std::size_t end = 0;
    for (int i = 0; i < parts; ++i) {
        end = path.find('.', end);
        if (end == std::string_view::npos)
            return path;
        ++end;
    }
    return path.substr(0, end - 1);
}

QString timeText(double nanoseconds)
{
    const double milliseconds = nanoseconds / 1e6;
    return milliseconds >= 1 ? translated("%1 ms").arg(milliseconds, 0, 'g', 3)
                             : translated("%1 \u00b5s").arg(nanoseconds / 1e3, 0, 'g', 3);
}

// From slate over amber to red; white text can be read on each.
QColor heatColour(double share)
{
    constexpr std::array<std::array<double, 3>, 4> stops = {
        {{74, 85, 104}, {122, 92, 60}, {168, 84, 22}, {190, 24, 32}}};
    const double place = std::clamp(share, 0.0, 1.0) * (stops.size() - 1);
    const auto low = std::min<std::size_t>(static_cast<std::size_t>(place), stops.size() - 2);
    const double rest = place - static_cast<double>(low);
    const auto channel = [&](std::size_t c) {
        return static_cast<int>(
            std::lround(stops.at(low).at(c) * (1 - rest) + stops.at(low + 1).at(c) * rest));
    };
    return {channel(0), channel(1), channel(2)};
}

} // namespace

Colouring::Colouring(const Picture& picture, const GraphStyle& style, GraphView::ColourBy colourBy,
                     const BoxTimes* times)
    : m_entries{{style.neutralHeader, {}}}, m_entryOf(picture.boxes.size(), 0)
{
    switch (colourBy) {
    case GraphView::ColourBy::OperatorClass:
        byClass(picture, style);
        break;
    case GraphView::ColourBy::Module:
        byModule(picture, style);
        break;
    case GraphView::ColourBy::Type:
        byType(picture, style);
        break;
    case GraphView::ColourBy::Device:
        byDevice(picture, style);
        break;
    case GraphView::ColourBy::Time:
        byTime(picture, style, times);
        break;
    case GraphView::ColourBy::Nothing:
        break;
    }
    if (m_legend.size() > longestLegend) {
        const auto hidden = static_cast<int>(m_legend.size() - longestLegend + 1);
        m_legend.resize(longestLegend - 1);
        m_legend.push_back({Qt::transparent, translated("%1 more").arg(hidden)});
    }
}

void Colouring::byClass(const Picture& picture, const GraphStyle& style)
{
    m_title = translated("Kind of operator");
    for (int c = 0; c < scene::operatorClassCount; ++c) {
        const auto operatorClass = static_cast<scene::OperatorClass>(c);
        m_entries.push_back(
            {style.classColour(operatorClass), toQString(scene::describe(operatorClass))});
    }
    std::vector<bool> seen(m_entries.size(), false);
    for (std::size_t i = 0; i < picture.boxes.size(); ++i) {
        const scene::Box& box = *picture.boxes[i].box;
        m_entryOf[i] = static_cast<Index>(static_cast<int>(box.operatorClass) + 1);
        if (takesPart(box) && box.operatorClass != scene::OperatorClass::Terminal)
            seen[m_entryOf[i]] = true;
    }
    for (std::size_t i = 1; i < m_entries.size(); ++i) {
        if (seen[i])
            m_legend.push_back(m_entries[i]);
    }
}

template <typename TextOf>
void Colouring::byText(const Picture& picture, const GraphStyle& style, TextOf textOf)
{
    std::map<std::string, Index, std::less<>> entries;
    for (std::size_t i = 0; i < picture.boxes.size(); ++i) {
        if (!takesPart(*picture.boxes[i].box))
            continue;
        const std::string text = textOf(*picture.boxes[i].box);
        if (text.empty())
            continue;
        auto found = entries.find(text);
        if (found == entries.end()) {
            constexpr std::size_t most = 250; // colours come again long before
            if (m_entries.size() > most)
                continue;
            const QColor colour = style.separateColour(m_entries.size() - 1);
            found = entries.emplace(text, static_cast<Index>(m_entries.size())).first;
            m_entries.push_back({colour, QString::fromStdString(text)});
        }
        m_entryOf[i] = found->second;
    }
    m_legend.assign(m_entries.begin() + 1, m_entries.end());
}

// By the outermost part of the paths in which the boxes differ: layer1, layer2, ... of a network,
// but encoder.layers.0, ... where all is in encoder.layers.
void Colouring::byModule(const Picture& picture, const GraphStyle& style)
{
    m_title = translated("Module");
    constexpr int deepest = 8;
    int parts = 1;
    for (; parts < deepest; ++parts) {
        std::string_view first;
        bool differ = false;
        for (const PictureBox& drawn : picture.boxes) {
            const std::string_view prefix = prefixOf(drawn.box->modulePath, parts);
            if (prefix.empty() || !takesPart(*drawn.box))
                continue;
            differ = differ || (!first.empty() && prefix != first);
            first = prefix;
        }
        if (differ || first.empty())
            break;
    }
    byText(picture, style,
           [parts](const scene::Box& box) { return std::string(prefixOf(box.modulePath, parts)); });
}

void Colouring::byType(const Picture& picture, const GraphStyle& style)
{
    m_title = translated("Type of the first output");
    byText(picture, style, [](const scene::Box& box) {
        return box.outputs.empty() ? std::string{} : scene::typeName(box.outputs.front().type);
    });
}

void Colouring::byDevice(const Picture& picture, const GraphStyle& style)
{
    m_title = translated("Device of the first output");
    byText(picture, style, [](const scene::Box& box) {
        return box.outputs.empty() ? std::string{} : scene::deviceOf(box.outputs.front().type);
    });
    if (m_legend.empty())
        m_legend.push_back({style.neutralHeader, translated("not known in this stage")});
}

void Colouring::byTime(const Picture& picture, const GraphStyle& style, const BoxTimes* times)
{
    m_title = translated("Time of the run");
    if (times == nullptr) {
        m_legend.push_back({style.neutralHeader, translated("no run is shown")});
        return;
    }
    std::vector<double> spent(picture.boxes.size(), 0);
    double longest = 0;
    for (std::size_t i = 0; i < picture.boxes.size(); ++i) {
        spent[i] = times->of(*picture.boxes[i].box);
        if (!picture.boxes[i].isOpen) // what is open is as long as all in it together
            longest = std::max(longest, spent[i]);
    }
    for (int step = 0; step <= heatSteps; ++step)
        m_entries.push_back({heatColour(static_cast<double>(step) / heatSteps), {}});
    for (std::size_t i = 0; i < picture.boxes.size(); ++i) {
        if (spent[i] <= 0 || longest <= 0)
            continue;
        // The root spreads the many short ones.
        const double share = std::sqrt(std::min(1.0, spent[i] / longest));
        m_entryOf[i] = static_cast<Index>(1 + std::lround(share * heatSteps));
    }
    for (const double share : {1.0, 0.5, 0.1, 0.01})
        m_legend.push_back({heatColour(std::sqrt(share)), timeText(longest * share)});
    m_legend.push_back({style.neutralHeader, translated("not executed")});
}

} // namespace jitscope::views
