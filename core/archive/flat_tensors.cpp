#include "core/archive/flat_tensors_p.h"
#include "core/archive/text_budget_p.h"

#include <fmt/format.h>

#include <array>

namespace jitscope::archive {

namespace {

struct ScalarType
{
    std::string_view dtype;
    std::uint64_t size; // bytes
};

// By number: c10/core/ScalarType.h of LibTorch 2.11.
constexpr std::array<ScalarType, 30> scalarTypes{{
    {"uint8", 1},           {"int8", 1},
    {"int16", 2},           {"int32", 4},
    {"int64", 8},           {"float16", 2},
    {"float32", 4},         {"float64", 8},
    {"complex32", 4},       {"complex64", 8},
    {"complex128", 16},     {"bool", 1},
    {"qint8", 1},           {"quint8", 1},
    {"qint32", 4},          {"bfloat16", 2},
    {"quint4x2", 1},        {"quint2x4", 1},
    {"bits1x8", 1},         {"bits2x4", 1},
    {"bits4x2", 1},         {"bits8", 1},
    {"bits16", 2},          {"float8_e5m2", 1},
    {"float8_e4m3fn", 1},   {"float8_e5m2fnuz", 1},
    {"float8_e4m3fnuz", 1}, {"uint16", 2},
    {"uint32", 4},          {"uint64", 8},
}};

constexpr std::size_t mostDimensions = 64;

void readNumbers(const flatbuffers::Vector<std::int32_t>& from, std::vector<std::int64_t>& to,
                 PickledTensor& tensor)
{
    if (from.size() > mostDimensions) {
        tensor.isWellFormed = false;
        return;
    }
    for (const std::int32_t number : from) {
        to.push_back(number);
        tensor.isWellFormed = tensor.isWellFormed && number >= 0;
    }
}

class TensorList
{
public:
    explicit TensorList(const FlatModule& module)
        : m_module(module),
          m_names(TextBudget::ofFlat(module.bytes().size())),
          m_seen(module.size(), false),
          m_listed(static_cast<std::size_t>(module.root().storage_count()), false)
    {}

    std::vector<DescribedTensor> read()
    {
        visit(m_module.root().root(), {});
        if (const auto* constants = m_module.root().constants()) {
            for (const FlatId constant : *constants)
                addConstant(constant);
        }
        // Those of the bytecode are the code's as well where the file has code.
        for (FlatId id = 0; id < m_module.size(); ++id) {
            const flat::Function* function = m_module.value(id).content_as_Function();
            if (function == nullptr)
                continue;
            for (const FlatId constant : *function->constants()) {
                const flat::Tensor* tensor = m_module.value(constant).content_as_Tensor();
                if (tensor != nullptr && !m_listed[tensor->storage()])
                    addConstant(constant);
            }
        }
        return std::move(m_tensors);
    }

private:
    // Each value once, by the first way to it: a file may share values to make the ways countless.
    // No value is nested deeper than deepestValues.
    void visit(FlatId id, const std::string& name)
    {
        if (m_seen[id])
            return;
        m_seen[id] = true;
        const flat::Value& value = m_module.value(id);
        switch (value.content_type()) {
        case flat::Content::Tensor:
            return add(name, *value.content_as_Tensor(), false);
        case flat::Content::List:
            return visitAll(*value.content_as_List()->items(), name);
        case flat::Content::Tuple:
            return visitAll(*value.content_as_Tuple()->items(), name);
        case flat::Content::Dict: {
            const flat::Dict& dict = *value.content_as_Dict();
            for (std::uint32_t i = 0; i < dict.keys()->size(); ++i)
                visit(dict.values()->Get(i), name, keyText(dict.keys()->Get(i)));
            return;
        }
        case flat::Content::Object: {
            const flat::Object& object = *value.content_as_Object();
            const flat::Class& type = m_module.classOf(object);
            if (type.form() != flat::ClassForm::WithFields)
                return visit(object.state(), name);
            for (std::uint32_t i = 0; i < object.attributes()->size(); ++i)
                visit(object.attributes()->Get(i), name, textOf(textAt(*type.attributes(), i)));
            return;
        }
        default:
            return;
        }
    }

    void visit(FlatId id, const std::string& name, std::string_view part)
    {
        if (m_seen[id])
            return;
        constexpr std::size_t longestName = 4096;
        std::string longer = name.empty() ? std::string() : name + ".";
        longer += part.substr(0, 256);
        if (longer.size() <= longestName && m_names.hasRoom())
            visit(id, longer);
    }

    void visitAll(const flatbuffers::Vector<FlatId>& items, const std::string& name)
    {
        for (std::uint32_t i = 0; i < items.size(); ++i)
            visit(items.Get(i), name, std::to_string(i));
    }

    [[nodiscard]] std::string keyText(FlatId key) const
    {
        const flat::Value& value = m_module.value(key);
        if (const flat::Text* text = value.content_as_Text())
            return std::string(textOf(text->data()).substr(0, 256));
        const flat::Int* number = value.content_as_Int();
        return std::to_string(number == nullptr ? 0 : number->value());
    }

    void addConstant(FlatId id)
    {
        const flat::Tensor* tensor = m_module.value(id).content_as_Tensor();
        if (tensor == nullptr || m_seen[id])
            return;
        m_seen[id] = true;
        add(fmt::format("constants/{}", m_constants++), *tensor, true);
    }

    void add(const std::string& name, const flat::Tensor& tensor, bool isConstant)
    {
        const PickledTensor read = described(m_module, tensor);
        m_listed[tensor.storage()] = true;
        m_tensors.push_back({m_names.take(name), read.dtype, read.shape, read.strides,
                             bytesOf(read), read.record, read.isParameter, isConstant});
    }

    const FlatModule& m_module;
    TextBudget m_names;
    std::vector<bool> m_seen;   // by value
    std::vector<bool> m_listed; // by storage
    std::vector<DescribedTensor> m_tensors;
    std::size_t m_constants = 0;
};

} // namespace

PickledTensor described(const FlatModule& module, const flat::Tensor& tensor)
{
    PickledTensor result;
    result.record = storageRecord(tensor.storage());
    result.device = "cpu";
    if (tensor.dtype() >= 0 && static_cast<std::size_t>(tensor.dtype()) < scalarTypes.size()) {
        const ScalarType& type = scalarTypes[static_cast<std::size_t>(tensor.dtype())];
        result.dtype = type.dtype;
        result.elementSize = type.size;
        result.elements = static_cast<std::int64_t>(module.storageBytes(tensor) / type.size);
    } else {
        result.dtype = fmt::format("type {}", tensor.dtype());
        result.isWellFormed = false;
    }
    result.offset = tensor.offset();
    result.isWellFormed = result.isWellFormed && tensor.offset() >= 0;
    result.isParameter = tensor.requires_grad();
    readNumbers(*tensor.sizes(), result.shape, result);
    readNumbers(*tensor.strides(), result.strides, result);
    if (result.shape.size() != result.strides.size())
        result.isWellFormed = false;
    return result;
}

bool isWithinStorage(const FlatModule& module, const flat::Tensor& tensor)
{
    const PickledTensor read = described(module, tensor);
    const std::optional<std::uint64_t> needed = reach(read);
    return read.isWellFormed && needed && *needed <= module.storageBytes(tensor);
}

bool isPerChannel(const flat::QuantizedTensor& quantized)
{
    // c10/core/QScheme.h: per tensor affine is 0, per channel affine 1, per tensor symmetric 2.
    return quantized.scheme() != 0 && quantized.scheme() != 2;
}

std::vector<DescribedTensor> describeTensors(const FlatModule& module)
{
    return TensorList(module).read();
}

} // namespace jitscope::archive
