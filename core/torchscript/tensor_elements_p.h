// Reads the elements of one tensor in any order, from the model file or from memory, and turns them
// into numbers. Runs no operator of LibTorch: the first one takes a tenth of a second.
#pragma once

#include "core/support/result.h"
#include "core/tensor/values.h"
#include "core/torchscript/tensor_table_p.h"

#include <span>
#include <string_view>

namespace jitscope::torchscript {

class TensorElements
{
public:
    // Both outlive it.
    [[nodiscard]] static Result<TensorElements> open(const NamedTensor& named,
                                                     const Archive& archive);

    [[nodiscard]] std::int64_t count() const { return m_tensor.numel(); }
    [[nodiscard]] at::IntArrayRef sizes() const { return m_tensor.sizes(); }

    // "value", "magnitude" (of complex elements) or "dequantized".
    [[nodiscard]] std::string_view measure() const;
    [[nodiscard]] tensor::ValueKind kind() const;
    // NumPy's name of the type as which elements are exported.
    [[nodiscard]] std::string_view numpyType() const;

    // To be called before many elements of a tensor that is not contiguous are read.
    [[nodiscard]] Result<void> prepare();

    // The elements from `first` on, in the order in which the last index runs fastest.
    [[nodiscard]] Result<void> measureElements(std::int64_t first, std::span<double> to);
    [[nodiscard]] Result<void> exportElements(std::int64_t first, std::int64_t count,
                                              std::vector<std::byte>& to);
    // Elements at these places of the order above, 8 or 16 bytes each (tensor::Values).
    [[nodiscard]] Result<void> valuesAt(std::span<const std::int64_t> places,
                                        std::vector<std::byte>& to);

private:
    TensorElements(const NamedTensor& named, const Archive& archive, at::Tensor tensor);

    [[nodiscard]] std::int64_t storagePlaceOf(std::int64_t element) const;
    // The bytes of elements in the order above, into m_bytes.
    [[nodiscard]] Result<void> readRun(std::int64_t first, std::int64_t count);
    [[nodiscard]] Result<void> readStorage(std::int64_t place, std::int64_t count, std::byte* to);
    [[nodiscard]] double dequantized(double whole, std::int64_t element) const;
    void dequantize(std::int64_t first, std::span<double> whole) const;

    const NamedTensor& m_named;
    const Archive& m_archive;
    at::Tensor m_tensor;
    bool m_isContiguous = false;
    std::int64_t m_itemSize = 1;
    const std::byte* m_memory = nullptr; // the storage, unless it is read from the file
    std::vector<std::byte> m_loaded;     // the part of the storage that the tensor uses
    std::int64_t m_loadedFrom = 0;       // its place in the storage, in elements
    std::vector<std::byte> m_bytes;      // of the run that was read last
    std::vector<double> m_scales;        // one, or one for each channel
    std::vector<double> m_zeroPoints;
    std::int64_t m_channelSize = 1; // elements of one channel that follow each other
};

} // namespace jitscope::torchscript
