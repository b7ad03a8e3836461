#include "views/palette/palette_delegate_p.h"

#include "views/look/formatted_line.h"
#include "views/palette/palette_model.h"

#include <QApplication>
#include <QPainter>

namespace jitscope::views {

namespace {

constexpr int padding = 8; // left and right

QColor pale(QColor colour)
{
    colour.setAlphaF(0.6F);
    return colour;
}

} // namespace

void PaletteDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const
{
    QStyleOptionViewItem background = option;
    initStyleOption(&background, index);
    background.text.clear();
    background.state |= QStyle::State_Active; // the keyboard is in the line above
    const QStyle* style = option.widget != nullptr ? option.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &background, painter, option.widget);

    const auto* model = qobject_cast<const PaletteModel*>(index.model());
    const PaletteItem* item = model != nullptr ? model->item(index) : nullptr;
    if (item == nullptr)
        return;
    const bool isSelected = option.state.testFlag(QStyle::State_Selected);
    QColor colour = option.palette.color(QPalette::Active,
                                         isSelected ? QPalette::HighlightedText : QPalette::Text);
    if (!item->isEnabled)
        colour = pale(colour);
    QRect area = option.rect.adjusted(padding, 0, -padding, 0);
    painter->save();
    painter->setFont(option.font);

    const QString shortcut = index.data(PaletteModel::shortcutRole).toString();
    if (!shortcut.isEmpty()) {
        painter->setPen(pale(colour));
        painter->drawText(area, Qt::AlignRight | Qt::AlignVCenter, shortcut);
        area.setRight(area.right() - option.fontMetrics.horizontalAdvance(shortcut) - 2 * padding);
    }
    const QString detail = index.data(PaletteModel::detailRole).toString();
    const QString text =
        detail.isEmpty() ? item->title : item->title + QStringLiteral("   ") + detail;
    QList<QTextLayout::FormatRange> formats;
    QTextCharFormat bold;
    bold.setFontWeight(QFont::Bold);
    for (const int letter : index.data(PaletteModel::lettersRole).value<QList<int>>())
        formats.append({letter, 1, bold});
    QTextCharFormat paler;
    paler.setForeground(pale(colour));
    formats.append({static_cast<int>(item->title.size()),
                    static_cast<int>(text.size() - item->title.size()), paler});
    drawFormattedLine(*painter, area, text, formats, option.font, colour);
    painter->restore();
}

QSize PaletteDelegate::sizeHint(const QStyleOptionViewItem& option,
                                const QModelIndex& /*index*/) const
{
    return {0, option.fontMetrics.height() + padding};
}

} // namespace jitscope::views
