#include "views/shell/message_overlay.h"

#include "views/shell/message_bar.h"

#include <QEvent>
#include <QVBoxLayout>

#include <algorithm>

namespace jitscope::views {

MessageOverlay::MessageOverlay(QWidget& covered)
    : QWidget(&covered), m_covered(covered), m_layout(new QVBoxLayout(this))
{
    setObjectName(QStringLiteral("messageOverlay"));
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(0);
    covered.installEventFilter(this);
    place();
}

void MessageOverlay::add(MessageBar* bar)
{
    m_layout->addWidget(bar);
    place();
}

bool MessageOverlay::event(QEvent* event)
{
    const bool done = QWidget::event(event);
    if (event->type() == QEvent::LayoutRequest)
        place();
    return done;
}

bool MessageOverlay::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize)
        place();
    return QWidget::eventFilter(watched, event);
}

void MessageOverlay::place()
{
    const int width = m_covered.width();
    const int wanted = m_layout->hasHeightForWidth() ? m_layout->totalHeightForWidth(width)
                                                     : m_layout->totalSizeHint().height();
    const int height = std::clamp(wanted, 0, m_covered.height());
    const QRect wantedPlace(0, m_covered.height() - height, width, height);
    // Not compared with the place it got: bounds may keep it from what is wanted, and asking again
    // would go on for ever.
    if (m_place == wantedPlace)
        return;
    const bool isOtherHeight = m_place.height() != height;
    m_place = wantedPlace;
    setGeometry(wantedPlace);
    raise();
    if (isOtherHeight)
        Q_EMIT heightChanged(height);
}

} // namespace jitscope::views
