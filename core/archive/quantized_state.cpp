#include "core/archive/quantized_state_p.h"

#include "core/archive/flat_tensors_p.h"
#include "core/archive/pickle_tensors_p.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace jitscope::archive {

namespace {

// Places in the state of a module: torch/ao/nn/quantized/modules/conv.py, _ConvNd.__getstate__.
constexpr std::size_t strideInState = 3;
constexpr std::size_t groupsInState = 8;

// "__torch__.torch.ao.nn.quantized.modules.conv.___torch_mangle_3.Conv2d" and its like, also fused
// ("torch.ao.nn.intrinsic.quantized") and from before PyTorch 1.13 ("torch.nn.quantized").
bool isModule(std::string_view type)
{
    return type.starts_with("__torch__.torch.") &&
           type.find(".quantized.modules.conv") != std::string_view::npos;
}

// Of the custom class that such a module packs its weights into, "Conv2dPackedParamsBase"; 0 of
// what is no packed convolution.
std::size_t packedDimensions(std::string_view type)
{
    constexpr std::string_view begin = "__torch__.torch.classes.quantized.Conv";
    if (!type.starts_with(begin) || type.size() == begin.size())
        return 0;
    const char digit = type[begin.size()];
    return digit >= '1' && digit <= '3' ? static_cast<std::size_t>(digit - '0') : 0;
}

// As LibTorch narrows it before it divides.
bool isZero(std::int64_t number)
{
    return static_cast<std::int32_t>(number) == 0;
}

bool isZeroAt(const std::vector<std::int64_t>& numbers, std::size_t place)
{
    return place < numbers.size() && isZero(numbers[place]);
}

// Of a tensor of one dimension.
bool isZeroAt(const PickledTensor& tensor, std::string_view storage, std::size_t place)
{
    std::int64_t element = 0;
    std::int64_t begin = 0;
    const auto size = static_cast<std::int64_t>(tensor.elementSize);
    if (static_cast<std::int64_t>(place) >= tensor.shape.front() ||
        __builtin_mul_overflow(static_cast<std::int64_t>(place), tensor.strides.front(),
                               &element) ||
        __builtin_add_overflow(element, tensor.offset, &element) ||
        __builtin_mul_overflow(element, size, &begin) || begin < 0 ||
        static_cast<std::uint64_t>(begin) > storage.size())
        return false;
    const std::string_view bytes =
        storage.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(size));
    return bytes.size() == tensor.elementSize && bytes.find_first_not_of('\0') == bytes.npos;
}

bool isReadable(const PickledTensor& tensor)
{
    return tensor.isWellFormed && tensor.elementSize > 0 && tensor.shape.size() == 1 &&
           tensor.strides.size() == 1;
}

// The numbers of a packed convolution: how many dimensions it has, for each of them the stride,
// padding, dilation and output padding, then the groups. LibTorch does not look at the first.
template <typename IsZeroAt>
bool hasZeroDivisor(std::size_t dimensions, const IsZeroAt& isZeroAtPlace)
{
    bool isFound = isZeroAtPlace(1 + 4 * dimensions);
    for (std::size_t i = 1; i <= dimensions; ++i)
        isFound = isFound || isZeroAtPlace(i);
    return isFound;
}

// The values of a pickle, as the functions below ask for them.
class PickleValues
{
public:
    using Id = PickleId;

    PickleValues(const PickleDocument& pickle, const StorageReader& storage)
        : m_pickle(pickle), m_storage(storage)
    {}

    // Of a tuple or list, also one that `torch.jit._pickle.build_intlist` and its like make.
    [[nodiscard]] std::vector<Id> items(Id id) const
    {
        const auto arguments = m_pickle.arguments(id);
        const auto held = m_pickle.items(arguments.empty() ? id : arguments.front());
        return {held.begin(), held.end()};
    }
    [[nodiscard]] std::optional<std::int64_t> number(Id id) const
    {
        return m_pickle.is(id, PickleKind::Int) ? std::optional(m_pickle.integer(id))
                                                : std::nullopt;
    }
    [[nodiscard]] std::vector<std::int64_t> numbers(Id id) const
    {
        std::vector<std::int64_t> all;
        for (const Id item : items(id))
            all.push_back(number(item).value_or(1));
        return all;
    }
    [[nodiscard]] std::optional<PickledTensor> tensor(Id id) const
    {
        return tensorAt(m_pickle, id);
    }
    [[nodiscard]] std::string storage(Id, const PickledTensor& tensor) const
    {
        return m_storage(tensor.record);
    }

private:
    const PickleDocument& m_pickle;
    const StorageReader& m_storage;
};

// The same of a flatbuffer.
class FlatValues
{
public:
    using Id = FlatId;

    explicit FlatValues(const FlatModule& module) : m_module(module) {}

    [[nodiscard]] std::vector<Id> items(Id id) const
    {
        const flat::Value& value = m_module.value(id);
        if (const flat::Tuple* tuple = value.content_as_Tuple())
            return {tuple->items()->begin(), tuple->items()->end()};
        if (const flat::List* list = value.content_as_List())
            return {list->items()->begin(), list->items()->end()};
        return {};
    }
    [[nodiscard]] std::optional<std::int64_t> number(Id id) const
    {
        const flat::Int* content = m_module.value(id).content_as_Int();
        return content == nullptr ? std::nullopt : std::optional(content->value());
    }
    [[nodiscard]] std::vector<std::int64_t> numbers(Id id) const
    {
        if (const flat::IntList* list = m_module.value(id).content_as_IntList())
            return {list->items()->begin(), list->items()->end()};
        std::vector<std::int64_t> all;
        for (const Id item : items(id))
            all.push_back(number(item).value_or(1));
        return all;
    }
    [[nodiscard]] std::optional<PickledTensor> tensor(Id id) const
    {
        const flat::Tensor* content = m_module.value(id).content_as_Tensor();
        return content == nullptr ? std::nullopt : std::optional(described(m_module, *content));
    }
    [[nodiscard]] std::string_view storage(Id id, const PickledTensor&) const
    {
        const std::uint32_t index = m_module.value(id).content_as_Tensor()->storage();
        const auto& bytes = *m_module.root().storages()->Get(index)->data();
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }

private:
    const FlatModule& m_module;
};

// The first element of a tensor, or of each tensor of a list.
template <typename Values>
bool beginsWithZero(const Values& values, typename Values::Id id)
{
    if (const auto tensor = values.tensor(id))
        return isReadable(*tensor) && isZeroAt(*tensor, values.storage(id, *tensor), 0);
    for (const typename Values::Id item : values.items(id)) {
        if (values.tensor(item) && beginsWithZero(values, item))
            return true;
    }
    return false;
}

// aten/src/ATen/native/quantized/cpu/conv_serialization.h, of all three versions.
template <typename Values>
bool packedDividesByZero(const Values& values, typename Values::Id state, std::size_t dimensions)
{
    const auto parts = values.items(state);
    if (parts.size() < 2)
        return false;
    if (values.tensor(parts[0])) // version 1
        return parts.size() > 5 &&
               (beginsWithZero(values, parts[2]) || beginsWithZero(values, parts[5]));
    if (values.number(parts[0])) { // version 3
        const std::vector<std::int64_t> numbers = values.numbers(parts[1]);
        return hasZeroDivisor(dimensions,
                              [&](std::size_t place) { return isZeroAt(numbers, place); });
    }
    const auto tensors = values.items(parts[1]);
    const auto tensor = tensors.empty() ? std::nullopt : values.tensor(tensors.front());
    if (!tensor || !isReadable(*tensor) || tensor->dtype != "int16")
        return false; // LibTorch has other words for it
    const auto storage = values.storage(tensors.front(), *tensor);
    return hasZeroDivisor(dimensions,
                          [&](std::size_t place) { return isZeroAt(*tensor, storage, place); });
}

template <typename Values>
bool moduleDividesByZero(const Values& values, typename Values::Id state)
{
    const auto parts = values.items(state);
    if (parts.size() <= groupsInState)
        return false;
    const std::vector<std::int64_t> strides = values.numbers(parts[strideInState]);
    return isZero(values.number(parts[groupsInState]).value_or(1)) ||
           std::any_of(strides.begin(), strides.end(), isZero);
}

} // namespace

bool dividesByZero(const PickleDocument& pickle, PickleId object, const StorageReader& storage)
{
    const std::string_view type = pickle.callee(object);
    const std::size_t dimensions = packedDimensions(type);
    if (dimensions == 0 && !isModule(type))
        return false;
    const PickleId state = pickle.items(object)[2];
    const PickleValues values(pickle, storage);
    return dimensions != 0 ? packedDividesByZero(values, state, dimensions)
                           : moduleDividesByZero(values, state);
}

bool dividesByZero(const FlatModule& module, const flat::Object& object)
{
    const std::string_view type = textOf(module.classOf(object).name());
    const std::size_t dimensions = packedDimensions(type);
    if (dimensions == 0 && !isModule(type))
        return false;
    const FlatValues values(module);
    return dimensions != 0 ? packedDividesByZero(values, object.state(), dimensions)
                           : moduleDividesByZero(values, object.state());
}

} // namespace jitscope::archive
