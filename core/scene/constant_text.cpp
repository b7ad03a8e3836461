#include "core/scene/constant_text.h"

#include <array>
#include <cctype>
#include <charconv>

namespace jitscope::scene {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isNameCharacter(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '%';
}

// Of the text in quotes that `text` begins with, the quotes included.
std::size_t quotedLength(std::string_view text)
{
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '\\')
            ++i;
        else if (text[i] == text.front())
            return i + 1;
    }
    return text.size();
}

// Of the number that `text` begins with; 0 if it begins with none.
std::size_t numberLength(std::string_view text)
{
    std::size_t i = !text.empty() && text.front() == '-' ? 1 : 0;
    if (i == text.size() || (!isDigit(text[i]) && text[i] != '.'))
        return 0;
    bool hasDigit = false;
    for (; i < text.size(); ++i) {
        const bool isSign = (text[i] == '+' || text[i] == '-') && i > 0 &&
                            (text[i - 1] == 'e' || text[i - 1] == 'E');
        const bool isExponent = (text[i] == 'e' || text[i] == 'E') && hasDigit;
        if (!isDigit(text[i]) && text[i] != '.' && !isSign && !isExponent)
            break;
        hasDigit = hasDigit || isDigit(text[i]);
    }
    return hasDigit ? i : 0;
}

std::string shortest(std::string_view number)
{
    if (number.find_first_of(".eE") == std::string_view::npos)
        return std::string(number); // an integer, which may be larger than a double tells apart
    double value = 0;
    const char* end = number.data() + number.size();
    const auto [stop, problem] = std::from_chars(number.data(), end, value);
    if (problem != std::errc() || stop != end)
        return std::string(number);
    std::array<char, 32> buffer{};
    const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
    std::string text(buffer.data(), written.ptr);
    if (text.find_first_of(".e") == std::string::npos)
        text += ".0";
    return text;
}

} // namespace

bool isBool(std::string_view type)
{
    while (type.ends_with("[]"))
        type.remove_suffix(2);
    return type == "bool" || type == "bool?";
}

std::string displayConstant(std::string_view text, std::string_view type)
{
    const bool hasBools = isBool(type);
    if (!hasBools && text.find_first_of(".eE") == std::string_view::npos)
        return std::string(text); // most are small integers
    std::string shown;
    bool isInName = false;
    for (std::size_t i = 0; i < text.size();) {
        const std::string_view rest = text.substr(i);
        std::size_t length = 1;
        if (rest.front() == '"' || rest.front() == '\'') {
            length = quotedLength(rest);
            shown += rest.substr(0, length);
        } else if (const std::size_t digits = isInName ? 0 : numberLength(rest); digits != 0) {
            length = digits;
            const std::string_view number = rest.substr(0, length);
            const bool isEnd =
                length == rest.size() || !isNameCharacter(rest[length]); // else "7zip", "1.5.x"
            shown += !isEnd                      ? std::string(number)
                     : hasBools && number == "1" ? "True"
                     : hasBools && number == "0" ? "False"
                                                 : shortest(number);
        } else {
            shown += rest.front();
        }
        i += length;
        isInName = isNameCharacter(text[i - 1]);
    }
    return shown;
}

std::string displayAttribute(const ir::Graph& graph, const ir::Node& node,
                             const ir::Attribute& attribute)
{
    const auto outputs = graph.outputsOf(node);
    const bool isConstant = graph.kind(node) == "prim::Constant" && outputs.size() == 1;
    return displayConstant(graph.text(attribute.text),
                           isConstant ? graph.text(graph.values[outputs[0]].type)
                                      : std::string_view{});
}

} // namespace jitscope::scene
