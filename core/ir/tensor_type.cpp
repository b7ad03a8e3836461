#include "core/ir/tensor_type.h"

#include "core/support/trimmed.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace jitscope::ir {

namespace {

constexpr std::string_view unknownDtype = "Tensor";
constexpr std::string_view unknownSize = "*";
constexpr std::string_view deviceKey = "device=";

// c10::toString(ScalarType) of LibTorch 2.11.0.
constexpr std::array dtypes{
    std::string_view{"Tensor"},
    std::string_view{"Float"},
    std::string_view{"Double"},
    std::string_view{"Half"},
    std::string_view{"BFloat16"},
    std::string_view{"Long"},
    std::string_view{"Int"},
    std::string_view{"Short"},
    std::string_view{"Char"},
    std::string_view{"Byte"},
    std::string_view{"Bool"},
    std::string_view{"ComplexHalf"},
    std::string_view{"ComplexFloat"},
    std::string_view{"ComplexDouble"},
    std::string_view{"QInt8"},
    std::string_view{"QUInt8"},
    std::string_view{"QInt32"},
    std::string_view{"QUInt4x2"},
    std::string_view{"QUInt2x4"},
    std::string_view{"UInt16"},
    std::string_view{"UInt32"},
    std::string_view{"UInt64"},
    std::string_view{"Float8_e5m2"},
    std::string_view{"Float8_e4m3fn"},
    std::string_view{"Float8_e5m2fnuz"},
    std::string_view{"Float8_e4m3fnuz"},
    std::string_view{"Float8_e8m0fnu"},
    std::string_view{"Float4_e2m1fn_x2"},
};

bool isSize(std::string_view item)
{
    return item == unknownSize || item.starts_with("SS(") ||
           (!item.empty() && std::all_of(item.begin(), item.end(),
                                         [](unsigned char c) { return std::isdigit(c) != 0; }));
}

// Up to the next comma that stands in no bracket; takes it from `rest`.
std::string_view nextItem(std::string_view& rest)
{
    int depth = 0;
    std::size_t end = 0;
    for (; end < rest.size(); ++end) {
        const char c = rest[end];
        if (c == ',' && depth == 0)
            break;
        depth += c == '(' || c == '[' ? 1 : 0;
        depth -= c == ')' || c == ']' ? 1 : 0;
    }
    const std::string_view item = trimmed(rest.substr(0, end));
    rest = end < rest.size() ? rest.substr(end + 1) : std::string_view{};
    return item;
}

} // namespace

bool TensorType::isComplete() const
{
    return dtype != unknownDtype && sizes &&
           std::find(sizes->begin(), sizes->end(), unknownSize) == sizes->end();
}

std::optional<TensorType> tensorTypeOf(std::string_view printed)
{
    const std::size_t open = printed.find('(');
    const std::string_view name = printed.substr(0, open);
    if (std::find(dtypes.begin(), dtypes.end(), name) == dtypes.end())
        return std::nullopt;
    TensorType type{std::string(name), std::nullopt, {}};
    if (open == std::string_view::npos) {
        // "Float" alone is a class of that name, perhaps; only tensors are written with brackets.
        return name == unknownDtype ? std::optional(type) : std::nullopt;
    }
    if (!printed.ends_with(')'))
        return std::nullopt;
    std::string_view rest = printed.substr(open + 1, printed.size() - open - 2);
    type.sizes.emplace();
    while (!rest.empty()) {
        const std::string_view item = nextItem(rest);
        if (isSize(item))
            type.sizes->emplace_back(item);
        else if (item.starts_with(deviceKey))
            type.device = item.substr(deviceKey.size());
        else if (item.find('=') == std::string_view::npos)
            return std::nullopt;
    }
    return type;
}

TensorType common(const TensorType& a, const TensorType& b)
{
    TensorType both;
    both.dtype = a.dtype == b.dtype ? a.dtype : unknownDtype;
    both.device = a.device == b.device ? a.device : std::string();
    if (a.sizes && b.sizes && a.sizes->size() == b.sizes->size()) {
        both.sizes = a.sizes;
        for (std::size_t i = 0; i < both.sizes->size(); ++i) {
            if ((*a.sizes)[i] != (*b.sizes)[i])
                (*both.sizes)[i] = unknownSize;
        }
    }
    return both;
}

std::string toText(const TensorType& type)
{
    if (!type.sizes) // LibTorch, too, says nothing of a tensor of unknown rank
        return std::string(unknownDtype);
    std::string text = type.dtype + '(';
    std::string_view separator;
    for (const std::string& size : *type.sizes) {
        text += separator;
        text += size;
        separator = ", ";
    }
    if (!type.device.empty()) {
        text += separator;
        text += deviceKey;
        text += type.device;
    }
    return text + ')';
}

} // namespace jitscope::ir
