#include "profiler/record/outputs_p.h"

#include "core/torchscript/constant_text_p.h"

#include <ATen/Functions.h>
#include <ATen/core/Tensor.h>

#include <algorithm>
#include <cstring>

namespace jitscope::record {

namespace {

constexpr std::size_t mostItems = 8; // of a list in a description

bool equalTensors(const at::Tensor& a, const at::Tensor& b)
{
    if (!a.defined() || !b.defined())
        return a.defined() == b.defined();
    if (a.scalar_type() != b.scalar_type() || a.layout() != b.layout() ||
        a.device() != b.device() || a.sizes() != b.sizes())
        return false;
    if (a.layout() == c10::kSparse) {
        const at::Tensor x = a.coalesce();
        const at::Tensor y = b.coalesce();
        return equalTensors(x.indices(), y.indices()) && equalTensors(x.values(), y.values());
    }
    if (a.is_quantized())
        return a.qscheme() == b.qscheme() && at::equal(a, b);
    if (a.layout() != c10::kStrided || a.is_mkldnn())
        return equalTensors(a.to_dense(), b.to_dense());
    if (a.strides() != b.strides())
        return false;
    const at::Tensor x = a.resolve_conj().resolve_neg().cpu().contiguous();
    const at::Tensor y = b.resolve_conj().resolve_neg().cpu().contiguous();
    return x.nbytes() == 0 || std::memcmp(x.const_data_ptr(), y.const_data_ptr(), x.nbytes()) == 0;
}

std::string dtypeName(const at::Tensor& tensor)
{
    switch (tensor.scalar_type()) {
    case c10::ScalarType::Float:
        return "float32";
    case c10::ScalarType::Double:
        return "float64";
    case c10::ScalarType::Half:
        return "float16";
    case c10::ScalarType::BFloat16:
        return "bfloat16";
    case c10::ScalarType::Long:
        return "int64";
    case c10::ScalarType::Int:
        return "int32";
    case c10::ScalarType::Short:
        return "int16";
    case c10::ScalarType::Char:
        return "int8";
    case c10::ScalarType::Byte:
        return "uint8";
    case c10::ScalarType::Bool:
        return "bool";
    default:
        return c10::toString(tensor.scalar_type());
    }
}

std::string describeTensor(const at::Tensor& tensor)
{
    if (!tensor.defined())
        return "Tensor (undefined)";
    const std::string device = tensor.is_cpu() ? "" : " on " + tensor.device().str();
    std::string shape;
    for (const std::int64_t size : tensor.sizes())
        shape += (shape.empty() ? "" : ", ") + std::to_string(size);
    return "Tensor " + dtypeName(tensor) + " [" + shape + "]" + device;
}

template <typename Items>
std::string describeItems(const Items& items, std::size_t count)
{
    std::string text;
    std::size_t i = 0;
    for (const auto& item : items) {
        if (i == mostItems) {
            text += ", ... " + std::to_string(count) + " in all";
            break;
        }
        text += (i++ == 0 ? "" : ", ") + describe(item);
    }
    return text;
}

} // namespace

bool equalToTheBit(const c10::IValue& a, const c10::IValue& b)
{
    if (a.isTensor() && b.isTensor())
        return equalTensors(a.toTensor(), b.toTensor());
    if (a.isTuple() && b.isTuple()) {
        const auto& x = a.toTupleRef().elements();
        const auto& y = b.toTupleRef().elements();
        if (x.size() != y.size())
            return false;
        for (std::size_t i = 0; i < x.size(); ++i) {
            if (!equalToTheBit(x[i], y[i]))
                return false;
        }
        return true;
    }
    if (a.isList() && b.isList()) {
        const auto x = a.toListRef();
        const auto y = b.toListRef();
        return std::equal(x.begin(), x.end(), y.begin(), y.end(), equalToTheBit);
    }
    if (a.isGenericDict() && b.isGenericDict()) {
        const auto x = a.toGenericDict();
        const auto y = b.toGenericDict();
        if (x.size() != y.size())
            return false;
        auto i = x.begin();
        auto j = y.begin();
        for (; i != x.end(); ++i, ++j) {
            if (!equalToTheBit(i->key(), j->key()) || !equalToTheBit(i->value(), j->value()))
                return false;
        }
        return true;
    }
    if (a.isDouble() && b.isDouble()) {
        const double x = a.toDouble();
        const double y = b.toDouble();
        return std::memcmp(&x, &y, sizeof x) == 0;
    }
    if (a.isObject() && b.isObject()) {
        const auto& x = a.toObjectRef().slots();
        const auto& y = b.toObjectRef().slots();
        return x.size() == y.size() && std::equal(x.begin(), x.end(), y.begin(), equalToTheBit);
    }
    return a == b;
}

std::string describe(const c10::IValue& value)
{
    if (value.isTensor())
        return describeTensor(value.toTensor());
    if (value.isTuple()) {
        const auto& items = value.toTupleRef().elements();
        return "(" + describeItems(items, items.size()) + ")";
    }
    if (value.isList()) {
        const auto items = value.toListRef();
        return "[" + describeItems(items, items.size()) + "]";
    }
    if (value.isGenericDict()) {
        std::string text;
        for (const auto& entry : value.toGenericDict()) {
            text += (text.empty() ? "" : ", ") +
                    (entry.key().isString() ? entry.key().toStringRef() : describe(entry.key())) +
                    ": " + describe(entry.value());
        }
        return "{" + text + "}";
    }
    if (value.isInt())
        return "int " + std::to_string(value.toInt());
    if (value.isDouble())
        return "float " + torchscript::text(value.toDouble());
    if (value.isBool())
        return value.toBool() ? "bool True" : "bool False";
    if (value.isString())
        return "str of " + std::to_string(value.toStringRef().size()) + " characters";
    if (value.isNone())
        return "None";
    return value.type()->repr_str();
}

c10::IValue copyTo(const c10::IValue& value, const c10::Device& device)
{
    return value.deepcopy(device);
}

} // namespace jitscope::record
