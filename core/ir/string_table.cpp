#include "core/ir/string_table.h"

namespace jitscope::ir {

StringTable::StringTable()
{
    intern({});
}

StringTable::StringTable(const StringTable& other)
{
    for (const std::string& text : other.m_strings)
        intern(text);
}

StringTable& StringTable::operator=(const StringTable& other)
{
    if (this != &other)
        *this = StringTable(other);
    return *this;
}

StringId StringTable::intern(std::string_view text)
{
    if (const auto found = m_index.find(text); found != m_index.end())
        return found->second;
    const auto id = static_cast<StringId>(m_strings.size());
    m_strings.emplace_back(text);
    m_index.emplace(m_strings.back(), id);
    return id;
}

std::string_view StringTable::at(StringId id) const
{
    return id < m_strings.size() ? std::string_view(m_strings[id]) : std::string_view();
}

StringId StringTable::find(std::string_view text) const
{
    const auto found = m_index.find(text);
    return found == m_index.end() ? 0 : found->second;
}

} // namespace jitscope::ir
