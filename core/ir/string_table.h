// Interned strings of one graph or program. Id 0 is the empty string.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace jitscope::ir {

using StringId = std::uint32_t;

class StringTable
{
public:
    StringTable();
    StringTable(const StringTable& other);
    StringTable& operator=(const StringTable& other);
    StringTable(StringTable&&) noexcept = default;
    StringTable& operator=(StringTable&&) noexcept = default;
    ~StringTable() = default;

    StringId intern(std::string_view text);
    // Valid as long as the table lives. An id out of range gives the empty string.
    [[nodiscard]] std::string_view at(StringId id) const;
    [[nodiscard]] std::size_t size() const { return m_strings.size(); }
    // The id of a text that is already interned, or 0.
    [[nodiscard]] StringId find(std::string_view text) const;

private:
    std::deque<std::string> m_strings; // a deque: views into its elements stay valid
    std::unordered_map<std::string_view, StringId> m_index;
};

} // namespace jitscope::ir
