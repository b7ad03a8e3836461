#include "views/graph/minimap_p.h"

#include <QMouseEvent>

#include <algorithm>
#include <array>

namespace jitscope::views {

namespace {

constexpr QSize mapSize(190, 150);
constexpr int margin = 12;
constexpr double inset = 8;

void paintPanel(QPainter& painter, const QRectF& rect, const GraphStyle& style)
{
    painter.setRenderHint(QPainter::Antialiasing, true);
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
    const bool isUseful =
        picture && !picture->boxes.empty() && !m_canvas.visibleScene().contains(picture->bounds) &&
        m_canvas.width() > 2 * mapSize.width() && m_canvas.height() > 2 * mapSize.height();
    setVisible(m_isWanted && isUseful);
    if (!isVisible())
        return;
    move(m_canvas.width() - width() - margin, m_canvas.height() - height() - margin);
    update();
}

void Minimap::render()
{
    const double ratio = devicePixelRatioF();
    m_image = QImage(size() * ratio, QImage::Format_ARGB32_Premultiplied);
    m_image.setDevicePixelRatio(ratio);
    m_image.fill(Qt::transparent);
    m_picture = m_canvas.picture();
    m_colourBy = m_canvas.state().colourBy;
    QPainter painter(&m_image);
    PaintState state;
    state.colourBy = m_colourBy;
    PicturePainter(m_canvas.style()).paintDensity(painter, *m_picture, transform(), state);
}

void Minimap::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const GraphStyle& style = m_canvas.style();
    paintPanel(painter, QRectF(rect()), style);
    if (!m_canvas.picture())
        return;
    if (m_picture != m_canvas.picture() || m_colourBy != m_canvas.state().colourBy ||
        m_image.devicePixelRatio() != devicePixelRatioF())
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
    connect(&canvas, &GraphCanvas::viewChanged, this, &Legend::follow);
}

void Legend::setWanted(bool wanted)
{
    m_isWanted = wanted;
    follow();
}

void Legend::follow()
{
    if (m_picture != m_canvas.picture()) {
        m_picture = m_canvas.picture();
        std::array<bool, scene::operatorClassCount> seen{};
        m_classes.clear();
        if (m_picture) {
            for (const PictureBox& box : m_picture->boxes) {
                const auto index = static_cast<std::size_t>(box.box->operatorClass);
                if (!seen[index] && box.box->operatorClass != scene::OperatorClass::Terminal &&
                    box.box->kind != scene::BoxKind::Reference) {
                    seen[index] = true;
                    m_classes.push_back(box.box->operatorClass);
                }
            }
            std::sort(m_classes.begin(), m_classes.end());
        }
    }
    const bool isByClass = m_canvas.state().colourBy == GraphView::ColourBy::OperatorClass;
    setVisible(m_isWanted && isByClass && !m_classes.empty() && m_canvas.height() > 320 &&
               m_canvas.width() > 480);
    constexpr int lineHeight = 18;
    const QFontMetrics metrics(m_canvas.style().textFont);
    int textWidth = 0;
    for (const scene::OperatorClass c : m_classes) {
        const std::string_view text = scene::describe(c);
        textWidth = std::max(textWidth, metrics.horizontalAdvance(QString::fromUtf8(
                                            text.data(), static_cast<qsizetype>(text.size()))));
    }
    resize(textWidth + 44, static_cast<int>(m_classes.size()) * lineHeight + 14);
    move(margin, m_canvas.height() - height() - margin);
    update();
}

void Legend::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const GraphStyle& style = m_canvas.style();
    paintPanel(painter, QRectF(rect()), style);
    painter.setFont(style.textFont);
    constexpr double lineHeight = 18;
    double y = 7;
    for (const scene::OperatorClass c : m_classes) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(style.classColour(c));
        painter.drawRoundedRect(QRectF(12, y + 3, 12, 12), 3, 3);
        painter.setPen(style.text);
        const std::string_view text = scene::describe(c);
        painter.drawText(QRectF(32, y, width() - 36, lineHeight), Qt::AlignVCenter | Qt::AlignLeft,
                         QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())));
        y += lineHeight;
    }
}

} // namespace jitscope::views
