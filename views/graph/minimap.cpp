#include "views/graph/minimap_p.h"

#include <QMouseEvent>

#include <algorithm>

namespace jitscope::views {

namespace {

constexpr QSize mapSize(190, 150);
constexpr int margin = 12;
constexpr double inset = 8;

// Of the legend.
constexpr int lineHeight = 18;
constexpr int sidePadding = 12;
constexpr int endPadding = 7;
constexpr int textLeft = 32;

constexpr double awayOpacity = 0.72; // of a panel that the pointer is not on

// The graph shows through it.
void paintPanel(QPainter& painter, const QRectF& rect, const GraphStyle& style, bool isPointedAt)
{
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setOpacity(isPointedAt ? 1 : awayOpacity);
    painter.setPen(QPen(style.border, 1));
    painter.setBrush(style.panel);
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
}

} // namespace

Minimap::Minimap(GraphCanvas& canvas) : QWidget(&canvas), m_canvas(canvas)
{
    setObjectName(QStringLiteral("graphMinimap"));
    setAccessibleName(tr("Overview of the graph"));
    setCursor(Qt::ArrowCursor);
    resize(mapSize);
    hide();
    connect(&canvas, &GraphCanvas::viewChanged, this, &Minimap::follow);
}

void Minimap::setWanted(bool wanted)
{
    m_isWanted = wanted;
    follow();
}

ViewTransform Minimap::transform() const
{
    const QRectF bounds = m_canvas.picture()->bounds;
    ViewTransform view;
    view.scale = std::min((width() - 2 * inset) / std::max(1.0, bounds.width()),
                          (height() - 2 * inset) / std::max(1.0, bounds.height()));
    view.offset = QRectF(rect()).center() - bounds.center() * view.scale;
    return view;
}

void Minimap::follow()
{
    const PicturePtr& picture = m_canvas.picture();
    const QRect room = m_canvas.aboveFoot();
    const bool isUseful =
        picture && !picture->boxes.empty() && !m_canvas.visibleScene().contains(picture->bounds) &&
        room.width() > 2 * mapSize.width() && room.height() > 2 * mapSize.height();
    setVisible(m_isWanted && isUseful);
    if (!isVisible())
        return;
    move(room.width() - width() - margin, room.height() - height() - margin);
    update();
}

void Minimap::render()
{
    const double ratio = devicePixelRatioF();
    m_image = QImage(size() * ratio, QImage::Format_ARGB32_Premultiplied);
    m_image.setDevicePixelRatio(ratio);
    m_image.fill(Qt::transparent);
    m_picture = m_canvas.picture();
    m_colouring = m_canvas.state().colouring;
    m_trace = m_canvas.state().trace;
    QPainter painter(&m_image);
    PaintState state;
    state.colouring = m_colouring;
    state.trace = m_trace;
    PicturePainter(m_canvas.style()).paintDensity(painter, *m_picture, transform(), state);
}

void Minimap::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const GraphStyle& style = m_canvas.style();
    paintPanel(painter, QRectF(rect()), style, underMouse());
    if (!m_canvas.picture())
        return;
    if (m_picture != m_canvas.picture() || m_colouring != m_canvas.state().colouring ||
        m_trace != m_canvas.state().trace || m_image.devicePixelRatio() != devicePixelRatioF())
        render();
    painter.drawImage(0, 0, m_image);
    const ViewTransform view = transform();
    QRectF frame =
        view.toWidget(m_canvas.visibleScene()).intersected(QRectF(rect()).adjusted(3, 3, -3, -3));
    constexpr double smallest = 6;
    if (frame.width() < smallest || frame.height() < smallest) {
        const QPointF middle = frame.center();
        frame.setSize(frame.size().expandedTo(QSizeF(smallest, smallest)));
        frame.moveCenter(middle);
    }
    QColor fill = style.selection;
    fill.setAlphaF(0.14F);
    painter.setPen(QPen(style.selection, 1.5));
    painter.setBrush(fill);
    painter.drawRoundedRect(frame, 2, 2);
}

void Minimap::enterEvent(QEnterEvent* event)
{
    update();
    QWidget::enterEvent(event);
}

void Minimap::leaveEvent(QEvent* event)
{
    update();
    QWidget::leaveEvent(event);
}

void Minimap::goTo(const QPointF& position)
{
    ViewTransform view = m_canvas.view();
    const QPointF scene = transform().toScene(position);
    view.offset = (QRectF(m_canvas.rect()).center() - scene * view.scale).toPoint();
    m_canvas.setView(view);
}

void Minimap::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton)
        goTo(event->position());
    event->accept();
}

void Minimap::mouseMoveEvent(QMouseEvent* event)
{
    if (event->buttons() & Qt::LeftButton)
        goTo(event->position());
    event->accept();
}

Legend::Legend(GraphCanvas& canvas) : QWidget(&canvas), m_canvas(canvas)
{
    setObjectName(QStringLiteral("graphLegend"));
    setAccessibleName(tr("Legend of colours"));
    setAttribute(Qt::WA_TransparentForMouseEvents);
    hide();
    canvas.installEventFilter(this);
    connect(&canvas, &GraphCanvas::viewChanged, this, &Legend::follow);
}

// It takes no events of the mouse, so that one can work below it. A canvas of a new size fits its
// picture beside the legend, which takes its corner first.
bool Legend::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize)
        follow();
    if (event->type() == QEvent::MouseMove || event->type() == QEvent::Leave) {
        const bool isOver =
            event->type() == QEvent::MouseMove &&
            geometry().contains(static_cast<QMouseEvent*>(event)->position().toPoint());
        if (isOver != m_isPointedAt) {
            m_isPointedAt = isOver;
            update();
        }
    }
    return QWidget::eventFilter(watched, event);
}

void Legend::setWanted(bool wanted)
{
    m_isWanted = wanted;
    follow();
}

void Legend::follow()
{
    m_colouring = m_canvas.state().colouring;
    const QRect room = m_canvas.aboveFoot();
    setVisible(m_isWanted && m_colouring && !m_colouring->legend().empty() && room.height() > 320 &&
               room.width() > 480);
    if (!m_colouring) {
        m_canvas.setCovered({});
        return;
    }
    const QFontMetrics metrics(m_canvas.style().textFont);
    int textWidth = metrics.horizontalAdvance(m_colouring->title()) - textLeft + sidePadding;
    for (const Colouring::Entry& entry : m_colouring->legend())
        textWidth = std::max(textWidth, metrics.horizontalAdvance(entry.text));
    const auto lines = static_cast<int>(m_colouring->legend().size()) + 1;
    resize(textWidth + textLeft + sidePadding, lines * lineHeight + 2 * endPadding);
    move(margin, room.height() - height() - margin);
    m_canvas.setCovered(isHidden() ? QRect() : geometry());
    update();
}

void Legend::paintEvent(QPaintEvent*)
{
    if (!m_colouring)
        return;
    QPainter painter(this);
    const GraphStyle& style = m_canvas.style();
    paintPanel(painter, QRectF(rect()), style, m_isPointedAt);
    painter.setFont(style.textFont);
    painter.setPen(style.dimText);
    painter.drawText(QRectF(sidePadding, endPadding, width() - 2 * sidePadding, lineHeight),
                     Qt::AlignVCenter | Qt::AlignLeft, m_colouring->title());
    double y = endPadding + lineHeight;
    for (const Colouring::Entry& entry : m_colouring->legend()) {
        constexpr double swatch = 12;
        painter.setPen(Qt::NoPen);
        painter.setBrush(entry.colour);
        painter.drawRoundedRect(QRectF(sidePadding, y + (lineHeight - swatch) / 2, swatch, swatch),
                                3, 3);
        painter.setPen(style.text);
        painter.drawText(QRectF(textLeft, y, width() - textLeft, lineHeight),
                         Qt::AlignVCenter | Qt::AlignLeft, entry.text);
        y += lineHeight;
    }
}

} // namespace jitscope::views
