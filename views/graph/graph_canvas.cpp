#include "views/graph/graph_canvas_p.h"

#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace jitscope::views {

namespace {

constexpr double smallestScale = 0.0005;
constexpr double largestScale = 8;
constexpr double fitMargin = 28; // pixels around a fitted picture
constexpr double readableScale =
    0.5;                          // a first view below this shows the head of the picture instead
constexpr double nearScale = 0.7; // what one goes to is shown at least so large
constexpr int refineMilliseconds = 120;
constexpr double edgeReach = 5; // pixels from which an edge is hit

// At which all of a part of the picture is just in an area of the widget.
double fittingScale(const QRectF& area, const QRectF& scene)
{
    return std::min(area.width() / scene.width(), area.height() / scene.height());
}

} // namespace

GraphCanvas::GraphCanvas(QWidget* parent)
    : QWidget(parent),
      m_style(palette(), font()),
      m_painter(std::make_unique<PicturePainter>(m_style))
{
    setObjectName(QStringLiteral("graphCanvas"));
    setAccessibleName(tr("Graph"));
    setAccessibleDescription(
        tr("The model's graph. Arrow keys walk along inputs, outputs and "
           "siblings, with Shift into and out of boxes; Enter opens and closes a box."));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    m_refine.setSingleShot(true);
    m_refine.setInterval(refineMilliseconds);
    connect(&m_refine, &QTimer::timeout, this, [this] {
        m_state.isMoving = false;
        update();
    });
    m_busyTick.setInterval(30);
    connect(&m_busyTick, &QTimer::timeout, this, [this] { update(0, 0, width(), 40); });
}

void GraphCanvas::setPicture(PicturePtr picture, const std::string& anchor)
{
    std::optional<QPointF> before;
    if (m_picture && picture && !anchor.empty()) {
        if (const std::uint32_t box = m_picture->boxWithId(anchor); box != noBox)
            before = m_view.toWidget(m_picture->boxes[box].rect.topLeft());
    }
    m_picture = std::move(picture);
    m_state.selected.clear();
    m_state.current = noBox;
    m_state.hovered = noBox;
    m_state.hoveredEdge = noBox;
    m_walk.forget();
    m_state.trace = nullptr; // it is of the picture before
    recolour();
    if (before) {
        if (const std::uint32_t box = m_picture->boxWithId(anchor); box != noBox) {
            m_view.offset += *before - m_view.toWidget(m_picture->boxes[box].rect.topLeft());
            m_view.offset = m_view.offset.toPoint();
            // An open box whose corner was far away may have closed.
            const QRectF now = m_picture->boxes[box].rect;
            if (!now.intersects(visibleScene()))
                m_view.offset = (QRectF(rect()).center() - now.center() * m_view.scale).toPoint();
        }
    }
    update();
    Q_EMIT viewChanged();
}

std::string GraphCanvas::anchorFor(const Picture& other) const
{
    if (!m_picture)
        return {};
    const QPointF middle = m_view.toScene(QRectF(rect()).center());
    const QRectF visible = visibleScene();
    std::string nearest;
    double distance = 0;
    for (const PictureBox& box : m_picture->boxes) {
        if (!box.rect.intersects(visible) || other.boxWithId(box.box->id) == noBox)
            continue;
        const QPointF away = box.rect.center() - middle;
        const double d = QPointF::dotProduct(away, away);
        if (nearest.empty() || d < distance) {
            nearest = box.box->id;
            distance = d;
        }
    }
    return nearest;
}

void GraphCanvas::setView(const ViewTransform& view)
{
    m_view = view;
    m_isFitted = false;
    keepInReach();
    moving();
}

void GraphCanvas::setColourBy(GraphView::ColourBy colourBy)
{
    m_colourBy = colourBy;
    recolour();
    update();
    Q_EMIT viewChanged();
}

void GraphCanvas::setTimes(std::shared_ptr<const BoxTimes> times)
{
    m_times = std::move(times);
    if (m_colourBy == GraphView::ColourBy::Time)
        setColourBy(m_colourBy);
}

void GraphCanvas::recolour()
{
    m_state.colouring = m_picture ? std::make_shared<const Colouring>(*m_picture, m_style,
                                                                      m_colourBy, m_times.get())
                                  : nullptr;
}

void GraphCanvas::setTrace(std::shared_ptr<const scene::FlowTrace> trace, Tracing::Kind kind)
{
    m_state.trace = std::move(trace);
    m_state.traceKind = kind;
    update();
    Q_EMIT viewChanged();
}

void GraphCanvas::setMessage(const QString& title, const QString& hint)
{
    m_messageTitle = title;
    m_messageHint = hint;
    update();
}

void GraphCanvas::setBusy(bool busy, const QString& text)
{
    m_busyText = text;
    if (busy && !m_isBusy)
        m_busySince.start();
    m_isBusy = busy;
    if (busy)
        m_busyTick.start();
    else
        m_busyTick.stop();
    update();
}

void GraphCanvas::select(std::vector<std::uint32_t> boxes, std::uint32_t current)
{
    m_state.selected.clear();
    m_state.selected.insert(boxes.begin(), boxes.end());
    m_state.current = current;
    update();
}

QRectF GraphCanvas::visibleScene() const
{
    return m_view.toScene(QRectF(rect()));
}

bool GraphCanvas::seesAll() const
{
    return m_picture && visibleScene().adjusted(-1, -1, 1, 1).contains(m_picture->bounds);
}

void GraphCanvas::reveal(const std::vector<std::uint32_t>& boxes)
{
    bringIntoView(boxes, 0);
}

void GraphCanvas::approach(const std::vector<std::uint32_t>& boxes)
{
    bringIntoView(boxes, nearScale);
}

void GraphCanvas::bringIntoView(const std::vector<std::uint32_t>& boxes, double leastScale)
{
    if (!m_picture || boxes.empty())
        return;
    QRectF target;
    bool isSeen = false;
    for (const std::uint32_t box : boxes) {
        // Of a tall open box the title is what one looks for.
        QRectF r = m_picture->boxes[box].rect;
        if (m_picture->boxes[box].isOpen)
            r.setHeight(std::min(r.height(), height() * 0.6 / m_view.scale));
        const bool isInView = visibleScene().contains(r);
        if (target.isNull() || (isInView && !isSeen))
            target = r;
        isSeen = isSeen || isInView;
    }
    if (isSeen && m_view.scale >= leastScale)
        return;
    const double least = std::max(readableScale, leastScale);
    if (m_view.scale < least || target.width() * m_view.scale > width()) {
        const double fitting = std::min(width() * 0.8 / std::max(1.0, target.width()), 1.0);
        m_view.scale = std::clamp(fitting, least, 1.0);
    }
    QPointF middle = target.center();
    const double span = (width() - 2 * fitMargin) / m_view.scale;
    if (target.width() > span) // its title is at the left
        middle.setX(target.left() + span / 2);
    const double rise = (height() - 2 * fitMargin) / m_view.scale;
    if (target.height() > rise)
        middle.setY(target.top() + rise / 2);
    m_view.offset = (QRectF(rect()).center() - middle * m_view.scale).toPoint();
    m_isFitted = false;
    keepInReach();
    moving();
}

void GraphCanvas::fitInto(const QRectF& area, const QRectF& scene, double scaleLimit)
{
    const double scale = std::min(fittingScale(area, scene), scaleLimit);
    m_view.scale = std::clamp(scale, smallestScale, largestScale);
    m_view.offset = (area.center() - scene.center() * m_view.scale).toPoint();
}

bool GraphCanvas::hidesBoxes(const QRect& area) const
{
    if (!m_picture || area.isEmpty())
        return false;
    const QRectF there = m_view.toScene(QRectF(area));
    return std::any_of(m_picture->boxes.begin(), m_picture->boxes.end(),
                       [&there](const PictureBox& box) {
                           return box.parent == noBox && box.rect.intersects(there);
                       });
}

void GraphCanvas::fit(const QRectF& scene, double scaleLimit)
{
    if (scene.isEmpty() || width() < 2 || height() < 2)
        return;
    const double margin = std::min({fitMargin, width() / 8.0, height() / 8.0});
    const QRectF whole = QRectF(rect()).adjusted(margin, margin, -margin, -margin);
    fitInto(whole, scene, scaleLimit);
    if (m_view.toWidget(scene).intersects(QRectF(m_covered)) && hidesBoxes(m_covered)) {
        // Beside the corner or above it, where there is more room.
        QRectF beside = whole;
        if (m_covered.center().x() < width() / 2)
            beside.setLeft(m_covered.right() + margin / 2);
        else
            beside.setRight(m_covered.left() - margin / 2);
        QRectF above = whole;
        above.setBottom(m_covered.top() - margin / 2);
        const bool isBeside = fittingScale(beside, scene) >= fittingScale(above, scene);
        fitInto(isBeside ? beside : above, scene, scaleLimit);
    }
    moving();
}

void GraphCanvas::fitFirst()
{
    if (!m_picture)
        return;
    fit(m_picture->bounds, 1);
    if (m_view.scale < readableScale) {
        const QRectF bounds = m_picture->bounds;
        m_view.scale = std::clamp((width() - 2 * fitMargin) / bounds.width(), readableScale, 1.0);
        const double middle =
            m_picture->boxes.empty() ? bounds.center().x() : m_picture->boxes[0].rect.center().x();
        m_view.offset =
            QPointF(width() / 2.0 - middle * m_view.scale, fitMargin - bounds.top() * m_view.scale)
                .toPoint();
    }
    m_isFitted = true;
    update();
    Q_EMIT viewChanged();
}

void GraphCanvas::zoomBy(double factor, const QPointF& at)
{
    const QPointF scene = m_view.toScene(at);
    m_view.scale = std::clamp(m_view.scale * factor, smallestScale, largestScale);
    m_view.offset = at - scene * m_view.scale;
    m_isFitted = false;
    keepInReach();
    moving();
}

void GraphCanvas::scrollBy(const QPointF& distance)
{
    m_view.offset += distance;
    m_isFitted = false;
    keepInReach();
    moving();
}

// Some of the picture always stays in view, so that nobody has to search for it.
void GraphCanvas::keepInReach()
{
    if (!m_picture)
        return;
    constexpr double kept = 60;
    const QRectF r = m_view.toWidget(m_picture->bounds);
    if (r.right() < kept)
        m_view.offset.rx() += kept - r.right();
    if (r.left() > width() - kept)
        m_view.offset.rx() -= r.left() - (width() - kept);
    if (r.bottom() < kept)
        m_view.offset.ry() += kept - r.bottom();
    if (r.top() > height() - kept)
        m_view.offset.ry() -= r.top() - (height() - kept);
}

void GraphCanvas::moving()
{
    m_state.isMoving = true;
    m_refine.start();
    update();
    Q_EMIT viewChanged();
}

void GraphCanvas::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    if (m_isFitted) {
        fitFirst();
        return;
    }
    keepInReach();
    Q_EMIT viewChanged();
}

bool GraphCanvas::isOnMark(std::uint32_t index, const QPointF& position) const
{
    const PictureBox& drawn = m_picture->boxes[index];
    if (!drawn.box->canOpen() || drawn.box->isAlwaysOpen() ||
        detailLevel(m_view.scale) != DetailLevel::Full)
        return false;
    constexpr double reach = 30; // from the right border, in the picture
    const QRectF mark(drawn.rect.right() - reach, drawn.rect.top(), reach, measure::headerHeight);
    return mark.contains(m_view.toScene(position));
}

void GraphCanvas::hover(const QPointF& position)
{
    if (!m_picture)
        return;
    std::uint32_t box = m_picture->boxAt(m_view.toScene(position));
    std::uint32_t edge = noBox;
    // An open box is ground, except for its title bar.
    const bool isGround =
        box == noBox ||
        (m_picture->boxes[box].isOpen &&
         m_view.toScene(position).y() > m_picture->boxes[box].rect.top() + measure::headerHeight);
    if (isGround) {
        box = noBox;
        if (detailLevel(m_view.scale) == DetailLevel::Full)
            edge = m_picture->edgeNear(m_view.toScene(position), edgeReach / m_view.scale);
    }
    const bool canClick =
        box != noBox &&
        (isOnMark(box, position) || m_picture->boxes[box].box->kind == scene::BoxKind::Reference);
    setCursor(canClick        ? Qt::PointingHandCursor
              : m_isSpaceDown ? Qt::OpenHandCursor
                              : Qt::ArrowCursor);
    if (box != m_state.hovered || edge != m_state.hoveredEdge) {
        m_state.hovered = box;
        m_state.hoveredEdge = edge;
        update();
    }
}

void GraphCanvas::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton || event->button() == Qt::MiddleButton) {
        m_dragFrom = event->position();
        m_dragButton = event->button();
        m_isDragging = event->button() == Qt::MiddleButton || m_isSpaceDown;
        if (m_isDragging)
            setCursor(Qt::ClosedHandCursor);
    }
    event->accept();
}

void GraphCanvas::mouseMoveEvent(QMouseEvent* event)
{
    if (!m_dragFrom) {
        hover(event->position());
        return;
    }
    const QPointF distance = event->position() - *m_dragFrom;
    constexpr double startDistance = 4;
    if (!m_isDragging && distance.manhattanLength() >= startDistance) {
        m_isDragging = true;
        setCursor(Qt::ClosedHandCursor);
    }
    if (m_isDragging) {
        scrollBy(distance);
        m_dragFrom = event->position();
    }
}

void GraphCanvas::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != m_dragButton || !m_dragFrom)
        return;
    const bool wasClick = !m_isDragging && event->button() == Qt::LeftButton;
    m_dragFrom.reset();
    m_isDragging = false;
    m_dragButton = Qt::NoButton;
    if (wasClick && m_picture) {
        const std::uint32_t box = m_picture->boxAt(m_view.toScene(event->position()));
        if (box != noBox && isOnMark(box, event->position())) {
            Q_EMIT activated(box);
            return;
        }
        hover(event->position());
        const bool extend =
            event->modifiers().testAnyFlags(Qt::ControlModifier | Qt::ShiftModifier);
        const bool isStub =
            m_state.hovered != noBox &&
            m_picture->boxes[m_state.hovered].box->kind == scene::BoxKind::Reference;
        // A click on the ground of an open box picks that box only by its title bar.
        if (isStub && !extend)
            Q_EMIT activated(m_state.hovered); // to its other end
        else
            Q_EMIT picked(m_state.hovered, extend);
        return;
    }
    hover(event->position());
}

void GraphCanvas::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !m_picture)
        return;
    const std::uint32_t box = m_picture->boxAt(m_view.toScene(event->position()));
    if (box != noBox && !isOnMark(box, event->position())) {
        hover(event->position());
        if (m_state.hovered != noBox)
            Q_EMIT activated(m_state.hovered);
    }
}

void GraphCanvas::wheelEvent(QWheelEvent* event)
{
    const bool isTouchpad = !event->pixelDelta().isNull() &&
                            !(event->modifiers() & Qt::ControlModifier) &&
                            event->phase() != Qt::NoScrollPhase;
    if (isTouchpad) {
        scrollBy(event->pixelDelta());
    } else if (event->modifiers() & Qt::ShiftModifier) {
        const QPoint delta = event->angleDelta();
        scrollBy(QPointF(delta.x() != 0 ? delta.x() : delta.y(), 0));
    } else {
        constexpr double perNotch = 1.2; // of 120 units
        zoomBy(std::pow(perNotch, event->angleDelta().y() / 120.0), event->position());
    }
    event->accept();
}

void GraphCanvas::keyPressEvent(QKeyEvent* event)
{
    const auto key = static_cast<Qt::Key>(event->key());
    if (event->modifiers() & (Qt::ControlModifier | Qt::AltModifier)) {
        QWidget::keyPressEvent(event);
        return;
    }
    switch (key) {
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_Left:
    case Qt::Key_Right:
        if (m_picture && !m_picture->boxes.empty()) {
            const bool intoAndOut = event->modifiers().testFlag(Qt::ShiftModifier);
            const std::uint32_t next =
                m_state.current == noBox
                    ? 0
                    : m_walk.step(*m_picture, m_state.current, key, intoAndOut);
            if (next != m_state.current)
                Q_EMIT picked(next);
            reveal({next});
        }
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_state.current != noBox)
            Q_EMIT activated(m_state.current);
        return;
    case Qt::Key_Escape:
        Q_EMIT escaped();
        return;
    case Qt::Key_Space:
        if (!event->isAutoRepeat()) {
            m_isSpaceDown = true;
            setCursor(Qt::OpenHandCursor);
        }
        return;
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
        scrollBy(QPointF(0, (key == Qt::Key_PageUp ? 0.8 : -0.8) * height()));
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

void GraphCanvas::keyReleaseEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Space && !event->isAutoRepeat()) {
        m_isSpaceDown = false;
        setCursor(Qt::ArrowCursor);
        return;
    }
    QWidget::keyReleaseEvent(event);
}

void GraphCanvas::leaveEvent(QEvent* event)
{
    m_state.hovered = noBox;
    m_state.hoveredEdge = noBox;
    update();
    QWidget::leaveEvent(event);
}

void GraphCanvas::contextMenuEvent(QContextMenuEvent* event)
{
    if (!m_picture)
        return;
    if (event->reason() == QContextMenuEvent::Keyboard && m_state.current != noBox) {
        const QRectF box = m_view.toWidget(m_picture->boxes[m_state.current].rect);
        Q_EMIT menuWanted(m_state.current, mapToGlobal(box.center().toPoint()));
        return;
    }
    hover(event->pos());
    Q_EMIT menuWanted(m_state.hovered, event->globalPos());
}

QString GraphCanvas::toolTipAt(const QPointF& position) const
{
    if (!m_picture)
        return {};
    if (m_state.hovered != noBox) {
        const QString text =
            QString::fromStdString(scene::toText(*m_picture->boxes[m_state.hovered].box));
        return QStringLiteral("<pre style='white-space: pre-wrap'>%1</pre>")
            .arg(text.trimmed().toHtmlEscaped());
    }
    const std::uint32_t edge =
        m_picture->edgeNear(m_view.toScene(position), edgeReach / m_view.scale);
    if (edge == noBox || m_picture->edges[edge].isLink)
        return {};
    const scene::Edge& value = *m_picture->edges[edge].edge;
    if (value.type.empty()) // of several values
        return QString::fromStdString(value.name);
    return QStringLiteral("%%1 : %2")
        .arg(QString::fromStdString(value.name), QString::fromStdString(value.type));
}

bool GraphCanvas::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const QString text = toolTipAt(help->pos());
        if (text.isEmpty())
            QToolTip::hideText();
        else
            QToolTip::showText(help->globalPos(), text, this);
        return true;
    }
    return QWidget::event(event);
}

void GraphCanvas::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange ||
        event->type() == QEvent::StyleChange) {
        m_style = GraphStyle(palette(), font());
        m_painter = std::make_unique<PicturePainter>(m_style);
        recolour();
        update();
        Q_EMIT viewChanged();
    }
    QWidget::changeEvent(event);
}

} // namespace jitscope::views
