#include "core/torchscript/constant_text_p.h"

#include "core/torchscript/utf8_p.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/ir/ir.h>

#include <algorithm>
#include <iomanip>
#include <limits>
#include <sstream>

namespace jitscope::torchscript {

namespace {

constexpr std::size_t longestText = 4000;   // of one attribute
constexpr std::int64_t longestPreview = 8;  // elements
constexpr std::int64_t longestPrinted = 10; // LibTorch's own limit for tensors in printed graphs
constexpr std::int64_t largestForStatistics = 1 << 20; // elements: about a millisecond

std::string element(const at::Tensor& scalar)
{
    const c10::Scalar value = scalar.item();
    std::ostringstream out;
    out << std::setprecision(6);
    if (value.isBoolean())
        out << (value.toBool() ? "true" : "false");
    else if (value.isComplex())
        out << value.toComplexDouble().real() << "+" << value.toComplexDouble().imag() << "j";
    else if (value.isFloatingPoint())
        out << value.toDouble();
    else
        out << value.toLong();
    return out.str();
}

void addValues(TensorSummary& summary, const at::Tensor& tensor)
{
    if (tensor.numel() == 0 || tensor.layout() != c10::kStrided ||
        tensor.device().type() == c10::kMeta)
        return;
    if (!tensor.is_contiguous() && tensor.numel() > largestForStatistics)
        return;
    const at::Tensor flat = (tensor.is_quantized() ? tensor.dequantize() : tensor).reshape({-1});
    const std::int64_t shown = std::min(flat.numel(), longestPreview);
    std::string preview = "[";
    for (std::int64_t i = 0; i < shown; ++i)
        preview += (i == 0 ? "" : ", ") + element(flat[i]);
    summary.preview = preview + (shown < flat.numel() ? ", ...]" : "]");
    if (flat.numel() > largestForStatistics || flat.is_complex())
        return;
    const at::Tensor numbers = flat.to(c10::kDouble);
    const auto [minimum, maximum] = at::aminmax(numbers);
    summary.minimum = minimum.item<double>();
    summary.maximum = maximum.item<double>();
    summary.mean = numbers.mean().item<double>();
    summary.hasStatistics = true;
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
        const at::NoGradGuard noGrad;
        summary.shape = tensor.sizes().vec();
        addValues(summary, tensor);
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
        const at::NoGradGuard noGrad;
        if (tensor.layout() != c10::kStrided || tensor.numel() > longestPrinted)
            return "<Tensor>";
        if (tensor.numel() == 1)
            return "{" + element(tensor.reshape({})) + "}";
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
