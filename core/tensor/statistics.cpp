#include "core/tensor/statistics.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace jitscope::tensor {

namespace {

constexpr std::size_t blockSize = 1024; // elements that are summed by themselves
constexpr int largeExponent = 64;       // Sum::m_large is divided by two to this power

void widen(Range& range, double minimum, double maximum)
{
    // A comparison with NaN is false: the first finite elements replace it.
    if (!(range.minimum <= minimum))
        range.minimum = minimum;
    if (!(range.maximum >= maximum))
        range.maximum = maximum;
}

} // namespace

void Sum::add(double block)
{
    const double next = m_sum + block;
    if (std::isfinite(next))
        m_sum = next;
    else
        m_large += std::ldexp(block, -largeExponent);
}

double Sum::meanOf(std::int64_t n) const
{
    const auto count = static_cast<double>(n);
    return m_large == 0
               ? m_sum / count
               : std::ldexp((m_large + std::ldexp(m_sum, -largeExponent)) / count, largeExponent);
}

StatisticsBuilder::StatisticsBuilder(std::int64_t elements, std::int64_t channels)
{
    m_statistics.elements = elements;
    if (channels <= 0 || elements == 0)
        return;
    m_statistics.channels = channels;
    m_statistics.channelStep = (channels + mostChannels - 1) / mostChannels;
    m_channelElements = elements / channels * m_statistics.channelStep;
    const std::int64_t ranges =
        (channels + m_statistics.channelStep - 1) / m_statistics.channelStep;
    m_statistics.channelRanges.resize(static_cast<std::size_t>(ranges));
}

void StatisticsBuilder::addToFirstPass(std::span<const double> elements)
{
    while (!elements.empty()) {
        std::size_t count = std::min(elements.size(), blockSize);
        Range* channel = nullptr;
        if (m_channelElements > 0) {
            const auto place = static_cast<std::size_t>(m_done / m_channelElements);
            channel = &m_statistics.channelRanges.at(place);
            const std::int64_t left = m_channelElements - m_done % m_channelElements;
            count = std::min(count, static_cast<std::size_t>(left));
        }
        addBlock(elements.first(count), channel);
        elements = elements.subspan(count);
        m_done += static_cast<std::int64_t>(count);
    }
}

void StatisticsBuilder::addBlock(std::span<const double> elements, Range* channel)
{
    constexpr double infinity = std::numeric_limits<double>::infinity();
    double minimum = infinity;
    double maximum = -infinity;
    double sum = 0;
    std::int64_t finite = 0;
    for (const double element : elements) {
        if (!std::isfinite(element)) {
            m_statistics.nan += std::isnan(element) ? 1 : 0;
            m_statistics.positiveInfinity += element == infinity ? 1 : 0;
            m_statistics.negativeInfinity += element == -infinity ? 1 : 0;
            continue;
        }
        ++finite;
        m_statistics.zeros += element == 0 ? 1 : 0;
        minimum = std::min(minimum, element);
        maximum = std::max(maximum, element);
        sum += element;
    }
    if (finite == 0)
        return;
    widen(m_statistics.range, minimum, maximum);
    if (channel != nullptr)
        widen(*channel, minimum, maximum);
    if (std::isfinite(sum)) {
        m_sum.add(sum);
        return;
    }
    for (const double element : elements) {
        if (std::isfinite(element))
            m_sum.add(element);
    }
}

void StatisticsBuilder::beginSecondPass()
{
    m_isSecondPass = true;
    if (m_statistics.finite() == 0)
        return;
    const Range& range = m_statistics.range;
    m_statistics.mean =
        std::clamp(m_sum.meanOf(m_statistics.finite()), range.minimum, range.maximum);

    constexpr int largestExponent = 1023;
    int exponent = 0;
    // Halves, since the difference of two finite numbers need not be finite.
    (void)std::frexp(range.maximum / 2 - range.minimum / 2, &exponent);
    m_scale = std::ldexp(1.0, -std::clamp(exponent, -largestExponent, largestExponent));
    m_scaledMean = m_statistics.mean * m_scale;

    const double width = range.maximum * m_scale - range.minimum * m_scale;
    m_binsPerUnit = width > 0 ? static_cast<double>(histogramBins) / width : 0;
    const double step = (range.maximum - range.minimum) / static_cast<double>(histogramBins);
    for (std::size_t i = 0; i < histogramBins; ++i) {
        const auto number = static_cast<double>(i);
        const double part = number / static_cast<double>(histogramBins);
        m_edges[i] = std::isfinite(step) ? range.minimum + number * step
                                         : range.minimum * (1 - part) + range.maximum * part;
    }
    m_edges.back() = range.maximum;
}

std::size_t StatisticsBuilder::binOf(double element) const
{
    const double place = (element * m_scale - m_statistics.range.minimum * m_scale) * m_binsPerUnit;
    std::size_t bin = std::min(static_cast<std::size_t>(std::max(place, 0.0)), histogramBins - 1);
    // The edges decide, not the rounding of the place.
    if (element < m_edges[bin] && bin > 0)
        --bin;
    else if (bin + 1 < histogramBins && element >= m_edges[bin + 1])
        ++bin;
    return bin;
}

void StatisticsBuilder::addToSecondPass(std::span<const double> elements)
{
    if (!m_isSecondPass)
        beginSecondPass();
    while (!elements.empty()) {
        const std::size_t count = std::min(elements.size(), blockSize);
        double squares = 0;
        for (const double element : elements.first(count)) {
            if (!std::isfinite(element))
                continue;
            const double difference = element * m_scale - m_scaledMean;
            squares += difference * difference;
            ++m_statistics.histogram[m_binsPerUnit > 0 ? binOf(element) : 0];
        }
        m_squares += squares;
        elements = elements.subspan(count);
    }
}

Statistics StatisticsBuilder::finish()
{
    if (!m_isSecondPass)
        beginSecondPass();
    if (const std::int64_t finite = m_statistics.finite(); finite > 0)
        m_statistics.deviation = std::sqrt(m_squares / static_cast<double>(finite)) / m_scale;
    return std::move(m_statistics);
}

} // namespace jitscope::tensor
