// The statistics against sums in a wider type, worked out in the plainest way.
#include "core/tensor/statistics.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <random>

using namespace jitscope::tensor;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

Statistics statisticsOf(const std::vector<double>& elements, std::int64_t channels = 0,
                        std::size_t piece = 1000)
{
    StatisticsBuilder builder(static_cast<std::int64_t>(elements.size()), channels);
    const std::span<const double> all(elements);
    for (std::size_t i = 0; i < all.size(); i += piece)
        builder.addToFirstPass(all.subspan(i, std::min(piece, all.size() - i)));
    for (std::size_t i = 0; i < all.size(); i += piece)
        builder.addToSecondPass(all.subspan(i, std::min(piece, all.size() - i)));
    return builder.finish();
}

std::vector<double> normal(std::size_t count, double mean, double deviation)
{
    std::mt19937 random(7); // NOLINT: the same numbers every time
    std::normal_distribution<double> distribution(mean, deviation);
    std::vector<double> elements(count);
    for (double& element : elements)
        element = distribution(random);
    return elements;
}

std::int64_t sumOf(const std::array<std::int64_t, histogramBins>& histogram)
{
    std::int64_t sum = 0;
    for (const std::int64_t count : histogram)
        sum += count;
    return sum;
}

void compareRelative(double actual, double expected, double tolerance)
{
    QVERIFY2(
        std::abs(actual - expected) <= tolerance * std::abs(expected),
        qPrintable(QStringLiteral("%1 and %2").arg(actual, 0, 'g', 17).arg(expected, 0, 'g', 17)));
}

} // namespace

class StatisticsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void agreesWithWiderSums_data()
    {
        QTest::addColumn<double>("mean");
        QTest::addColumn<double>("deviation");
        QTest::newRow("usual weights") << 0.01 << 0.05;
        QTest::newRow("far from zero") << 1e6 << 1e-3;
        QTest::newRow("tiny") << 0.0 << 1e-300;
        QTest::newRow("huge") << 1e306 << 1e306;
    }

    void agreesWithWiderSums()
    {
        QFETCH(double, mean);
        QFETCH(double, deviation);
        const std::vector<double> elements = normal(100'003, mean, deviation);
        long double sum = 0;
        for (const double element : elements)
            sum += element;
        const long double expectedMean = sum / elements.size();
        long double squares = 0;
        for (const double element : elements)
            squares += (element - expectedMean) * (element - expectedMean);
        const Statistics statistics = statisticsOf(elements);
        QCOMPARE(statistics.elements, 100'003);
        QCOMPARE(statistics.finite(), 100'003);
        QCOMPARE(statistics.range.minimum, *std::min_element(elements.begin(), elements.end()));
        QCOMPARE(statistics.range.maximum, *std::max_element(elements.begin(), elements.end()));
        QVERIFY(std::abs(statistics.mean - static_cast<double>(expectedMean)) <=
                1e-13 * std::max(std::abs(mean), deviation));
        compareRelative(statistics.deviation,
                        static_cast<double>(std::sqrt(squares / elements.size())), 1e-9);
        QCOMPARE(sumOf(statistics.histogram), 100'003);
    }

    void binsAreThoseOfTheDefinition()
    {
        const std::vector<double> elements = normal(20'000, 0.3, 2);
        const Statistics statistics = statisticsOf(elements);
        const double minimum = statistics.range.minimum;
        const double step = (statistics.range.maximum - minimum) / histogramBins;
        std::array<std::int64_t, histogramBins> expected{};
        for (const double element : elements) {
            std::size_t bin = 0;
            while (bin + 1 < histogramBins &&
                   element >= minimum + static_cast<double>(bin + 1) * step)
                ++bin;
            ++expected[bin];
        }
        QVERIFY(statistics.histogram == expected);
    }

    void wholeNumbersFallIntoTheirOwnBins()
    {
        std::vector<double> elements;
        for (int i = 0; i <= 64; ++i)
            elements.push_back(i);
        const Statistics statistics = statisticsOf(elements);
        for (std::size_t bin = 0; bin + 1 < histogramBins; ++bin)
            QCOMPARE(statistics.histogram[bin], 1);
        QCOMPARE(statistics.histogram.back(), 2); // 63 and the maximum
    }

    void whatIsNotFiniteIsCountedApart()
    {
        const Statistics statistics =
            statisticsOf({0, NAN, 3, -infinity, 0, infinity, infinity, -1, -0.0});
        QCOMPARE(statistics.elements, 9);
        QCOMPARE(statistics.zeros, 3);
        QCOMPARE(statistics.nan, 1);
        QCOMPARE(statistics.positiveInfinity, 2);
        QCOMPARE(statistics.negativeInfinity, 1);
        QCOMPARE(statistics.finite(), 5);
        QCOMPARE(statistics.range.minimum, -1.0);
        QCOMPARE(statistics.range.maximum, 3.0);
        QCOMPARE(statistics.mean, 0.4);
        compareRelative(statistics.deviation, std::sqrt(1.84), 1e-15);
        QCOMPARE(sumOf(statistics.histogram), 5);
    }

    void withoutFiniteElementsThereIsNoRange()
    {
        for (const std::vector<double>& elements :
             {std::vector<double>{}, std::vector<double>{NAN, infinity}}) {
            const Statistics statistics = statisticsOf(elements);
            QCOMPARE(statistics.elements, static_cast<std::int64_t>(elements.size()));
            QVERIFY(std::isnan(statistics.range.minimum));
            QVERIFY(std::isnan(statistics.range.maximum));
            QVERIFY(std::isnan(statistics.mean));
            QVERIFY(std::isnan(statistics.deviation));
            QCOMPARE(sumOf(statistics.histogram), 0);
        }
    }

    void equalElementsHaveNoDeviation()
    {
        const Statistics statistics = statisticsOf(std::vector<double>(3000, 0.1));
        QCOMPARE(statistics.range.minimum, 0.1);
        QCOMPARE(statistics.mean, 0.1);
        QCOMPARE(statistics.deviation, 0.0);
        QCOMPARE(statistics.histogram[0], 3000);
    }

    void theWidestRangeDoesNotOverflow()
    {
        const double largest = std::numeric_limits<double>::max();
        const Statistics statistics = statisticsOf({largest, largest, -largest, -largest, 0, 0});
        QCOMPARE(statistics.mean, 0.0);
        compareRelative(statistics.deviation, largest * std::sqrt(4.0 / 6), 1e-15);
        QCOMPARE(statistics.histogram.front(), 2);
        QCOMPARE(statistics.histogram.back(), 2);
        QCOMPARE(statistics.histogram[32], 2);
        QCOMPARE(statisticsOf(std::vector<double>(2000, largest)).mean, largest);
    }

    void theSmallestNumbersAreNotLost()
    {
        const double smallest = std::numeric_limits<double>::denorm_min();
        const Statistics statistics = statisticsOf({0, 64 * smallest});
        QCOMPARE(statistics.mean, 32 * smallest);
        QCOMPARE(statistics.deviation, 32 * smallest);
        QCOMPARE(statistics.histogram.front(), 1);
        QCOMPARE(statistics.histogram.back(), 1);
    }

    void piecesMakeNoDifference()
    {
        const std::vector<double> elements = normal(6 * 777, 1, 1);
        const Statistics whole = statisticsOf(elements, 6, elements.size());
        for (const std::size_t piece : {1U, 7U, 1024U, 1555U}) {
            const Statistics pieces = statisticsOf(elements, 6, piece);
            compareRelative(pieces.mean, whole.mean, 1e-13);
            compareRelative(pieces.deviation, whole.deviation, 1e-13);
            QVERIFY(pieces.histogram == whole.histogram);
            for (std::size_t i = 0; i < whole.channelRanges.size(); ++i) {
                QCOMPARE(pieces.channelRanges[i].minimum, whole.channelRanges[i].minimum);
                QCOMPARE(pieces.channelRanges[i].maximum, whole.channelRanges[i].maximum);
            }
        }
    }

    void channelsHaveTheirRanges()
    {
        const Statistics statistics = statisticsOf({1, 2, 3, -4, 5, NAN, NAN, NAN, NAN}, 3);
        QCOMPARE(statistics.channels, 3);
        QCOMPARE(statistics.channelStep, 1);
        QCOMPARE(statistics.channelRanges.size(), 3U);
        QCOMPARE(statistics.channelRanges[0].minimum, 1.0);
        QCOMPARE(statistics.channelRanges[0].maximum, 3.0);
        QCOMPARE(statistics.channelRanges[1].minimum, -4.0);
        QCOMPARE(statistics.channelRanges[1].maximum, 5.0);
        QVERIFY(std::isnan(statistics.channelRanges[2].minimum));
        QVERIFY(std::isnan(statistics.channelRanges[2].maximum));
    }

    void manyChannelsAreTakenTogether()
    {
        std::vector<double> elements;
        for (int i = 0; i < 2500 * 2; ++i)
            elements.push_back(i);
        const Statistics statistics = statisticsOf(elements, 2500);
        QCOMPARE(statistics.channels, 2500);
        QCOMPARE(statistics.channelStep, 3);
        QCOMPARE(statistics.channelRanges.size(), 834U);
        QCOMPARE(statistics.channelRanges[1].minimum, 6.0);
        QCOMPARE(statistics.channelRanges[1].maximum, 11.0);
        QCOMPARE(statistics.channelRanges.back().minimum, 4998.0); // one index is left
        QCOMPARE(statistics.channelRanges.back().maximum, 4999.0);
    }
};

QTEST_GUILESS_MAIN(StatisticsTest)
#include "statistics_test.moc"
