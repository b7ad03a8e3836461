// A bar behind the share of a tensor. Private to views/weights.
#pragma once

#include <QStyledItemDelegate>

namespace jitscope::views {

class ShareDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
};

} // namespace jitscope::views
