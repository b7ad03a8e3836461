#include "views/code/find_bar_p.h"

#include "views/code/code_edit_p.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>

namespace jitscope::views {

FindBar::FindBar(QWidget* parent)
    : QWidget(parent), m_text(new QLineEdit(this)), m_result(new QLabel(this))
{
    setObjectName(QStringLiteral("codeFindBar"));
    m_text->setObjectName(QStringLiteral("codeFindText"));
    m_text->setPlaceholderText(tr("Find in this text"));
    m_text->setAccessibleName(m_text->placeholderText());
    m_text->setClearButtonEnabled(true);
    m_result->setObjectName(QStringLiteral("codeFindResult"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(6, 3, 6, 3);
    layout->addWidget(m_text);
    const auto addButton = [&](Qt::ArrowType arrow, const QString& tip, bool backwards) {
        auto* button = new QToolButton(this);
        button->setArrowType(arrow);
        button->setAutoRaise(true);
        button->setToolTip(tip);
        button->setAccessibleName(tip);
        connect(button, &QToolButton::clicked, this, [this, backwards] { find(backwards); });
        layout->addWidget(button);
    };
    addButton(Qt::UpArrow, tr("Previous (Shift+Enter)"), true);
    addButton(Qt::DownArrow, tr("Next (Enter)"), false);
    layout->addWidget(m_result, 1);
    auto* close = new QToolButton(this);
    close->setText(QStringLiteral("\u00d7"));
    close->setAutoRaise(true);
    close->setToolTip(tr("Close (Esc)"));
    close->setAccessibleName(close->toolTip());
    connect(close, &QToolButton::clicked, this, [this] { this->close(); });
    layout->addWidget(close);
    connect(m_text, &QLineEdit::textChanged, this, &FindBar::findFromHere);
    hide();
}

void FindBar::open()
{
    const QString selected = m_edit == nullptr ? QString() : m_edit->textCursor().selectedText();
    show();
    if (!selected.isEmpty() && !selected.contains(QChar::ParagraphSeparator))
        m_text->setText(selected);
    m_text->selectAll();
    m_text->setFocus();
}

void FindBar::close()
{
    hide();
    if (m_edit != nullptr)
        m_edit->setFocus();
}

// While typing: the match that begins where the one before did, or later.
void FindBar::findFromHere()
{
    if (m_edit == nullptr)
        return;
    QTextCursor cursor = m_edit->textCursor();
    cursor.setPosition(cursor.selectionStart());
    m_edit->setTextCursor(cursor);
    if (m_text->text().isEmpty())
        m_result->clear();
    else
        find(false);
}

void FindBar::find(bool backwards)
{
    const QString text = m_text->text();
    if (text.isEmpty() || m_edit == nullptr)
        return open();
    bool wrapped = false;
    if (!m_edit->findText(text, backwards, wrapped))
        m_result->setText(tr("Not found"));
    else if (wrapped)
        m_result->setText(backwards ? tr("Went on at the end") : tr("Went on at the beginning"));
    else
        m_result->clear();
}

// Keeps Esc from an action of the window that has it as its shortcut.
bool FindBar::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        event->accept();
        return true;
    }
    return QWidget::event(event);
}

void FindBar::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        return close();
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        return find(event->modifiers().testFlag(Qt::ShiftModifier));
    QWidget::keyPressEvent(event);
}

} // namespace jitscope::views
