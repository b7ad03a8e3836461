// A bar behind a percentage in a table.
#pragma once

#include <QStyledItemDelegate>

namespace jitscope::views {

class ShareDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    // `role` of the model gives the share, from 0 to 1.
    explicit ShareDelegate(int role, QObject* parent = nullptr);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;

private:
    int m_role;
};

} // namespace jitscope::views
