// The objects of a lite-interpreter file, as a reader of either form finds them. Private to
// core/archive.
#pragma once

#include "core/archive/bytecode.h"
#include "core/archive/text_budget_p.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace jitscope::archive {

// Each object once, by the first way to it. An id is what the file calls a value.
class LiteObjectList
{
public:
    explicit LiteObjectList(TextBudget texts) : m_texts(texts) {}

    // The number of the object, which is added if it is new; nothing for what is none or whose
    // class is not the model's own. `type` is the class, empty for what is no object; `name` that
    // of the attribute of `parent` that it is, both empty and 0 for the first one.
    std::optional<std::uint32_t> indexOf(std::uint32_t id, std::string_view type,
                                         std::string_view name, std::uint32_t parent);
    // An attribute of object `index` with a value, which may be an object of class `type`.
    void addAttribute(std::uint32_t index, std::string_view name, const BytecodeConstant& value,
                      std::uint32_t id, std::string_view type);

    // Objects may be added while somebody counts through them.
    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(m_ids.size()); }
    [[nodiscard]] std::uint32_t id(std::uint32_t index) const { return m_ids[index]; }
    [[nodiscard]] bool hasRoom() const { return m_texts.hasRoom(); } // for more attributes
    [[nodiscard]] std::vector<LiteObject> take() { return std::move(m_objects); }

private:
    TextBudget m_texts;
    std::vector<LiteObject> m_objects;
    std::vector<std::uint32_t> m_ids; // of the objects
    std::unordered_map<std::uint32_t, std::uint32_t> m_indexes;
};

} // namespace jitscope::archive
