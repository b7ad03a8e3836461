#include "core/torchscript/tensor_elements_p.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <type_traits>

namespace jitscope::torchscript {

namespace {

template <typename T>
struct TypeTag
{
    using Type = T;
};

// Calls `use` with the tag of the type of plain elements; false for types that have none.
template <typename Use>
bool withElementType(c10::ScalarType type, Use use)
{
    const auto call = [&](auto tag) {
        use(tag);
        return true;
    };
    switch (type) {
    case c10::kFloat:
        return call(TypeTag<float>());
    case c10::kDouble:
        return call(TypeTag<double>());
    case c10::kHalf:
        return call(TypeTag<c10::Half>());
    case c10::kBFloat16:
        return call(TypeTag<c10::BFloat16>());
    case c10::kFloat8_e5m2:
        return call(TypeTag<c10::Float8_e5m2>());
    case c10::kFloat8_e4m3fn:
        return call(TypeTag<c10::Float8_e4m3fn>());
    case c10::kFloat8_e5m2fnuz:
        return call(TypeTag<c10::Float8_e5m2fnuz>());
    case c10::kFloat8_e4m3fnuz:
        return call(TypeTag<c10::Float8_e4m3fnuz>());
    case c10::kFloat8_e8m0fnu:
        return call(TypeTag<c10::Float8_e8m0fnu>());
    case c10::kLong:
        return call(TypeTag<std::int64_t>());
    case c10::kInt:
    case c10::kQInt32:
        return call(TypeTag<std::int32_t>());
    case c10::kShort:
        return call(TypeTag<std::int16_t>());
    case c10::kChar:
    case c10::kQInt8:
        return call(TypeTag<std::int8_t>());
    case c10::kByte:
    case c10::kBool:
    case c10::kQUInt8:
        return call(TypeTag<std::uint8_t>());
    case c10::kUInt16:
        return call(TypeTag<std::uint16_t>());
    case c10::kUInt32:
        return call(TypeTag<std::uint32_t>());
    case c10::kUInt64:
        return call(TypeTag<std::uint64_t>());
    case c10::kComplexHalf:
        return call(TypeTag<c10::complex<c10::Half>>());
    case c10::kComplexFloat:
        return call(TypeTag<c10::complex<float>>());
    case c10::kComplexDouble:
        return call(TypeTag<c10::complex<double>>());
    default:
        return false;
    }
}

template <typename T>
constexpr bool isComplex = false;
template <typename T>
constexpr bool isComplex<c10::complex<T>> = true;

template <typename T>
T elementAt(const std::byte* bytes, std::int64_t i)
{
    T element;
    std::memcpy(static_cast<void*>(&element), bytes + static_cast<std::size_t>(i) * sizeof(T),
                sizeof(T));
    return element;
}

template <typename T>
double asDouble(T element)
{
    if constexpr (isComplex<T>)
        return std::hypot(static_cast<double>(element.real()), static_cast<double>(element.imag()));
    else if constexpr (std::is_integral_v<T>)
        return static_cast<double>(element);
    else if constexpr (sizeof(T) < sizeof(double))
        return static_cast<double>(static_cast<float>(element));
    else
        return element;
}

template <typename T>
void append(std::vector<std::byte>& to, T value)
{
    const auto* bytes = reinterpret_cast<const std::byte*>(&value); // NOLINT: bytes
    to.insert(to.end(), bytes, bytes + sizeof(T));
}

struct NumpyType
{
    c10::ScalarType torch;
    std::string_view numpy;
};

// The types whose elements NumPy has as they are.
constexpr std::array numpyTypes = {
    NumpyType{c10::kFloat, "<f4"},        NumpyType{c10::kDouble, "<f8"},
    NumpyType{c10::kHalf, "<f2"},         NumpyType{c10::kLong, "<i8"},
    NumpyType{c10::kInt, "<i4"},          NumpyType{c10::kShort, "<i2"},
    NumpyType{c10::kChar, "|i1"},         NumpyType{c10::kByte, "|u1"},
    NumpyType{c10::kBool, "|b1"},         NumpyType{c10::kUInt16, "<u2"},
    NumpyType{c10::kUInt32, "<u4"},       NumpyType{c10::kUInt64, "<u8"},
    NumpyType{c10::kComplexFloat, "<c8"}, NumpyType{c10::kComplexDouble, "<c16"},
};

const NumpyType* numpyTypeOf(c10::ScalarType type)
{
    const auto* const found =
        std::find_if(numpyTypes.begin(), numpyTypes.end(),
                     [type](const NumpyType& candidate) { return candidate.torch == type; });
    return found == numpyTypes.end() ? nullptr : found;
}

tl::unexpected<Error> unreadable(const std::string& name, std::string what)
{
    return fail(ErrorCode::Unavailable, std::move(what), name);
}

tl::unexpected<Error> cutOff(const std::string& name)
{
    return fail(ErrorCode::UnusableFile, "The weights of the tensor are cut off.", name,
                "Copy or download the model again.");
}

std::vector<double> doublesOf(const at::Tensor& tensor)
{
    const at::Tensor doubles = tensor.to(c10::kDouble).contiguous();
    const auto* elements = doubles.const_data_ptr<double>();
    return {elements, elements + doubles.numel()};
}

// How many elements from the first one on the tensor reaches.
std::int64_t reach(const at::Tensor& tensor)
{
    std::int64_t last = 0;
    for (std::int64_t d = 0; d < tensor.dim(); ++d)
        last += (tensor.size(d) - 1) * tensor.stride(d);
    return last + 1;
}

} // namespace

TensorElements::TensorElements(const NamedTensor& named, const Archive& archive, at::Tensor tensor)
    : m_named(named),
      m_archive(archive),
      m_tensor(std::move(tensor)),
      m_isContiguous(m_tensor.is_contiguous()),
      m_itemSize(static_cast<std::int64_t>(m_tensor.element_size()))
{
    if (!m_named.place && m_tensor.numel() > 0)
        m_memory = static_cast<const std::byte*>(m_tensor.storage().data());
    if (!m_tensor.is_quantized())
        return;
    if (m_tensor.qscheme() == c10::kPerTensorAffine) {
        m_scales = {m_tensor.q_scale()};
        m_zeroPoints = {static_cast<double>(m_tensor.q_zero_point())};
        m_channelSize = std::max<std::int64_t>(m_tensor.numel(), 1);
        return;
    }
    m_scales = doublesOf(m_tensor.q_per_channel_scales());
    m_zeroPoints = doublesOf(m_tensor.q_per_channel_zero_points());
    for (std::int64_t d = m_tensor.q_per_channel_axis() + 1; d < m_tensor.dim(); ++d)
        m_channelSize *= m_tensor.size(d);
}

Result<TensorElements> TensorElements::open(const NamedTensor& named, const Archive& archive)
{
    at::Tensor tensor = named.unpack ? named.unpack() : named.tensor;
    if (tensor.layout() != c10::kStrided || !tensor.has_storage())
        return unreadable(named.name,
                          "The tensor has no plain elements to read: it is sparse or in "
                          "a layout of a library.");
    if (!tensor.device().is_cpu())
        return unreadable(named.name, "The elements of the tensor are not in memory.");
    if (!withElementType(tensor.scalar_type(), [](auto) {}))
        return unreadable(named.name,
                          "Elements of type " +
                              std::string(c10::getDtypeNames(tensor.scalar_type()).first) +
                              " are packed and cannot be read one by one.");
    if (tensor.is_conj() || tensor.is_neg()) {
        if (named.place)
            return unreadable(named.name, "The tensor is a conjugate or negative view.");
        tensor = tensor.resolve_conj().resolve_neg();
    }
    if (tensor.numel() > 0) {
        const std::size_t bytes = named.place
                                      ? named.place->bytes
                                      : archive.bytesOf(tensor.storage().unsafeGetStorageImpl());
        const auto end = static_cast<std::uint64_t>(tensor.storage_offset()) +
                         static_cast<std::uint64_t>(reach(tensor));
        if (tensor.storage_offset() < 0 || end > bytes / tensor.element_size())
            return cutOff(named.name);
    }
    return TensorElements(named, archive, std::move(tensor));
}

std::string_view TensorElements::measure() const
{
    return m_tensor.is_quantized() ? "dequantized" : m_tensor.is_complex() ? "magnitude" : "value";
}

tensor::ValueKind TensorElements::kind() const
{
    if (m_tensor.is_complex())
        return tensor::ValueKind::Complex;
    if (m_tensor.scalar_type() == c10::kUInt64)
        return tensor::ValueKind::Unsigned;
    const bool isWhole = c10::isIntegralType(m_tensor.scalar_type(), /*includeBool=*/true);
    return isWhole ? tensor::ValueKind::Signed : tensor::ValueKind::Real;
}

std::string_view TensorElements::numpyType() const
{
    const NumpyType* type = numpyTypeOf(m_tensor.scalar_type());
    return type != nullptr ? type->numpy : m_tensor.is_complex() ? "<c8" : "<f4";
}

Result<void> TensorElements::prepare()
{
    if (m_isContiguous || !m_named.place || !m_loaded.empty() || m_tensor.numel() == 0)
        return {};
    const std::int64_t count = reach(m_tensor);
    std::vector<std::byte> bytes(static_cast<std::size_t>(count * m_itemSize));
    if (const Result<void> read = readStorage(m_tensor.storage_offset(), count, bytes.data());
        !read)
        return read;
    m_loaded = std::move(bytes);
    m_loadedFrom = m_tensor.storage_offset();
    return {};
}

std::int64_t TensorElements::storagePlaceOf(std::int64_t element) const
{
    std::int64_t place = m_tensor.storage_offset();
    if (m_isContiguous)
        return place + element;
    for (std::int64_t d = m_tensor.dim() - 1; d >= 0; --d) {
        place += element % m_tensor.size(d) * m_tensor.stride(d);
        element /= m_tensor.size(d);
    }
    return place;
}

Result<void> TensorElements::readStorage(std::int64_t place, std::int64_t count, std::byte* to)
{
    const auto bytes = static_cast<std::size_t>(count * m_itemSize);
    if (!m_loaded.empty()) {
        std::memcpy(to, m_loaded.data() + (place - m_loadedFrom) * m_itemSize, bytes);
        return {};
    }
    if (m_memory != nullptr) {
        std::memcpy(to, m_memory + place * m_itemSize, bytes);
        return {};
    }
    const std::uint64_t position =
        m_named.place->position + static_cast<std::uint64_t>(place * m_itemSize);
    return m_archive.read(position, to, bytes) == bytes ? Result<void>() : cutOff(m_named.name);
}

Result<void> TensorElements::readRun(std::int64_t first, std::int64_t count)
{
    m_bytes.resize(static_cast<std::size_t>(count * m_itemSize));
    if (m_isContiguous)
        return readStorage(storagePlaceOf(first), count, m_bytes.data());
    // Along the last dimension the places are even.
    const std::int64_t length = m_tensor.size(-1);
    const std::int64_t stride = m_tensor.stride(-1);
    std::byte* to = m_bytes.data();
    while (count > 0) {
        const std::int64_t run = std::min(count, length - first % length);
        std::int64_t place = storagePlaceOf(first);
        if (stride == 1) {
            if (const Result<void> read = readStorage(place, run, to); !read)
                return read;
            to += run * m_itemSize;
        } else {
            for (std::int64_t i = 0; i < run; ++i, place += stride, to += m_itemSize) {
                if (const Result<void> read = readStorage(place, 1, to); !read)
                    return read;
            }
        }
        first += run;
        count -= run;
    }
    return {};
}

double TensorElements::dequantized(double whole, std::int64_t element) const
{
    const std::size_t channel =
        m_scales.size() == 1 ? 0
                             : static_cast<std::size_t>(element / m_channelSize) % m_scales.size();
    // In single precision, as LibTorch's dequantize().
    return (static_cast<float>(whole) - static_cast<float>(m_zeroPoints[channel])) *
           static_cast<float>(m_scales[channel]);
}

void TensorElements::dequantize(std::int64_t first, std::span<double> whole) const
{
    for (double& element : whole)
        element = dequantized(element, first++);
}

Result<void> TensorElements::measureElements(std::int64_t first, std::span<double> to)
{
    const auto count = static_cast<std::int64_t>(to.size());
    if (const Result<void> read = readRun(first, count); !read)
        return read;
    withElementType(m_tensor.scalar_type(), [&](auto tag) {
        using T = typename decltype(tag)::Type;
        for (std::int64_t i = 0; i < count; ++i)
            to[static_cast<std::size_t>(i)] = asDouble(elementAt<T>(m_bytes.data(), i));
    });
    if (m_tensor.is_quantized())
        dequantize(first, to);
    return {};
}

Result<void> TensorElements::exportElements(std::int64_t first, std::int64_t count,
                                            std::vector<std::byte>& to)
{
    to.clear();
    if (m_tensor.scalar_type() == c10::kComplexHalf) {
        if (const Result<void> read = readRun(first, count); !read)
            return read;
        for (std::int64_t i = 0; i < count; ++i) {
            const auto element = elementAt<c10::complex<c10::Half>>(m_bytes.data(), i);
            append(to, static_cast<float>(element.real()));
            append(to, static_cast<float>(element.imag()));
        }
        return {};
    }
    if (numpyTypeOf(m_tensor.scalar_type()) == nullptr) {
        std::vector<double> numbers(static_cast<std::size_t>(count));
        if (const Result<void> read = measureElements(first, numbers); !read)
            return read;
        for (const double number : numbers)
            append(to, static_cast<float>(number));
        return {};
    }
    const Result<void> read = readRun(first, count);
    to.swap(m_bytes);
    return read;
}

Result<void> TensorElements::valuesAt(std::span<const std::int64_t> places,
                                      std::vector<std::byte>& to)
{
    to.clear();
    for (std::size_t i = 0; i < places.size();) {
        // A row of a picture is mostly one piece of the storage.
        const std::int64_t start = storagePlaceOf(places[i]);
        std::size_t run = 1;
        while (i + run < places.size() &&
               storagePlaceOf(places[i + run]) == start + static_cast<std::int64_t>(run))
            ++run;
        m_bytes.resize(run * static_cast<std::size_t>(m_itemSize));
        if (const Result<void> read =
                readStorage(start, static_cast<std::int64_t>(run), m_bytes.data());
            !read)
            return read;
        withElementType(m_tensor.scalar_type(), [&](auto tag) {
            using T = typename decltype(tag)::Type;
            for (std::size_t k = 0; k < run; ++k) {
                const T element = elementAt<T>(m_bytes.data(), static_cast<std::int64_t>(k));
                if constexpr (isComplex<T>) {
                    append(to, static_cast<double>(element.real()));
                    append(to, static_cast<double>(element.imag()));
                } else if constexpr (std::is_same_v<T, std::uint64_t>) {
                    append(to, element);
                } else if constexpr (std::is_integral_v<T>) {
                    if (m_tensor.is_quantized())
                        append(to, dequantized(static_cast<double>(element), places[i + k]));
                    else
                        append(to, static_cast<std::int64_t>(element));
                } else {
                    append(to, asDouble(element));
                }
            }
        });
        i += run;
    }
    return {};
}

} // namespace jitscope::torchscript
