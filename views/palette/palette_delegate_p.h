// Draws an item: the title with the matching letters in bold, the detail in paler letters, the
// shortcut at the right. Private to views/palette.
#pragma once

#include <QStyledItemDelegate>

namespace jitscope::views {

class PaletteDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const override;
};

} // namespace jitscope::views
