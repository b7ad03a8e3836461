// Draws a hit: what matches, with the words of the query in bold, and in paler letters where it is.
// Private to views/find.
#pragma once

#include "views/find/find_model.h"

#include <QStyledItemDelegate>

namespace jitscope::views {

class FindDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    explicit FindDelegate(const FindModel& model, QObject* parent = nullptr);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;

private:
    const FindModel& m_model;
};

} // namespace jitscope::views
