#include "views/shell/theme.h"

#include <QApplication>
#include <QStyle>
#include <QStyleFactory>

namespace jitscope::views {

namespace {

struct Colours
{
    QColor window, base, alternate, text, dim, button, border, highlight, highlighted, link, tip;
};

Colours coloursOf(Theme theme)
{
    if (theme == Theme::Dark) {
        return {QColor(0x25, 0x28, 0x2d), QColor(0x1c, 0x1e, 0x22), QColor(0x22, 0x25, 0x2a),
                QColor(0xe3, 0xe6, 0xea), QColor(0x8b, 0x93, 0x9d), QColor(0x30, 0x34, 0x3a),
                QColor(0x16, 0x18, 0x1b), QColor(0x2f, 0x6f, 0xb5), QColor(0xff, 0xff, 0xff),
                QColor(0x6c, 0xb0, 0xf5), QColor(0x33, 0x38, 0x40)};
    }
    return {QColor(0xf2, 0xf3, 0xf5), QColor(0xff, 0xff, 0xff), QColor(0xf7, 0xf8, 0xfa),
            QColor(0x1d, 0x22, 0x29), QColor(0x76, 0x7e, 0x88), QColor(0xe9, 0xeb, 0xee),
            QColor(0xb6, 0xbc, 0xc4), QColor(0x2f, 0x74, 0xc0), QColor(0xff, 0xff, 0xff),
            QColor(0x1b, 0x5f, 0xab), QColor(0xff, 0xff, 0xf0)};
}

Theme resolved(Theme theme)
{
    if (theme != Theme::System)
        return theme;
    const QPalette desktop = QApplication::style()->standardPalette();
    return desktop.color(QPalette::Window).lightness() < 128 ? Theme::Dark : Theme::Light;
}

} // namespace

QPalette palette(Theme theme)
{
    const Colours c = coloursOf(resolved(theme));
    QPalette p;
    p.setColor(QPalette::Window, c.window);
    p.setColor(QPalette::WindowText, c.text);
    p.setColor(QPalette::Base, c.base);
    p.setColor(QPalette::AlternateBase, c.alternate);
    p.setColor(QPalette::Text, c.text);
    p.setColor(QPalette::PlaceholderText, c.dim);
    p.setColor(QPalette::Button, c.button);
    p.setColor(QPalette::ButtonText, c.text);
    p.setColor(QPalette::BrightText, Qt::white);
    p.setColor(QPalette::ToolTipBase, c.tip);
    p.setColor(QPalette::ToolTipText, c.text);
    p.setColor(QPalette::Highlight, c.highlight);
    p.setColor(QPalette::HighlightedText, c.highlighted);
    p.setColor(QPalette::Link, c.link);
    p.setColor(QPalette::Mid, c.border);
    p.setColor(QPalette::Dark, c.border.darker(115));
    p.setColor(QPalette::Light, c.window.lighter(115));
    p.setColor(QPalette::Shadow, QColor(0, 0, 0, 90));
    for (const QPalette::ColorRole role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, c.dim);
    p.setColor(QPalette::Disabled, QPalette::Highlight, c.border);
    return p;
}

void applyTheme(QApplication& application, Theme theme)
{
    const QPalette chosen = palette(theme); // before the style hides the desktop's palette
    application.setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    application.setPalette(chosen);
}

} // namespace jitscope::views
