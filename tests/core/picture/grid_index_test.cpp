// What the grid finds against a look at every rectangle.
#include "core/picture/grid_index.h"

#include <QTest>

#include <algorithm>
#include <random>

using namespace jitscope;
using picture::Rect;

class GridIndexTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsAllThatTouch_data()
    {
        QTest::addColumn<double>("side");
        QTest::newRow("one cell") << 500.0;
        QTest::newRow("many cells") << 20'000.0;
        QTest::newRow("larger cells") << 5e6;
    }

    void findsAllThatTouch()
    {
        QFETCH(double, side);
        std::mt19937 random(7);
        const auto rect = [&](double longest) {
            const auto upTo = [&](double most) {
                return std::uniform_real_distribution<double>(0, most)(random);
            };
            return Rect{upTo(side) - side / 2, upTo(side) - side / 2, upTo(longest), upTo(longest)};
        };
        std::vector<Rect> rects;
        for (int i = 0; i < 400; ++i)
            rects.push_back(rect(i % 50 == 0 ? side : side / 100));
        const picture::GridIndex grid(rects);
        std::vector<std::uint32_t> marks; // shared by all, as callers do
        for (int i = 0; i < 200; ++i) {
            const Rect area = rect(side / 20);
            std::vector<std::uint32_t> found;
            grid.find(area, found, marks);
            QVERIFY(std::is_sorted(found.begin(), found.end()));
            QVERIFY(std::adjacent_find(found.begin(), found.end()) == found.end());
            for (std::uint32_t k = 0; k < rects.size(); ++k) {
                if (rects[k].intersects(area))
                    QVERIFY(std::binary_search(found.begin(), found.end(), k));
            }
        }
    }

    void leavesOutWhatIsFarAway()
    {
        std::vector<Rect> rects;
        for (int i = 0; i < 100; ++i)
            rects.push_back({i * 1000.0, 0, 10, 10});
        std::vector<std::uint32_t> found{77}; // is kept
        std::vector<std::uint32_t> marks;
        picture::GridIndex(rects).find({50'000, 0, 10, 10}, found, marks);
        QVERIFY(found.size() >= 2 && found.size() <= 4);
        QCOMPARE(found.front(), 77U);
    }

    void emptyFindsNothing()
    {
        std::vector<std::uint32_t> found;
        std::vector<std::uint32_t> marks;
        picture::GridIndex().find({0, 0, 10, 10}, found, marks);
        picture::GridIndex(std::vector<Rect>()).find({0, 0, 10, 10}, found, marks);
        QVERIFY(found.empty());
    }
};

QTEST_GUILESS_MAIN(GridIndexTest)
#include "grid_index_test.moc"
