#include "core/support/markup.h"

#include "core/support/utf8.h"

namespace jitscope {

namespace {

bool isAllowed(char32_t c)
{
    if (c < 0x20)
        return c == U'\t' || c == U'\n';
    return c != 0x7F && (c < 0x80 || c > 0x9F) && c != 0xFFFE && c != 0xFFFF;
}

} // namespace

std::string escapedMarkup(std::string_view text)
{
    std::string escaped;
    escaped.reserve(text.size());
    while (!text.empty()) {
        const CodePoint point = firstCodePoint(text);
        if (!point.isValid || !isAllowed(point.value)) {
            escaped += "\xEF\xBF\xBD";
        } else {
            switch (point.value) {
            case U'<':
                escaped += "&lt;";
                break;
            case U'>':
                escaped += "&gt;";
                break;
            case U'&':
                escaped += "&amp;";
                break;
            case U'"':
                escaped += "&quot;";
                break;
            case U'\'':
                escaped += "&#39;";
                break;
            default:
                escaped += text.substr(0, point.length);
            }
        }
        text.remove_prefix(point.length);
    }
    return escaped;
}

std::string quotedForDot(std::string_view text)
{
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            result += '\\';
        if (c == '\n')
            result += "\\n";
        else
            result += c;
    }
    return result + '"';
}

} // namespace jitscope
