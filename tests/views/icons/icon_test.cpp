#include "views/icons/icon.h"

#include <QGuiApplication>
#include <QImage>
#include <QPalette>
#include <QTest>

#include <algorithm>

namespace jitscope::views {

class IconTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyIconIsDrawn_data()
    {
        QTest::addColumn<QString>("name");
        QVERIFY(iconNames().size() > 20);
        const QStringList names = iconNames();
        for (const QString& name : names)
            QTest::newRow(qPrintable(name)) << name;
    }

    void everyIconIsDrawn()
    {
        QFETCH(QString, name);
        const QImage image = icon(name).pixmap(QSize(32, 32), 1.0).toImage();
        QCOMPARE(image.size(), QSize(32, 32));
        QVERIFY2(paintedPixels(image) > 32, "the icon is empty");
        QVERIFY2(paintedPixels(image) < 32 * 32, "the icon leaves no margin");
    }

    void hasTwiceThePixelsOnAScaledScreen()
    {
        const QPixmap pixmap = icon(QStringLiteral("open")).pixmap(QSize(16, 16), 2.0);
        QCOMPARE(pixmap.size(), QSize(32, 32));
        QCOMPARE(pixmap.devicePixelRatio(), 2.0);
    }

    void followsThePalette()
    {
        const QIcon open = icon(QStringLiteral("open"));
        const QPalette before = QGuiApplication::palette();
        QPalette dark = before;
        dark.setColor(QPalette::WindowText, QColor(0xf0, 0xf0, 0xf0));
        QPalette light = before;
        light.setColor(QPalette::WindowText, QColor(0x10, 0x10, 0x10));
        QGuiApplication::setPalette(dark);
        const int onDark = brightest(open.pixmap(QSize(32, 32), 1.0).toImage());
        QGuiApplication::setPalette(light);
        const int onLight = brightest(open.pixmap(QSize(32, 32), 1.0).toImage());
        QGuiApplication::setPalette(before);
        QVERIFY(onDark > 0xe0);
        QVERIFY(onLight < 0x20);
    }

    void disabledIsFainter()
    {
        const QIcon run = icon(QStringLiteral("run"));
        const auto alpha = [&run](QIcon::Mode mode) {
            return qAlpha(run.pixmap(QSize(32, 32), 1.0, mode).toImage().pixel(14, 16));
        };
        QVERIFY(alpha(QIcon::Disabled) < alpha(QIcon::Normal));
    }

    void anUnknownNameGivesNoIcon()
    {
        QVERIFY(icon(QStringLiteral("no such icon")).isNull());
        QVERIFY(icon(QString()).isNull());
    }

private:
    static int paintedPixels(const QImage& image)
    {
        int count = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                count += qAlpha(image.pixel(x, y)) > 0 ? 1 : 0;
        return count;
    }

    // Of the pixels that are fully painted.
    static int brightest(const QImage& image)
    {
        int value = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                if (qAlpha(image.pixel(x, y)) == 255)
                    value = std::max(value, qGray(image.pixel(x, y)));
        return value;
    }
};

} // namespace jitscope::views

QTEST_MAIN(jitscope::views::IconTest)
#include "icon_test.moc"
