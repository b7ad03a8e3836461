// Decides which terms of a query a text has. Bits stand for terms, in the order of the query.
// Private to core/search.
#pragma once

#include "core/search/query.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jitscope::search {

using TermBits = std::uint32_t;

// True when `text` has `lowered` in it; upper and lower case of ASCII are the same. `lowered` is in
// lower case already.
[[nodiscard]] bool containsFolded(std::string_view text, std::string_view lowered);

// "1x64", "1×64×?" or "[1, 64]" as "1,64,*" would be: digits and commas; empty for a text that is
// no shape of two sizes or more.
[[nodiscard]] std::string shapeOf(std::string_view text);

// True when the sizes follow one another in a type or a list: "1,64" in "Float(1, 64, 112)", not in
// "Float(21, 64)".
[[nodiscard]] bool containsShape(std::string_view text, std::string_view shape);

class TermMatch
{
public:
    explicit TermMatch(const Query& query);

    // All terms of the query.
    [[nodiscard]] TermBits all() const { return m_all; }
    // Those that a text of this field may have: of the field, or of any.
    [[nodiscard]] TermBits of(Field field) const
    {
        return m_ofField[static_cast<std::size_t>(field)];
    }
    // Those that name the field.
    [[nodiscard]] TermBits only(Field field) const
    {
        return of(field) & ~m_ofField[static_cast<std::size_t>(Field::Any)];
    }

    // Terms whose text (or shape) is in a text, whatever their field.
    [[nodiscard]] TermBits in(std::string_view text) const;
    // The same for sizes that are no text.
    [[nodiscard]] TermBits inShape(std::span<const std::int64_t> sizes) const;
    // Terms that a place in a file has. Words without a field name a file only when they look like
    // one: every node lies in some file, and "models" is in the path of most.
    [[nodiscard]] TermBits inFile(std::string_view file) const;
    // Of those, the ones that agree with a line.
    [[nodiscard]] TermBits onLine(std::uint32_t line) const;
    [[nodiscard]] bool looksAtFiles() const { return m_ofFiles != 0; }

private:
    struct FileTerm
    {
        std::string name;       // without the line
        std::uint32_t line = 0; // 0: any
    };

    std::vector<Term> m_terms;
    std::vector<std::string> m_shapes; // by term; empty for none
    std::vector<FileTerm> m_files;     // by term
    TermBits m_all = 0;
    TermBits m_ofField[8] = {};
    TermBits m_ofFiles = 0;
    bool m_hasShapes = false;
};

} // namespace jitscope::search
