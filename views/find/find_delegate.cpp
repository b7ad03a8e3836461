#include "views/find/find_delegate_p.h"

#include "views/look/formatted_line.h"

#include <QApplication>
#include <QPainter>

#include <algorithm>

namespace jitscope::views {

namespace {

// Where the words of a query stand in a text.
QList<QTextLayout::FormatRange> matches(const QString& text, const search::Query& query)
{
    QList<QTextLayout::FormatRange> ranges;
    QTextCharFormat bold;
    bold.setFontWeight(QFont::Bold);
    for (const search::Term& term : query.terms) {
        const QString word = QString::fromStdString(term.text);
        if (word.isEmpty())
            continue;
        for (qsizetype at = text.indexOf(word, 0, Qt::CaseInsensitive); at >= 0;
             at = text.indexOf(word, at + word.size(), Qt::CaseInsensitive))
            ranges.append({static_cast<int>(at), static_cast<int>(word.size()), bold});
    }
    return ranges;
}

} // namespace

FindDelegate::FindDelegate(const FindModel& model, QObject* parent)
    : QStyledItemDelegate(parent), m_model(model)
{}

void FindDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                         const QModelIndex& index) const
{
    if (!index.parent().isValid()) { // a group
        QStyleOptionViewItem bold = option;
        bold.font.setBold(true);
        QStyledItemDelegate::paint(painter, bold, index);
        return;
    }
    QStyleOptionViewItem background = option;
    initStyleOption(&background, index);
    background.text.clear();
    const QStyle* style = option.widget != nullptr ? option.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &background, painter, option.widget);

    const QString title = index.data(FindModel::titleRole).toString();
    const QString place = index.data(FindModel::placeRole).toString();
    const bool isSelected = option.state.testFlag(QStyle::State_Selected);
    const auto group =
        option.state.testFlag(QStyle::State_Active) ? QPalette::Active : QPalette::Inactive;
    const QColor colour =
        option.palette.color(group, isSelected ? QPalette::HighlightedText : QPalette::Text);
    QTextCharFormat pale;
    QColor paleColour = colour;
    paleColour.setAlphaF(0.62F);
    pale.setForeground(paleColour);
    const QString text = place.isEmpty() ? title : title + QStringLiteral("   ") + place;
    QList<QTextLayout::FormatRange> formats = matches(title, m_model.query());
    formats.append(
        {static_cast<int>(title.size()), static_cast<int>(text.size() - title.size()), pale});
    const int margin = style->pixelMetric(QStyle::PM_FocusFrameHMargin, nullptr, option.widget) + 1;
    const QRect area = option.rect.adjusted(margin, 0, -margin, 0);
    painter->save();
    drawFormattedLine(*painter, area, text, formats, option.font, colour);
    painter->restore();
}

} // namespace jitscope::views
