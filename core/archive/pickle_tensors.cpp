#include "core/archive/pickle_tensors_p.h"

#include <algorithm>
#include <array>
#include <limits>

namespace jitscope::archive {

namespace {

struct StorageType
{
    std::string_view storage; // class of the storage, without "Storage"
    std::string_view dtype;
    std::uint64_t size;
};

// torch/storage.py and c10/core/ScalarType.h
constexpr std::array<StorageType, 20> storageTypes{{
    {"Float", "float32", 4},
    {"Double", "float64", 8},
    {"Half", "float16", 2},
    {"BFloat16", "bfloat16", 2},
    {"Long", "int64", 8},
    {"Int", "int32", 4},
    {"Short", "int16", 2},
    {"Char", "int8", 1},
    {"Byte", "uint8", 1},
    {"Bool", "bool", 1},
    {"ComplexFloat", "complex64", 8},
    {"ComplexDouble", "complex128", 16},
    {"ComplexHalf", "complex32", 4},
    {"QInt8", "qint8", 1},
    {"QUInt8", "quint8", 1},
    {"QInt32", "qint32", 4},
    {"QUInt4x2", "quint4x2", 1},
    {"Float8_e4m3fn", "float8_e4m3fn", 1},
    {"Float8_e5m2", "float8_e5m2", 1},
    {"Untyped", "uint8", 1},
}};

std::optional<std::int64_t> product(std::int64_t a, std::int64_t b)
{
    std::int64_t result = 0;
    return __builtin_mul_overflow(a, b, &result) ? std::nullopt : std::optional(result);
}

class TensorReader
{
public:
    explicit TensorReader(const PickleDocument& pickle) : m_pickle(pickle) {}

    std::optional<PickledTensor> read(PickleId id) const
    {
        const std::string_view callee = m_pickle.callee(id);
        const std::span<const PickleId> arguments = m_pickle.arguments(id);
        if (callee == "torch._utils._rebuild_parameter" ||
            callee == "torch._utils._rebuild_parameter_with_state") {
            auto tensor = arguments.empty() ? std::nullopt : readPlain(arguments[0]);
            if (tensor)
                tensor->isParameter = true;
            return tensor;
        }
        return readPlain(id);
    }

private:
    [[nodiscard]] std::optional<PickledTensor> readPlain(PickleId id) const
    {
        const std::string_view callee = m_pickle.callee(id);
        const bool isQuantized = callee == "torch._utils._rebuild_qtensor";
        if (!callee.starts_with("torch._utils._rebuild_tensor") && !isQuantized)
            return std::nullopt;
        const std::span<const PickleId> arguments = m_pickle.arguments(id);
        PickledTensor tensor;
        if (arguments.size() < 4) {
            tensor.isWellFormed = false;
            return tensor;
        }
        readStorage(arguments[0], tensor);
        tensor.offset = number(arguments[1], tensor);
        tensor.shape = numbers(arguments[2], tensor);
        tensor.strides = numbers(arguments[3], tensor);
        if (tensor.shape.size() != tensor.strides.size())
            tensor.isWellFormed = false;
        const std::size_t gradient = isQuantized ? 5 : 4;
        if (arguments.size() > gradient)
            tensor.isParameter = m_pickle.integer(arguments[gradient]) != 0;
        return tensor;
    }

    // ("storage", torch.FloatStorage, "12", "cpu", 64)
    void readStorage(PickleId id, PickledTensor& tensor) const
    {
        const std::span<const PickleId> outer = m_pickle.items(id);
        const bool isPersistent = m_pickle.is(id, PickleKind::Persistent) && outer.size() == 1;
        const auto parts = isPersistent ? m_pickle.items(outer[0]) : outer;
        if (!isPersistent || parts.size() < 5) {
            tensor.isWellFormed = false;
            return;
        }
        std::string_view type = m_pickle.text(parts[1]);
        type = type.substr(type.rfind('.') + 1);
        if (type.ends_with("Storage"))
            type.remove_suffix(std::string_view("Storage").size());
        tensor.dtype = type;
        for (const StorageType& known : storageTypes) {
            if (known.storage == type) {
                tensor.dtype = known.dtype;
                tensor.elementSize = known.size;
            }
        }
        tensor.record = m_pickle.text(parts[2]);
        tensor.device = m_pickle.text(parts[3]);
        tensor.elements = number(parts[4], tensor);
    }

    std::int64_t number(PickleId id, PickledTensor& tensor) const
    {
        if (!m_pickle.is(id, PickleKind::Int) || m_pickle.integer(id) < 0)
            tensor.isWellFormed = false;
        return m_pickle.integer(id);
    }

    std::vector<std::int64_t> numbers(PickleId id, PickledTensor& tensor) const
    {
        std::vector<std::int64_t> list;
        if (!m_pickle.is(id, PickleKind::Tuple) && !m_pickle.is(id, PickleKind::List))
            tensor.isWellFormed = false;
        constexpr std::size_t mostDimensions = 64;
        for (const PickleId item : m_pickle.items(id)) {
            if (list.size() == mostDimensions) {
                tensor.isWellFormed = false;
                break;
            }
            list.push_back(number(item, tensor));
        }
        return list;
    }

    const PickleDocument& m_pickle;
};

// The part of a name that a key or an index gives.
std::string partOf(const PickleDocument& pickle, PickleId key)
{
    if (pickle.is(key, PickleKind::Text))
        return std::string(pickle.text(key).substr(0, 256));
    return std::to_string(pickle.integer(key));
}

} // namespace

std::optional<PickledTensor> tensorAt(const PickleDocument& pickle, PickleId id)
{
    return TensorReader(pickle).read(id);
}

std::vector<PickledTensor> tensorsOf(const PickleDocument& pickle)
{
    // Depth first, each value once: values may be shared, and a file may share them to make the
    // ways to them countless.
    struct Place
    {
        PickleId id;
        std::string name;
    };
    constexpr std::size_t longestName = 4096;
    std::vector<PickledTensor> tensors;
    std::vector<bool> seen(pickle.size(), false);
    std::vector<Place> stack{{pickle.root(), {}}};
    while (!stack.empty()) {
        const Place place = std::move(stack.back());
        stack.pop_back();
        if (seen[place.id])
            continue;
        seen[place.id] = true;
        if (auto tensor = tensorAt(pickle, place.id)) {
            tensor->name = place.name;
            tensors.push_back(*std::move(tensor));
            continue;
        }
        const auto visit = [&](PickleId child, const std::string& part) {
            std::string name = place.name;
            if (!part.empty())
                name += (name.empty() ? "" : ".") + part;
            if (name.size() <= longestName)
                stack.push_back({child, std::move(name)});
        };
        const std::span<const PickleId> items = pickle.items(place.id);
        const std::size_t before = stack.size();
        switch (pickle.kind(place.id)) {
        case PickleKind::Dict:
            for (std::size_t i = 0; i + 1 < items.size(); i += 2)
                visit(items[i + 1], partOf(pickle, items[i]));
            break;
        case PickleKind::Object:
            // restore_type_tag(value, type) and the like stand for their first argument.
            visit(items[1], {});
            visit(items[2], {});
            for (std::size_t i = 3; i + 1 < items.size(); i += 2)
                visit(items[i + 1], partOf(pickle, items[i]));
            break;
        case PickleKind::Tuple:
        case PickleKind::List:
        case PickleKind::Set:
            for (std::size_t i = 0; i < items.size(); ++i)
                visit(items[i], std::to_string(i));
            break;
        default:
            break;
        }
        std::reverse(stack.begin() + static_cast<std::ptrdiff_t>(before), stack.end());
    }
    return tensors;
}

std::optional<std::uint64_t> reach(const PickledTensor& tensor)
{
    std::int64_t last = tensor.offset;
    for (std::size_t i = 0; i < tensor.shape.size() && i < tensor.strides.size(); ++i) {
        if (tensor.shape[i] == 0)
            return 0;
        const auto span = product(tensor.shape[i] - 1, tensor.strides[i]);
        if (!span || __builtin_add_overflow(last, *span, &last))
            return std::nullopt;
    }
    const auto size = static_cast<std::int64_t>(std::max<std::uint64_t>(tensor.elementSize, 1));
    std::int64_t count = 0;
    if (__builtin_add_overflow(last, std::int64_t{1}, &count))
        return std::nullopt;
    const auto bytes = product(count, size);
    return bytes ? std::optional(static_cast<std::uint64_t>(*bytes)) : std::nullopt;
}

std::uint64_t bytesOf(const PickledTensor& tensor)
{
    std::int64_t bytes = static_cast<std::int64_t>(tensor.elementSize);
    for (const std::int64_t size : tensor.shape) {
        const auto next = product(bytes, size);
        if (!next)
            return std::numeric_limits<std::uint64_t>::max();
        bytes = *next;
    }
    return static_cast<std::uint64_t>(bytes);
}

void describeTensors(const PickleDocument& pickle, Report& report)
{
    for (const PickledTensor& tensor : tensorsOf(pickle)) {
        if (tensor.isWellFormed) {
            report.tensors.push_back({tensor.name, tensor.dtype, tensor.shape, tensor.strides,
                                      bytesOf(tensor), "data/" + tensor.record,
                                      tensor.isParameter});
        }
    }
}

bool isStateDict(const PickleDocument& pickle)
{
    // Modules whose classes torch's weights_only loader rebuilds tensors with.
    constexpr std::array<std::string_view, 6> tensorModules{
        "torch.",         "torch._utils.",       "torch.storage.",
        "torch._tensor.", "torch.nn.parameter.", "torch.serialization."};
    const auto isTensorPart = [&](std::string_view global) {
        const std::string_view module = global.substr(0, global.rfind('.') + 1);
        return global == "collections.OrderedDict" ||
               std::find(tensorModules.begin(), tensorModules.end(), module) != tensorModules.end();
    };
    bool hasTensor = false;
    for (PickleId id = 0; id < pickle.size(); ++id) {
        if (!pickle.is(id, PickleKind::Global))
            continue;
        const std::string_view global = pickle.text(id);
        if (!isTensorPart(global))
            return false;
        hasTensor = hasTensor || global.starts_with("torch._utils._rebuild") ||
                    global.starts_with("torch._tensor._rebuild");
    }
    return hasTensor;
}

} // namespace jitscope::archive
