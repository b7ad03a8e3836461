#include "core/search/query.h"

#include "core/search/fold_p.h"

#include <array>
#include <optional>
#include <utility>

namespace jitscope::search {

namespace {

constexpr std::array<std::pair<std::string_view, Field>, 11> fieldNames = {{
    {"kind", Field::Kind},
    {"op", Field::Kind},
    {"name", Field::Name},
    {"module", Field::Module},
    {"type", Field::Type},
    {"shape", Field::Type},
    {"file", Field::File},
    {"const", Field::Constant},
    {"constant", Field::Constant},
    {"text", Field::Text},
    {"source", Field::Text},
}};

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::optional<Field> fieldNamed(std::string_view name)
{
    for (const auto& [known, field] : fieldNames) {
        if (name == known)
            return field;
    }
    return std::nullopt;
}

// One word or phrase, and where the next one may begin.
Term takeTerm(std::string_view text, std::size_t& at)
{
    Term term;
    bool isQuoted = false;
    bool mayBeField = true;
    for (; at < text.size() && (isQuoted || !isSpace(text[at])); ++at) {
        const char c = text[at];
        if (c == '"') {
            isQuoted = !isQuoted;
            mayBeField = false;
            continue;
        }
        const bool isDouble = at + 1 < text.size() && text[at + 1] == ':';
        if (c == ':' && mayBeField && !isQuoted && !isDouble) {
            if (const auto field = fieldNamed(term.text)) {
                term = {*field, {}};
                mayBeField = false;
                continue;
            }
        }
        if (c == ':')
            mayBeField = false;
        term.text += lower(c);
    }
    return term;
}

} // namespace

Query parseQuery(std::string_view text)
{
    Query query;
    std::size_t at = 0;
    while (query.terms.size() < mostTerms) {
        while (at < text.size() && isSpace(text[at]))
            ++at;
        if (at == text.size())
            break;
        Term term = takeTerm(text, at);
        if (term.field != Field::Any || !term.text.empty())
            query.terms.push_back(std::move(term));
    }
    return query;
}

} // namespace jitscope::search
