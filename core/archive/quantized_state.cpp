#include "core/archive/quantized_state_p.h"

#include "core/archive/flat_tensors_p.h"
#include "core/archive/pickle_tensors_p.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>
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

// The custom class that such a module packs its weights into.
bool isPacked(std::string_view type)
{
    return type.starts_with("__torch__.torch.classes.quantized.Conv");
}

// The first tensor in the state of a packed convolution: how many dimensions it has, for each of
// them the stride, padding, dilation and output padding, and the groups
// (aten/src/ATen/native/quantized/cpu/conv_serialization.h).
bool hasZeroDivisor(const PickledTensor& tensor, std::string_view storage)
{
    constexpr std::int64_t mostDimensions = 3;
    if (!tensor.isWellFormed || tensor.dtype != "int16" || tensor.shape.size() != 1 ||
        tensor.strides != std::vector<std::int64_t>{1} ||
        std::cmp_greater(tensor.offset, storage.size()))
        return false; // LibTorch has other words for it
    const auto at = [&](std::int64_t place) -> std::int16_t {
        std::int16_t number = 1;
        const auto begin = static_cast<std::size_t>(tensor.offset + place) * sizeof(number);
        if (place < tensor.shape.front() && begin + sizeof(number) <= storage.size())
            std::memcpy(&number, storage.data() + begin, sizeof(number));
        return number;
    };
    const std::int64_t dimensions = at(0);
    if (dimensions < 1 || dimensions > mostDimensions)
        return false;
    bool isFound = at(1 + 4 * dimensions) == 0;
    for (std::int64_t i = 1; i <= dimensions; ++i)
        isFound = isFound || at(i) == 0;
    return isFound;
}

bool isZero(const PickleDocument& pickle, PickleId id)
{
    return pickle.is(id, PickleKind::Int) && pickle.integer(id) == 0;
}

bool isZero(const FlatModule& module, FlatId id)
{
    const flat::Int* number = module.value(id).content_as_Int();
    return number != nullptr && number->value() == 0;
}

// Of a list of tensors as `torch.jit._pickle.build_tensorlist` makes it, and of any other.
std::span<const PickleId> listed(const PickleDocument& pickle, PickleId id)
{
    const auto arguments = pickle.arguments(id);
    return pickle.items(arguments.empty() ? id : arguments.front());
}

} // namespace

bool dividesByZero(const PickleDocument& pickle, PickleId object, const StorageReader& storage)
{
    const std::string_view type = pickle.callee(object);
    if (!isModule(type) && !isPacked(type))
        return false;
    const auto state = pickle.items(pickle.items(object)[2]);
    if (isPacked(type)) {
        if (state.size() < 2 || listed(pickle, state[1]).empty())
            return false;
        const auto numbers = tensorAt(pickle, listed(pickle, state[1]).front());
        return numbers && hasZeroDivisor(*numbers, storage(numbers->record));
    }
    if (state.size() <= groupsInState)
        return false;
    const auto strides = pickle.items(state[strideInState]);
    return isZero(pickle, state[groupsInState]) ||
           std::any_of(strides.begin(), strides.end(),
                       [&](PickleId stride) { return isZero(pickle, stride); });
}

bool dividesByZero(const FlatModule& module, const flat::Object& object)
{
    const std::string_view type = textOf(module.classOf(object).name());
    if (!isModule(type) && !isPacked(type))
        return false;
    const flat::Tuple* state = module.value(object.state()).content_as_Tuple();
    if (state == nullptr)
        return false;
    const auto& items = *state->items();
    if (isPacked(type)) {
        const flat::List* tensors =
            items.size() < 2 ? nullptr : module.value(items[1]).content_as_List();
        if (tensors == nullptr || tensors->items()->size() == 0)
            return false;
        const flat::Tensor* numbers = module.value(tensors->items()->Get(0)).content_as_Tensor();
        if (numbers == nullptr)
            return false;
        const auto& bytes = *module.root().storages()->Get(numbers->storage())->data();
        return hasZeroDivisor(described(module, *numbers),
                              {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    }
    if (items.size() <= groupsInState)
        return false;
    const flat::Tuple* strides = module.value(items[strideInState]).content_as_Tuple();
    return isZero(module, items[groupsInState]) ||
           (strides != nullptr &&
            std::any_of(strides->items()->begin(), strides->items()->end(),
                        [&](FlatId stride) { return isZero(module, stride); }));
}

} // namespace jitscope::archive
