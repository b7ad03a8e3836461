// Statistics of a tensor's elements, in two passes over them, in double precision. Only finite
// elements count for the range, mean, deviation and histogram; the others are counted apart.
//
//   mean      = sum(x) / n
//   deviation = sqrt(sum((x - mean)^2) / n)
//
// n is the number of finite elements. Sums are those of blocks, so that the error does not grow
// with the number of elements, and do not overflow where their result does not. Bin i of the
// histogram holds the elements with edge(i) <= x < edge(i + 1), the last one also the maximum,
// where edge(i) = minimum + i * (maximum - minimum) / 64.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace jitscope::tensor {

inline constexpr std::size_t histogramBins = 64;
// A longer first dimension is divided into this many pieces of equal length.
inline constexpr std::int64_t mostChannels = 1024;

inline constexpr double noNumber = std::numeric_limits<double>::quiet_NaN();

struct Range
{
    double minimum = noNumber; // both NaN when no element is finite
    double maximum = noNumber;
};

struct Statistics
{
    std::int64_t elements = 0;
    std::int64_t zeros = 0;
    std::int64_t nan = 0;
    std::int64_t positiveInfinity = 0;
    std::int64_t negativeInfinity = 0;
    Range range;
    double mean = noNumber;
    double deviation = noNumber;
    std::array<std::int64_t, histogramBins> histogram{};
    std::int64_t channels = 0; // size of the first dimension; 0 when its ranges were not asked for
    std::int64_t channelStep = 1; // indices that one of the ranges covers
    std::vector<Range> channelRanges;

    [[nodiscard]] std::int64_t finite() const
    {
        return elements - nan - positiveInfinity - negativeInfinity;
    }
};

// A sum that overflows only if its result does.
class Sum
{
public:
    void add(double block);
    [[nodiscard]] double meanOf(std::int64_t n) const;

private:
    double m_sum = 0;
    double m_large = 0; // what no longer fits, divided by a power of two
};

class StatisticsBuilder
{
public:
    // `channels` is the size of the first dimension when its ranges are wanted, else 0; `elements`
    // is a multiple of it.
    StatisticsBuilder(std::int64_t elements, std::int64_t channels);

    // All elements in their order (the last index runs fastest), in pieces of any size, first to
    // the one and then to the other.
    void addToFirstPass(std::span<const double> elements);
    void addToSecondPass(std::span<const double> elements);

    [[nodiscard]] Statistics finish();

private:
    void addBlock(std::span<const double> elements, Range* channel);
    void beginSecondPass();
    [[nodiscard]] std::size_t binOf(double element) const;

    Statistics m_statistics;
    std::int64_t m_channelElements = 0; // of one of the ranges
    std::int64_t m_done = 0;            // elements of the first pass so far
    Sum m_sum;
    bool m_isSecondPass = false;
    double m_scale = 1; // a power of two that brings the differences from the mean near to one
    double m_scaledMean = 0;
    double m_squares = 0; // of the scaled differences
    double m_binsPerUnit = 0;
    std::array<double, histogramBins + 1> m_edges{};
};

} // namespace jitscope::tensor
