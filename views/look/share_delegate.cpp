#include "views/look/share_delegate.h"

#include <QApplication>
#include <QPainter>

#include <algorithm>

namespace jitscope::views {

ShareDelegate::ShareDelegate(int role, QObject* parent) : QStyledItemDelegate(parent), m_role(role)
{}

void ShareDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const
{
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    item.text.clear();
    const QStyle* style = item.widget != nullptr ? item.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &item, painter, item.widget);
    const bool isSelected = option.state.testFlag(QStyle::State_Selected);
    QColor bar = option.palette.color(isSelected ? QPalette::HighlightedText : QPalette::Highlight);
    bar.setAlpha(isSelected ? 70 : 110);
    QRectF rect = QRectF(option.rect).adjusted(3, 3, -3, -3);
    rect.setWidth(std::max(1.0, rect.width() * index.data(m_role).toDouble()));
    painter->fillRect(rect, bar);
    painter->setPen(option.palette.color(isSelected ? QPalette::HighlightedText : QPalette::Text));
    painter->drawText(option.rect.adjusted(3, 0, -5, 0), Qt::AlignRight | Qt::AlignVCenter,
                      index.data().toString());
}

} // namespace jitscope::views
