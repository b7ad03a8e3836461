#include "core/scene/schema_text.h"

#include "core/ir/tensor_type.h"
#include "core/scene/constant_text.h"
#include "core/support/trimmed.h"

#include <algorithm>
#include <cctype>

namespace jitscope::scene {

namespace {

bool isNameCharacter(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

SchemaArgument argument(std::string_view text)
{
    SchemaArgument result;
    int depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '[' || text[i] == '(')
            ++depth;
        else if (text[i] == ']' || text[i] == ')')
            --depth;
        else if (text[i] == '=' && depth == 0) {
            result.defaultValue = trimmed(text.substr(i + 1));
            text = trimmed(text.substr(0, i));
            break;
        }
    }
    std::size_t begin = text.size();
    while (begin > 0 && isNameCharacter(text[begin - 1]))
        --begin;
    if (begin > 0 && text[begin - 1] == ' ')
        result.name = text.substr(begin);
    return result;
}

// Calls visit(text) for each argument between the outer brackets, "*" left out. False for a text
// that is no schema; `end` is where the brackets close.
template <typename Visit>
bool eachArgument(std::string_view schema, std::size_t& end, const Visit& visit)
{
    const std::size_t open = schema.find('(');
    if (open == std::string_view::npos)
        return false;
    int depth = 0;
    std::size_t begin = open + 1;
    for (std::size_t i = open + 1; i < schema.size(); ++i) {
        const char c = schema[i];
        if (c == '(' || c == '[') {
            ++depth;
        } else if (depth > 0 && (c == ')' || c == ']')) {
            --depth;
        } else if (depth == 0 && (c == ',' || c == ')')) {
            const std::string_view text = trimmed(schema.substr(begin, i - begin));
            if (!text.empty() && text != "*")
                visit(text);
            begin = i + 1;
            end = i;
            if (c == ')')
                return true;
        }
    }
    return false;
}

// Of "Tensor(a!) self" or "t[](a!)": what stands in the brackets of the type; a set that may become
// another, "(c -> *)", is none.
std::string aliasOf(std::string_view text)
{
    const std::size_t open = text.find('(');
    if (open == std::string_view::npos || text.substr(0, open).find(' ') != std::string_view::npos)
        return {};
    const std::string_view set = text.substr(open + 1, text.find(')', open) - open - 1);
    const bool isSet = !set.empty() && std::isalpha(static_cast<unsigned char>(set[0])) != 0 &&
                       (set.size() == 1 || set.substr(1) == "!");
    return isSet ? std::string(set) : std::string();
}

} // namespace

std::vector<SchemaArgument> argumentsOf(std::string_view schema)
{
    std::vector<SchemaArgument> arguments;
    std::size_t end = 0;
    if (!eachArgument(schema, end,
                      [&](std::string_view text) { arguments.push_back(argument(text)); }))
        return {};
    return arguments;
}

AliasText aliasesOf(std::string_view schema)
{
    AliasText aliases;
    std::size_t end = 0;
    if (!eachArgument(schema, end,
                      [&](std::string_view text) { aliases.arguments.push_back(aliasOf(text)); }))
        return {};
    constexpr std::string_view arrow = " -> ";
    const std::string_view rest = schema.substr(end + 1);
    if (rest.starts_with(arrow))
        aliases.result = aliasOf(rest.substr(arrow.size()));
    return aliases;
}

bool isDefault(std::string_view value, std::string_view defaultValue)
{
    const auto normal = [](std::string_view text) {
        std::string result;
        for (const char c : displayConstant(text)) {
            if (c != ' ')
                result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        }
        if (result.ends_with(".0"))
            result.resize(result.size() - 2);
        if (result == "true" || result == "false")
            result = result == "true" ? "1" : "0";
        return result;
    };
    const std::string left = normal(value);
    const std::string right = normal(defaultValue);
    if (right.empty())
        return false;
    if (left == right)
        return true;
    if (left.size() < 2 || left.front() != '[' || left.back() != ']')
        return false;
    std::string_view items(left);
    items = items.substr(1, items.size() - 2);
    while (!items.empty()) {
        const std::size_t comma = items.find(',');
        if (normal(items.substr(0, comma)) != right)
            return false;
        items = comma == std::string_view::npos ? std::string_view{} : items.substr(comma + 1);
    }
    return left != "[]";
}

std::string shortType(std::string_view type)
{
    const std::optional<ir::TensorType> tensor = ir::tensorTypeOf(type);
    if (!tensor || !tensor->sizes)
        return {};
    std::string sizes;
    for (const std::string& size : *tensor->sizes) {
        sizes += sizes.empty() ? "" : "\u00d7";
        sizes += size == "*" ? "?" : size;
    }
    std::string name = tensor->dtype;
    if (name == "Tensor")
        return sizes;
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return name + ' ' + (sizes.empty() ? "scalar" : sizes);
}

std::string typeName(std::string_view type)
{
    static constexpr std::pair<std::string_view, std::string_view> elements[] = {
        {"Float", "float32"},
        {"Double", "float64"},
        {"Half", "float16"},
        {"BFloat16", "bfloat16"},
        {"Long", "int64"},
        {"Int", "int32"},
        {"Short", "int16"},
        {"Char", "int8"},
        {"Byte", "uint8"},
        {"Bool", "bool tensor"},
        {"ComplexFloat", "complex64"},
        {"ComplexDouble", "complex128"},
        {"ComplexHalf", "complex32"},
        {"QInt8", "qint8"},
        {"QUInt8", "quint8"},
        {"QInt32", "qint32"},
        {"Float8_e4m3fn", "float8"},
        {"Float8_e5m2", "float8"}};
    if (type.ends_with("[]"))
        return "List";
    if (type.ends_with('?'))
        return "Optional";
    const std::string_view name = type.substr(0, type.find_first_of("(["));
    for (const auto& [printed, element] : elements) {
        if (name == printed)
            return std::string(element);
    }
    const std::size_t dot = name.rfind('.'); // of a class
    return std::string(dot == std::string_view::npos ? name : name.substr(dot + 1));
}

std::string deviceOf(std::string_view type)
{
    const std::optional<ir::TensorType> tensor = ir::tensorTypeOf(type);
    return tensor ? tensor->device : std::string();
}

} // namespace jitscope::scene
