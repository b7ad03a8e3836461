#include "core/archive/object_list_p.h"

namespace jitscope::archive {

std::optional<std::uint32_t> LiteObjectList::indexOf(std::uint32_t id, std::string_view type,
                                                     std::string_view name, std::uint32_t parent)
{
    if (!type.starts_with("__torch__.") || type.starts_with("__torch__.torch.classes."))
        return std::nullopt;
    const auto [found, isNew] = m_indexes.emplace(id, static_cast<std::uint32_t>(m_objects.size()));
    if (isNew) {
        // The path around it may be long: it is copied for what is new only.
        std::string path = parent < m_objects.size() ? m_objects[parent].path : std::string();
        path += path.empty() ? "" : ".";
        LiteObject added;
        added.path = m_texts.take(path.append(name));
        added.type = m_texts.take(type);
        added.parent = parent;
        m_objects.push_back(std::move(added));
        m_ids.push_back(id);
    }
    return found->second;
}

void LiteObjectList::addAttribute(std::uint32_t index, std::string_view name,
                                  const BytecodeConstant& value, std::uint32_t id,
                                  std::string_view type)
{
    LiteObject::Attribute attribute;
    attribute.name = m_texts.take(name);
    attribute.type = m_texts.take(value.type);
    attribute.text = m_texts.take(value.text);
    attribute.object = indexOf(id, type, attribute.name, index);
    if (attribute.name == "training")
        m_objects[index].isModule = true;
    m_objects[index].attributes.push_back(std::move(attribute));
}

} // namespace jitscope::archive
