#include "views/shell/message_bar.h"

#include "views/icons/icon.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace jitscope::views {

namespace {

constexpr int longestText = 400; // characters shown at once; the rest is in the details

} // namespace

MessageBar::MessageBar(QWidget* parent)
    : QFrame(parent),
      m_icon(new QLabel),
      m_text(new QLabel),
      m_details(new QLabel),
      m_toggle(new QToolButton),
      m_remedy(new QPushButton)
{
    setObjectName(QStringLiteral("messageBar"));
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    m_text->setObjectName(QStringLiteral("messageText"));
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_details->setObjectName(QStringLiteral("messageDetails"));
    m_details->setWordWrap(true);
    m_details->setTextFormat(Qt::PlainText);
    m_details->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_toggle->setText(tr("Details"));
    m_toggle->setCheckable(true);
    m_toggle->setAutoRaise(true);
    auto* close = new QToolButton;
    close->setObjectName(QStringLiteral("closeMessage"));
    close->setIcon(icon(QStringLiteral("close")));
    close->setToolTip(tr("Close this message"));
    close->setAccessibleName(tr("Close this message"));
    close->setAutoRaise(true);
    m_remedy->setObjectName(QStringLiteral("messageAction"));
    m_remedy->setAccessibleName(tr("What can be done"));
    connect(m_remedy, &QPushButton::clicked, this, [this] {
        hide();
        if (m_action)
            m_action->trigger();
    });
    connect(close, &QToolButton::clicked, this, &QWidget::hide);
    connect(m_toggle, &QToolButton::toggled, m_details, &QWidget::setVisible);

    auto* line = new QHBoxLayout;
    line->addWidget(m_icon, 0, Qt::AlignTop);
    line->addWidget(m_text, 1);
    line->addWidget(m_remedy, 0, Qt::AlignTop);
    line->addWidget(m_toggle, 0, Qt::AlignTop);
    line->addWidget(close, 0, Qt::AlignTop);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 6, 6, 6);
    layout->addLayout(line);
    layout->addWidget(m_details);
    hide();
}

void MessageBar::showError(const Error& error, QAction* remedy)
{
    QString text = QString::fromStdString(error.what);
    if (!error.remedy.empty())
        text += QLatin1Char(' ') + QString::fromStdString(error.remedy);
    show(text, QString::fromStdString(error.where), true, remedy);
}

void MessageBar::showNotice(const QString& text, QAction* remedy)
{
    // A notice does not take an error away that nobody has closed yet.
    if (!isHidden() && property("isError").toBool())
        return;
    show(text, {}, false, remedy);
}

void MessageBar::showProblem(const QString& text, QAction* details)
{
    show(text, {}, true, details);
}

QString MessageBar::text() const
{
    return m_text->text();
}

void MessageBar::show(const QString& text, const QString& details, bool isError, QAction* remedy)
{
    setProperty("isError", isError);
    const bool dark = palette().color(QPalette::Window).lightness() < 128;
    QPalette colours = palette();
    if (isError)
        colours.setColor(QPalette::Window,
                         dark ? QColor(0x5a, 0x2a, 0x2a) : QColor(0xfd, 0xe7, 0xe4));
    else
        colours.setColor(QPalette::Window,
                         dark ? QColor(0x26, 0x3c, 0x55) : QColor(0xe5, 0xf0, 0xfb));
    setPalette(colours);
    const int side = fontMetrics().height();
    m_icon->setPixmap(
        icon(isError ? QStringLiteral("error") : QStringLiteral("info")).pixmap(side, side));
    const bool isLong = text.size() > longestText;
    m_text->setText(isLong ? text.left(longestText) + QStringLiteral("\u2026") : text);
    m_details->setText(isLong ? text + QLatin1Char('\n') + details : details);
    m_action = remedy;
    m_remedy->setVisible(remedy != nullptr);
    if (remedy != nullptr)
        m_remedy->setText(remedy->text());
    m_toggle->setVisible(!m_details->text().isEmpty());
    m_toggle->setChecked(false);
    m_details->hide();
    QFrame::show();
}

} // namespace jitscope::views
