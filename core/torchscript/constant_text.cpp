#include "core/torchscript/constant_text_p.h"

#include "core/support/utf8.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/ir/ir.h>

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <limits>
#include <sstream>
#include <type_traits>

namespace jitscope::torchscript {

namespace {

constexpr std::size_t longestText = 4000;   // of one attribute
constexpr std::int64_t longestPreview = 8;  // elements
constexpr std::int64_t longestPrinted = 10; // LibTorch's own limit for tensors in printed graphs
constexpr std::int64_t largestForStatistics = 1 << 20; // elements: about a millisecond

template <typename T>
std::string shown(T value)
{
    std::ostringstream out;
    if constexpr (std::is_same_v<T, bool>)
        out << (value ? "true" : "false");
    else if constexpr (std::is_integral_v<T>)
        out << static_cast<std::int64_t>(value);
    else
        out << std::setprecision(6) << static_cast<double>(value);
    return out.str();
}

// The elements are read here and not by operators of LibTorch: the first operator that a process
// runs takes a tenth of a second, and a model is opened without running any.
template <typename T>
void addElements(TensorSummary& summary, const T* elements, std::int64_t count)
{
    const std::int64_t listed = std::min(count, longestPreview);
    std::string preview;
    for (std::int64_t i = 0; i < listed; ++i)
        preview += (i == 0 ? "" : ", ") + shown(elements[i]);
    const bool isNumber = summary.shape.empty() && count == 1; // no list of one
    summary.preview = isNumber ? preview : "[" + preview + (listed < count ? ", ...]" : "]");
    if (count > largestForStatistics)
        return;
    double minimum = std::numeric_limits<double>::infinity();
    double maximum = -minimum;
    double sum = 0;
    for (std::int64_t i = 0; i < count; ++i) {
        const auto value = static_cast<double>(elements[i]);
        minimum = std::min(minimum, value);
        maximum = std::max(maximum, value);
        sum += value;
    }
    summary.mean = sum / static_cast<double>(count);
    summary.minimum = minimum;
    summary.maximum = maximum;
    // With a NaN among them there is no smallest and no mean.
    summary.hasStatistics = std::isfinite(summary.mean);
}

// Calls `use` with the elements as what they are; not at all for types without plain elements.
template <typename Use>
void withElements(const at::Tensor& tensor, Use use)
{
    if (tensor.numel() == 0 || tensor.layout() != c10::kStrided ||
        tensor.device().type() != c10::kCPU || !tensor.is_contiguous() || tensor.is_conj() ||
        tensor.is_neg())
        return;
    const void* data = tensor.const_data_ptr();
    switch (tensor.scalar_type()) {
    case c10::kFloat:
        return use(static_cast<const float*>(data));
    case c10::kDouble:
        return use(static_cast<const double*>(data));
    case c10::kHalf:
        return use(static_cast<const c10::Half*>(data));
    case c10::kBFloat16:
        return use(static_cast<const c10::BFloat16*>(data));
    case c10::kLong:
        return use(static_cast<const std::int64_t*>(data));
    case c10::kInt:
        return use(static_cast<const std::int32_t*>(data));
    case c10::kShort:
        return use(static_cast<const std::int16_t*>(data));
    case c10::kChar:
        return use(static_cast<const std::int8_t*>(data));
    case c10::kByte:
        return use(static_cast<const std::uint8_t*>(data));
    case c10::kBool:
        return use(static_cast<const bool*>(data));
    default:
        return;
    }
}

bool format(std::ostream& out, const c10::IValue& value)
{
    if (value.isTensor()) {
        out << text(value.toTensor());
        return true;
    }
    if (value.isTensorList()) {
        out << "[<Tensors>]";
        return true;
    }
    if (value.isObject() && !value.type()->is_module()) {
        // LibTorch prints the object's address here.
        const auto name = value.toObjectRef().type()->name();
        out << "object of " << (name ? name->qualifiedName() : std::string("a class"));
        return true;
    }
    if (value.isCapsule() || value.isPyObject()) {
        out << "<" << value.tagKind() << ">";
        return true;
    }
    return false;
}

} // namespace

TensorSummary summarize(const at::Tensor& tensor)
{
    TensorSummary summary;
    if (!tensor.defined()) {
        summary.dtype = "Undefined";
        return summary;
    }
    try {
        summary.dtype = c10::toString(tensor.scalar_type());
        summary.device = tensor.device().str();
        summary.shape = tensor.sizes().vec();
        withElements(tensor,
                     [&](const auto* elements) { addElements(summary, elements, tensor.numel()); });
    } catch (...) {
        // Layouts without elements to look at, such as those of oneDNN: the type is all there is to
        // say.
        summary.hasStatistics = false;
    }
    return summary;
}

std::string text(const at::Tensor& tensor)
{
    if (!tensor.defined())
        return "<Undefined>";
    try {
        if (tensor.layout() != c10::kStrided || tensor.numel() > longestPrinted)
            return "<Tensor>";
        if (tensor.numel() == 1) {
            std::string single;
            withElements(tensor,
                         [&](const auto* elements) { single = "{" + shown(*elements) + "}"; });
            if (!single.empty())
                return single;
        }
        const at::NoGradGuard noGrad;
        std::ostringstream out;
        out << tensor;
        std::string printed = out.str();
        std::replace(printed.begin(), printed.end(), '\n', ' ');
        return printed;
    } catch (...) {
        return "<Tensor>";
    }
}

std::string text(const c10::IValue& value)
{
    try {
        std::ostringstream out;
        value.repr(out, format);
        return out.str();
    } catch (...) {
        return "<" + value.tagKind() + ">";
    }
}

std::string text(double number)
{
    return text(c10::IValue(number));
}

std::string quoted(const std::string& string)
{
    return text(c10::IValue(string));
}

std::string shortened(std::string text)
{
    if (text.size() <= longestText)
        return toUtf8(text);
    std::size_t end = longestText;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
        --end;
    text.resize(end);
    return toUtf8(text) + "...";
}

} // namespace jitscope::torchscript
