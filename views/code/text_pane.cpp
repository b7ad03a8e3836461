#include "views/code/text_pane_p.h"

#include <QComboBox>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace jitscope::views {

namespace {

// A label that gives way: paths are long, and the end of one says most.
class ElidedLabel : public QLabel
{
public:
    using QLabel::QLabel;
    [[nodiscard]] QSize minimumSizeHint() const override
    {
        return {0, QLabel::minimumSizeHint().height()};
    }

protected:
    void resizeEvent(QResizeEvent* event) override
    {
        QLabel::resizeEvent(event);
        elide();
    }
    bool event(QEvent* event) override
    {
        if (event->type() == QEvent::ToolTipChange || event->type() == QEvent::FontChange)
            elide();
        return QLabel::event(event);
    }

private:
    void elide()
    {
        const QString text =
            fontMetrics().elidedText(toolTip(), Qt::ElideMiddle, contentsRect().width());
        if (text != this->text())
            setText(text);
    }
};

} // namespace

TextPane::TextPane(const QString& name, const QString& title, QWidget* parent)
    : QWidget(parent),
      m_texts(new QComboBox(this)),
      m_origin(new ElidedLabel(this)),
      m_warningBar(new QFrame(this)),
      m_warning(new QLabel(m_warningBar)),
      m_candidates(new QToolButton(m_warningBar)),
      m_other(new QToolButton(m_warningBar)),
      m_edit(new CodeEdit(this)),
      m_message(new QLabel(this)),
      m_stack(new QStackedWidget(this))
{
    setObjectName(name + QStringLiteral("Pane"));
    m_texts->setObjectName(name + QStringLiteral("Texts"));
    m_texts->setAccessibleName(title);
    m_texts->setToolTip(title);
    m_texts->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_texts->setMinimumContentsLength(12);
    m_origin->setObjectName(name + QStringLiteral("Origin"));
    m_origin->setContentsMargins(8, 0, 8, 3);
    m_origin->setForegroundRole(QPalette::PlaceholderText);
    m_warningBar->setObjectName(name + QStringLiteral("WarningBar"));
    m_warningBar->setAutoFillBackground(true);
    m_warningBar->setBackgroundRole(QPalette::ToolTipBase);
    m_warning->setObjectName(name + QStringLiteral("Warning"));
    m_warning->setAccessibleName(tr("What is to be known of this text"));
    m_warning->setWordWrap(true);
    m_warning->setForegroundRole(QPalette::ToolTipText);
    m_warning->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_candidates->setObjectName(name + QStringLiteral("Candidates"));
    m_candidates->setText(tr("Choose"));
    m_candidates->setPopupMode(QToolButton::InstantPopup);
    m_candidates->setMenu(new QMenu(m_candidates));
    m_candidates->setAccessibleName(tr("Choose the file"));
    m_other->setObjectName(name + QStringLiteral("Other"));
    m_other->setAccessibleName(tr("Show the other text"));
    m_edit->setObjectName(name + QStringLiteral("Text"));
    m_edit->setAccessibleName(title);
    m_message->setObjectName(name + QStringLiteral("Message"));
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setWordWrap(true);
    m_message->setMargin(24);
    m_message->setBackgroundRole(QPalette::Base);
    m_message->setAutoFillBackground(true);
    m_stack->addWidget(m_edit);
    m_stack->addWidget(m_message);

    auto* warning = new QHBoxLayout(m_warningBar);
    warning->setContentsMargins(8, 3, 6, 3);
    warning->addWidget(m_warning, 1);
    warning->addWidget(m_candidates);
    warning->addWidget(m_other);
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(6, 3, 6, 3);
    bar->addWidget(m_texts, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(bar);
    layout->addWidget(m_origin);
    layout->addWidget(m_warningBar);
    layout->addWidget(m_stack, 1);

    connect(m_texts, &QComboBox::activated, this, [this] { Q_EMIT textChosen(chosen()); });
    connect(m_edit, &CodeEdit::lineClicked, this, &TextPane::lineClicked);
    connect(m_other, &QToolButton::clicked, this, [this] { Q_EMIT otherWanted(!code().isOfFile); });
    showMessage({});
}

void TextPane::setEntries(const std::vector<Entry>& entries)
{
    const QString before = chosen();
    m_texts->clear();
    for (const Entry& entry : entries) {
        m_texts->addItem(entry.title, entry.name);
        m_texts->setItemData(m_texts->count() - 1, entry.name, Qt::ToolTipRole);
    }
    m_texts->setEnabled(!entries.empty());
    choose(before);
}

void TextPane::setTitle(const QString& name, const QString& title)
{
    if (const int row = m_texts->findData(name); row >= 0)
        m_texts->setItemText(row, title);
}

bool TextPane::choose(const QString& name)
{
    const int row = m_texts->findData(name);
    if (row >= 0)
        m_texts->setCurrentIndex(row);
    return row >= 0;
}

QString TextPane::chosen() const
{
    return m_texts->currentData().toString();
}

bool TextPane::isEmpty() const
{
    return m_texts->count() == 0;
}

std::shared_ptr<QTextDocument> TextPane::showText(PreparedText text)
{
    showOrigin(text.code);
    m_shown = chosen();
    if (text.code.text.isEmpty()) {
        m_message->setText(text.code.warning.isEmpty() ? tr("This text is empty.")
                                                       : text.code.warning);
        m_warningBar->setVisible(!text.code.candidates.isEmpty());
        m_stack->setCurrentWidget(m_message);
    } else {
        m_stack->setCurrentWidget(m_edit);
    }
    return m_edit->setCode(std::move(text));
}

void TextPane::showOrigin(const CodeText& text)
{
    m_origin->setToolTip(text.origin);
    m_origin->setVisible(!text.origin.isEmpty());
    m_warning->setText(text.warning);
    m_warningBar->setVisible(!text.warning.isEmpty());
    m_candidates->menu()->clear();
    for (const QString& path : text.candidates)
        m_candidates->menu()->addAction(path, this, [this, path] { Q_EMIT candidateChosen(path); });
    m_candidates->setVisible(!text.candidates.isEmpty());
    m_other->setText(text.isOfFile ? tr("Show the model's text") : tr("Show the file"));
    m_other->setVisible(text.hasOther);
}

void TextPane::showMessage(const QString& message)
{
    m_shown.clear();
    m_message->setText(message);
    m_stack->setCurrentWidget(m_message);
    m_origin->hide();
    m_warningBar->hide();
}

} // namespace jitscope::views
