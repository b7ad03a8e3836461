#include "views/code/code_edit_p.h"

#include "core/timeline/time_axis.h"

#include <QFontDatabase>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QTextBlock>
#include <QToolTip>

#include <algorithm>

namespace jitscope::views {

namespace {

constexpr int heatWidth = 34; // pixels of the longest bar
constexpr int markWidth = 3;
constexpr int gap = 6;
// Colouring is done for the whole text at once, before it is shown: not for texts that would take
// seconds.
constexpr int mostColouredLines = 20'000;

class Gutter : public QWidget
{
public:
    explicit Gutter(CodeEdit& edit) : QWidget(&edit), m_edit(edit)
    {
        setObjectName(QStringLiteral("codeGutter"));
    }

protected:
    void paintEvent(QPaintEvent* event) override { m_edit.paintGutter(event); }
    void mouseReleaseEvent(QMouseEvent* event) override { m_edit.clickGutter(event->position()); }
    void wheelEvent(QWheelEvent* event) override { event->ignore(); }

private:
    CodeEdit& m_edit;
};

QColor between(const QColor& a, const QColor& b, double share)
{
    return QColor::fromRgbF(static_cast<float>(a.redF() + (b.redF() - a.redF()) * share),
                            static_cast<float>(a.greenF() + (b.greenF() - a.greenF()) * share),
                            static_cast<float>(a.blueF() + (b.blueF() - a.blueF()) * share));
}

} // namespace

CodeEdit::CodeEdit(QWidget* parent)
    : QPlainTextEdit(parent), m_gutter(new Gutter(*this)), m_highlighter(new Highlighter(this))
{
    setObjectName(QStringLiteral("codeText"));
    setReadOnly(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setFrameShape(QFrame::NoFrame);
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setTabStopDistance(4 * fontMetrics().horizontalAdvance(QLatin1Char(' ')));
    setAccessibleName(tr("Code"));
    connect(this, &QPlainTextEdit::blockCountChanged, this, [this] { placeGutter(); });
    connect(this, &QPlainTextEdit::updateRequest, this, [this](const QRect& rect, int dy) {
        if (dy != 0)
            m_gutter->scroll(0, dy);
        else
            m_gutter->update(0, rect.y(), m_gutter->width(), rect.height());
    });
    placeGutter();
}

void CodeEdit::setCode(CodeText code)
{
    m_code = std::move(code);
    m_heat.clear();
    m_marked.clear();
    m_highlighter->setDocument(nullptr);
    setPlainText(m_code.text);
    if (blockCount() <= mostColouredLines) {
        m_highlighter->setDocument(document());
        m_highlighter->set(m_code.language, palette());
    }
    showMarks();
    placeGutter();
}

void CodeEdit::setNodes(std::map<int, std::vector<ir::NodeKey>> nodes)
{
    m_code.nodes = std::move(nodes);
    m_gutter->update();
}

void CodeEdit::setHeat(std::map<int, std::int64_t> heat)
{
    m_heat = std::move(heat);
    m_hottest = 0;
    m_heatSum = 0;
    for (const auto& [line, time] : m_heat) {
        m_hottest = std::max(m_hottest, time);
        m_heatSum += time;
    }
    placeGutter();
    m_gutter->update();
}

void CodeEdit::setMarkedLines(std::vector<int> lines, bool scroll)
{
    std::sort(lines.begin(), lines.end());
    m_marked = std::move(lines);
    showMarks();
    m_gutter->update();
    if (!scroll || m_marked.empty())
        return;
    const int first = firstVisibleBlock().blockNumber();
    const int last = cursorForPosition(QPoint(0, viewport()->height() - 1)).blockNumber();
    const bool isSeen = std::any_of(m_marked.begin(), m_marked.end(),
                                    [&](int line) { return line >= first && line < last; });
    if (!isSeen)
        showLine(m_marked.front());
}

void CodeEdit::showLine(int line)
{
    const QTextBlock block = document()->findBlockByNumber(line);
    if (!block.isValid())
        return;
    setTextCursor(QTextCursor(block));
    centerCursor();
}

void CodeEdit::showMarks()
{
    const bool isDark = palette().color(QPalette::Base).lightness() < 128;
    QTextEdit::ExtraSelection mark;
    mark.format.setBackground(between(palette().color(QPalette::Base),
                                      palette().color(QPalette::Highlight), isDark ? 0.38 : 0.22));
    mark.format.setProperty(QTextFormat::FullWidthSelection, true);
    QList<QTextEdit::ExtraSelection> marks;
    for (const int line : m_marked) {
        const QTextBlock block = document()->findBlockByNumber(line);
        if (!block.isValid())
            continue;
        mark.cursor = QTextCursor(block);
        marks << mark;
    }
    setExtraSelections(marks);
}

int CodeEdit::numberOf(int line) const
{
    if (m_code.lineNumbers.empty())
        return line + 1;
    return static_cast<std::size_t>(line) < m_code.lineNumbers.size()
               ? m_code.lineNumbers[static_cast<std::size_t>(line)]
               : 0;
}

int CodeEdit::numberWidth() const
{
    const int last = std::max(1, numberOf(blockCount() - 1));
    return fontMetrics().horizontalAdvance(QLatin1Char('9')) *
           std::max(3, static_cast<int>(QString::number(last).size()));
}

int CodeEdit::gutterWidth() const
{
    return numberWidth() + 3 * gap + markWidth + (m_heat.empty() ? 0 : heatWidth + gap);
}

void CodeEdit::placeGutter()
{
    setViewportMargins(gutterWidth(), 0, 0, 0);
    const QRect inner = contentsRect();
    m_gutter->setGeometry(inner.left(), inner.top(), gutterWidth(), inner.height());
}

void CodeEdit::resizeEvent(QResizeEvent* event)
{
    QPlainTextEdit::resizeEvent(event);
    placeGutter();
}

void CodeEdit::paintGutter(QPaintEvent* event)
{
    QPainter painter(m_gutter);
    const QPalette colours = palette();
    const QColor base = colours.color(QPalette::Base);
    const QColor text = colours.color(QPalette::Text);
    const bool isDark = base.lightness() < 128;
    painter.fillRect(event->rect(), between(base, text, 0.045));
    painter.setFont(font());
    const int height = fontMetrics().height();
    const int left = m_heat.empty() ? gap : heatWidth + 2 * gap;
    QTextBlock block = firstVisibleBlock();
    double top = blockBoundingGeometry(block).translated(contentOffset()).top();
    for (; block.isValid() && top <= event->rect().bottom(); block = block.next()) {
        const int line = block.blockNumber();
        const double next = top + blockBoundingRect(block).height();
        const bool isMarked = std::binary_search(m_marked.begin(), m_marked.end(), line);
        if (const auto heat = m_heat.find(line); heat != m_heat.end() && m_hottest > 0) {
            const double share = static_cast<double>(heat->second) / static_cast<double>(m_hottest);
            const QColor cold(isDark ? 0xff6b5a3a : 0xfff0d9a8);
            const QColor hot(isDark ? 0xffe0592f : 0xffd8431f);
            const double width = std::max(1.0, heatWidth * share);
            painter.fillRect(QRectF(gap + heatWidth - width, top + 3, width, height - 6),
                             between(cold, hot, share));
        }
        if (const int number = numberOf(line); number > 0) {
            painter.setPen(isMarked ? text : between(base, text, 0.55));
            painter.drawText(QRectF(left, top, numberWidth(), height),
                             Qt::AlignRight | Qt::AlignVCenter, QString::number(number));
        }
        if (m_code.nodes.contains(line))
            painter.fillRect(QRectF(left + numberWidth() + gap, top + 1, markWidth, height - 2),
                             isMarked ? colours.color(QPalette::Highlight)
                                      : between(base, colours.color(QPalette::Highlight), 0.5));
        top = next;
    }
}

void CodeEdit::clickGutter(QPointF position)
{
    const QTextCursor cursor = cursorForPosition(QPoint(0, static_cast<int>(position.y())));
    setTextCursor(QTextCursor(cursor.block()));
    Q_EMIT lineClicked(cursor.blockNumber());
}

void CodeEdit::mouseReleaseEvent(QMouseEvent* event)
{
    QPlainTextEdit::mouseReleaseEvent(event);
    // A drag selects text to copy, not nodes.
    if (event->button() == Qt::LeftButton && !textCursor().hasSelection())
        Q_EMIT lineClicked(cursorForPosition(event->position().toPoint()).blockNumber());
}

void CodeEdit::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        Q_EMIT lineClicked(textCursor().blockNumber());
    else
        QPlainTextEdit::keyPressEvent(event);
}

QString CodeEdit::tipOf(int line) const
{
    const auto nodes = m_code.nodes.find(line);
    if (nodes == m_code.nodes.end())
        return {};
    QString tip = nodes->second.size() == 1
                      ? tr("1 node in all stages")
                      : tr("%1 nodes in all stages").arg(nodes->second.size());
    if (m_code.language == CodeLanguage::Ir)
        tip.clear();
    const auto heat = m_heat.find(line);
    if (heat != m_heat.end() && m_heatSum > 0) {
        if (!tip.isEmpty())
            tip += QLatin1Char('\n');
        tip += tr("%1 in the shown run, %2 % of this text")
                   .arg(QString::fromStdString(timeline::durationText(heat->second)))
                   .arg(100.0 * static_cast<double>(heat->second) / static_cast<double>(m_heatSum),
                        0, 'f', 1);
    }
    return tip;
}

bool CodeEdit::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), tipOf(cursorForPosition(help->pos()).blockNumber()),
                           viewport());
        return true;
    }
    return QPlainTextEdit::viewportEvent(event);
}

void CodeEdit::changeEvent(QEvent* event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        if (m_highlighter->document() != nullptr)
            m_highlighter->set(m_code.language, palette());
        showMarks();
        m_gutter->update();
    } else if (event->type() == QEvent::FontChange) {
        placeGutter();
    }
}

} // namespace jitscope::views
