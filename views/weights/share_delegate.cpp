#include "views/weights/share_delegate_p.h"

#include "views/weights/tensor_table_model.h"

#include <QApplication>
#include <QPainter>

#include <algorithm>

namespace jitscope::views {

void ShareDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const
{
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    item.text.clear();
    const QStyle* style = item.widget != nullptr ? item.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &item, painter, item.widget);
    const bool isSelected = option.state.testFlag(QStyle::State_Selected);
    const QPalette::ColorRole front = isSelected ? QPalette::HighlightedText : QPalette::Highlight;
    QColor bar = option.palette.color(front);
    bar.setAlpha(isSelected ? 70 : 110);
    QRectF rect = QRectF(option.rect).adjusted(3, 3, -3, -3);
    rect.setWidth(std::max(1.0, rect.width() * index.data(TensorTableModel::ShareRole).toDouble()));
    painter->fillRect(rect, bar);
    painter->setPen(option.palette.color(isSelected ? QPalette::HighlightedText : QPalette::Text));
    painter->drawText(option.rect.adjusted(3, 0, -5, 0), Qt::AlignRight | Qt::AlignVCenter,
                      index.data().toString());
}

} // namespace jitscope::views
