// A rectangle of a tensor's elements, as numbers: what a person looks at, not what is computed
// with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace jitscope::tensor {

// The most elements of one rectangle: its answer stays below 400 KB.
inline constexpr std::int64_t mostValues = 16'384;

// Which elements: rows along one dimension and columns along another, at fixed indices of the rest.
struct Slice
{
    std::vector<std::int64_t>
        index;                      // one for each dimension; those of rows and columns are ignored
    std::int64_t rowDimension = -1; // -1: one row
    std::int64_t columnDimension = -1; // -1: one column
    std::int64_t firstRow = 0;
    std::int64_t rows = 1;
    std::int64_t firstColumn = 0;
    std::int64_t columns = 1;
};

enum class ValueKind : std::uint8_t
{
    Real,     // of floating-point and quantized (dequantized) tensors: double
    Signed,   // of whole numbers and truth values: std::int64_t
    Unsigned, // of unsigned 64-bit numbers: std::uint64_t
    Complex   // two doubles, the real part first
};

struct Values
{
    ValueKind kind = ValueKind::Real;
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    std::vector<std::byte> elements; // row by row, little-endian, 8 bytes each, complex ones 16
};

} // namespace jitscope::tensor
