#include "profiler/record/input_spec.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>

namespace jitscope::record {

namespace {

constexpr std::array dtypes{"float32", "float64", "float16", "bfloat16",  "int64",      "int32",
                            "int16",   "int8",    "uint8",   "complex64", "complex128", "bool"};
constexpr std::int64_t mostElements = std::int64_t{1} << 36;
constexpr int deepest = 32; // lists in lists

std::string_view trim(std::string_view text)
{
    const auto isSpace = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
    while (!text.empty() && isSpace(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isSpace(text.back()))
        text.remove_suffix(1);
    return text;
}

template <typename Number>
std::optional<Number> wholeNumber(std::string_view text)
{
    Number number{};
    if (text.starts_with('+'))
        text.remove_prefix(1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

bool isDtype(std::string_view text)
{
    return std::find(dtypes.begin(), dtypes.end(), text) != dtypes.end();
}

tl::unexpected<Error> wrong(std::string_view text, std::string what)
{
    return fail(ErrorCode::InvalidArgument,
                fmt::format("The input specification '{}' {}.", text, what), {},
                std::string(inputSpecSyntax()));
}

std::optional<Fill> fillNamed(std::string_view text)
{
    if (text == "zeros")
        return Fill::Zeros;
    if (text == "ones")
        return Fill::Ones;
    if (text == "rand")
        return Fill::Uniform;
    if (text == "randn")
        return Fill::Normal;
    return std::nullopt;
}

std::vector<std::string_view> split(std::string_view text, char separator)
{
    std::vector<std::string_view> parts;
    while (true) {
        const auto at = text.find(separator);
        parts.push_back(trim(text.substr(0, at)));
        if (at == std::string_view::npos)
            return parts;
        text.remove_prefix(at + 1);
    }
}

// The items between the brackets; nothing when quotes or brackets do not match.
std::optional<std::vector<std::string_view>> items(std::string_view inside)
{
    std::vector<std::string_view> parts;
    int depth = 0;
    char quote = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < inside.size(); ++i) {
        const char c = inside[i];
        if (quote != 0) {
            if (c == quote)
                quote = 0;
        } else if (c == '\'' || c == '"') {
            quote = c;
        } else if (c == '[' || c == '(') {
            ++depth;
        } else if (c == ']' || c == ')') {
            if (--depth < 0)
                return std::nullopt;
        } else if (c == ',' && depth == 0) {
            parts.push_back(trim(inside.substr(begin, i - begin)));
            begin = i + 1;
        }
    }
    if (depth != 0 || quote != 0)
        return std::nullopt;
    if (const auto last = trim(inside.substr(begin)); !last.empty() || !parts.empty())
        parts.push_back(last);
    if (!parts.empty() && parts.back().empty())
        parts.pop_back(); // "(a,)"
    return parts;
}

Result<TensorSpec> parseTensor(std::string_view text)
{
    TensorSpec spec;
    std::vector<std::string_view> parts;
    // "float32[1,3]" is "float32:1x3".
    const auto bracket = text.find('[');
    std::string shapeInBrackets;
    if (bracket != std::string_view::npos) {
        const auto close = text.find(']', bracket);
        if (close == std::string_view::npos)
            return wrong(text, "lacks a closing bracket");
        shapeInBrackets = std::string(text.substr(bracket + 1, close - bracket - 1));
        std::replace(shapeInBrackets.begin(), shapeInBrackets.end(), ',', 'x');
        if (trim(shapeInBrackets).empty())
            shapeInBrackets = "scalar";
        parts = split(text.substr(0, bracket), ':');
        parts.push_back(shapeInBrackets);
        if (const auto rest = trim(text.substr(close + 1)); !rest.empty()) {
            if (rest.front() != ':')
                return wrong(text, fmt::format("has '{}' after the shape", rest));
            parts.push_back(rest.substr(1));
        }
    } else {
        parts = split(text, ':');
    }

    std::size_t at = 0;
    if (const auto fill = fillNamed(parts[at])) {
        spec.fill = *fill;
        ++at;
    }
    if (at < parts.size() && isDtype(parts[at])) {
        spec.dtype = std::string(parts[at]);
        ++at;
    } else if (at + 1 < parts.size() && parts[at].find_first_of("0123456789") != 0) {
        return wrong(text, fmt::format("names the unknown dtype '{}'; known are {}", parts[at],
                                       fmt::join(dtypes, ", ")));
    }
    if (at == parts.size())
        return wrong(text, "has no shape");
    std::int64_t elements = 1;
    if (parts[at] != "scalar") {
        for (const std::string_view side : split(parts[at], 'x')) {
            const auto size = wholeNumber<std::int64_t>(side);
            if (!size || *size < 0)
                return wrong(text, fmt::format("has '{}' where a size should be", side));
            if (*size != 0 && elements > mostElements / *size)
                return wrong(text, "is too large");
            elements *= *size;
            spec.shape.push_back(*size);
        }
    }
    if (++at < parts.size()) {
        const auto dots = parts[at].find("..");
        const auto low = wholeNumber<std::int64_t>(trim(parts[at].substr(0, dots)));
        const auto high = dots == std::string_view::npos
                              ? std::nullopt
                              : wholeNumber<std::int64_t>(trim(parts[at].substr(dots + 2)));
        if (!low || !high || *low >= *high)
            return wrong(
                text, fmt::format("has '{}' where a range such as 0..1000 should be", parts[at]));
        spec.range = {*low, *high};
        if (++at < parts.size())
            return wrong(text, fmt::format("goes on with '{}' after the range", parts[at]));
    }
    return spec;
}

Result<InputSpec> parse(std::string_view whole, int depth)
{
    const std::string_view text = trim(whole);
    if (text.empty())
        return wrong(whole, "is empty");
    if (depth > deepest)
        return wrong(whole, "is nested too deeply");
    const char open = text.front();
    if (open == '[' || open == '(') {
        const char close = open == '[' ? ']' : ')';
        const auto parts = text.back() == close && text.size() > 1
                               ? items(text.substr(1, text.size() - 2))
                               : std::nullopt;
        if (!parts)
            return wrong(text, "has brackets or quotes that do not match");
        std::vector<InputSpec> parsed;
        for (const std::string_view part : *parts) {
            auto item = parse(part, depth + 1);
            if (!item)
                return item;
            parsed.push_back(*std::move(item));
        }
        if (open == '[')
            return InputSpec{ListSpec{std::move(parsed)}};
        return InputSpec{TupleSpec{std::move(parsed)}};
    }
    if (open == '\'' || open == '"') {
        if (text.size() < 2 || text.find(open, 1) != text.size() - 1)
            return wrong(text, "has quotes that do not match");
        return InputSpec{std::string(text.substr(1, text.size() - 2))};
    }
    if (text == "true" || text == "True")
        return InputSpec{true};
    if (text == "false" || text == "False")
        return InputSpec{false};
    if (text == "none" || text == "None")
        return InputSpec{};
    if (text.ends_with(".pt") || text.ends_with(".pth") || text.ends_with(".npy"))
        return InputSpec{FileSpec{std::string(text)}};
    if (const auto number = wholeNumber<std::int64_t>(text))
        return InputSpec{*number};
    if (const auto number = wholeNumber<double>(text))
        return InputSpec{*number};
    auto tensor = parseTensor(text);
    if (!tensor)
        return tl::unexpected(tensor.error());
    return InputSpec{*std::move(tensor)};
}

struct Printer
{
    std::string operator()(std::monostate) const { return "none"; }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
    std::string operator()(double value) const
    {
        // A whole double keeps its point, which makes it a double again.
        const std::string text = fmt::format("{}", value);
        return std::isfinite(value) && text.find_first_of(".e") == std::string::npos ? text + ".0"
                                                                                     : text;
    }
    std::string operator()(const std::string& value) const
    {
        const char quote = value.find('\'') == std::string::npos ? '\'' : '"';
        return fmt::format("{}{}{}", quote, value, quote);
    }
    std::string operator()(const TensorSpec& spec) const
    {
        constexpr std::array names{"", "zeros:", "ones:", "rand:", "randn:"};
        std::string text = names.at(static_cast<std::size_t>(spec.fill));
        text += spec.dtype + ":";
        text += spec.shape.empty() ? "scalar" : fmt::format("{}", fmt::join(spec.shape, "x"));
        if (spec.range)
            text += fmt::format(":{}..{}", spec.range->first, spec.range->second);
        return text;
    }
    std::string operator()(const FileSpec& spec) const { return spec.path; }
    std::string operator()(const ListSpec& spec) const { return "[" + joined(spec.items) + "]"; }
    std::string operator()(const TupleSpec& spec) const
    {
        return "(" + joined(spec.items) + (spec.items.size() == 1 ? ",)" : ")");
    }
    static std::string joined(const std::vector<InputSpec>& items)
    {
        std::string text;
        for (const InputSpec& item : items)
            text += (text.empty() ? "" : ", ") + print(item);
        return text;
    }
};

} // namespace

Result<InputSpec> parseInputSpec(std::string_view text)
{
    return parse(text, 0);
}

std::string print(const InputSpec& spec)
{
    return std::visit(Printer{}, spec.value);
}

std::string_view inputSpecSyntax()
{
    return "Write a shape (1x3x224x224), a dtype and shape (float32:1x3x224x224), integers in a "
           "range (int64:8:0..1000), ones:, zeros:, rand: or randn: before those, a number, true, "
           "false, none, 'text', [a, b] for a list, (a, b) for a tuple, or a file (x.npy, x.pt).";
}

} // namespace jitscope::record
