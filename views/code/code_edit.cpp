#include "views/code/code_edit_p.h"

#include "core/support/counted.h"
#include "core/timeline/time_axis.h"

#include <QFontDatabase>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPlainTextDocumentLayout>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextDocument>
#include <QToolTip>

#include <algorithm>

namespace jitscope::views {

namespace {

constexpr int heatWidth = 34; // pixels of the longest bar
constexpr int markWidth = 3;
constexpr int gap = 6;
constexpr std::size_t mostCounted = 999; // shown in the gutter

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
    bool event(QEvent* event) override
    {
        if (event->type() != QEvent::ToolTip)
            return QWidget::event(event);
        const auto* help = static_cast<QHelpEvent*>(event);
        const int line = m_edit.cursorForPosition(QPoint(0, help->pos().y())).blockNumber();
        QToolTip::showText(help->globalPos(), m_edit.tipOf(line), this);
        return true;
    }

private:
    CodeEdit& m_edit;
};

QColor between(const QColor& a, const QColor& b, double share)
{
    return QColor::fromRgbF(static_cast<float>(a.redF() + (b.redF() - a.redF()) * share),
                            static_cast<float>(a.greenF() + (b.greenF() - a.greenF()) * share),
                            static_cast<float>(a.blueF() + (b.blueF() - a.blueF()) * share));
}

QFont smaller(QFont font)
{
    font.setPointSizeF(font.pointSizeF() * 0.8);
    return font;
}

QString countText(std::size_t count)
{
    return count > mostCounted ? QStringLiteral("%1+").arg(mostCounted) : QString::number(count);
}

} // namespace

PreparedText prepare(CodeText code, const QFont& font, QThread* home)
{
    auto document = std::make_shared<QTextDocument>();
    document->setUndoRedoEnabled(false);
    document->setDefaultFont(font);
    document->setDocumentLayout(new QPlainTextDocumentLayout(document.get()));
    document->setPlainText(code.text);
    for (QTextBlock block = document->begin(); block.isValid(); block = block.next())
        (void)block.layout(); // made when first asked for
    document->moveToThread(home);
    return {std::move(code), std::move(document)};
}

CodeEdit::CodeEdit(QWidget* parent) : QPlainTextEdit(parent), m_gutter(new Gutter(*this))
{
    setReadOnly(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setFrameShape(QFrame::NoFrame);
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setTabStopDistance(4 * fontMetrics().horizontalAdvance(QLatin1Char(' ')));
    connect(this, &QPlainTextEdit::blockCountChanged, this, [this] { placeGutter(); });
    connect(this, &QPlainTextEdit::updateRequest, this, [this](const QRect& rect, int dy) {
        if (dy != 0)
            m_gutter->scroll(0, dy);
        else
            m_gutter->update(0, rect.y(), m_gutter->width(), rect.height());
        inkVisible();
    });
    placeGutter();
}

// The document must outlive the edit's own use of it.
CodeEdit::~CodeEdit()
{
    setDocument(nullptr);
}

std::shared_ptr<QTextDocument> CodeEdit::setCode(PreparedText text)
{
    m_code = std::move(text.code);
    m_heat.clear();
    m_marked.clear();
    m_inked.assign(static_cast<std::size_t>(text.document->blockCount()), false);
    if (text.document->defaultFont() != font())
        text.document->setDefaultFont(font());
    setDocument(text.document.get());
    setTabStopDistance(4 * fontMetrics().horizontalAdvance(QLatin1Char(' ')));
    std::shared_ptr<QTextDocument> before = std::exchange(m_document, std::move(text.document));
    setNodes(std::move(m_code.nodes));
    inkVisible();
    return before;
}

void CodeEdit::setNodes(std::map<int, std::vector<ir::NodeKey>> nodes)
{
    m_code.nodes = std::move(nodes);
    m_most = 0;
    for (const auto& [line, keys] : m_code.nodes)
        m_most = std::max(m_most, keys.size());
    placeGutter();
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

bool CodeEdit::isMarked(int line) const
{
    return std::binary_search(m_marked.begin(), m_marked.end(), line);
}

void CodeEdit::setMarkedLines(std::vector<int> lines, bool scroll)
{
    std::sort(lines.begin(), lines.end());
    lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
    m_marked = std::move(lines);
    viewport()->update();
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

bool CodeEdit::findText(const QString& text, bool backwards, bool& wrapped)
{
    // In the text, not by QTextDocument::find, which takes 60 ms for 40,000 lines.
    const QTextCursor cursor = textCursor();
    const QString& all = m_code.text;
    wrapped = false;
    qsizetype at = -1;
    if (backwards && cursor.selectionStart() > 0)
        at = all.lastIndexOf(text, cursor.selectionStart() - 1, Qt::CaseInsensitive);
    else if (!backwards)
        at = all.indexOf(text, cursor.selectionEnd(), Qt::CaseInsensitive);
    if (at < 0) {
        at = backwards ? all.lastIndexOf(text, -1, Qt::CaseInsensitive)
                       : all.indexOf(text, 0, Qt::CaseInsensitive);
        wrapped = at >= 0;
    }
    if (at < 0)
        return false;
    QTextCursor found(document());
    found.setPosition(static_cast<int>(at));
    found.setPosition(static_cast<int>(at + text.size()), QTextCursor::KeepAnchor);
    setTextCursor(found);
    ensureCursorVisible();
    return true;
}

// Lines get their colours when they come into sight.
void CodeEdit::inkVisible()
{
    if (m_inking || m_inked.empty())
        return;
    m_inking = true; // colouring asks for an update itself
    const Inks inks(palette());
    const double height = viewport()->height();
    QTextBlock block = firstVisibleBlock();
    double top = blockBoundingGeometry(block).translated(contentOffset()).top();
    for (; block.isValid() && top <= height; block = block.next()) {
        const auto line = static_cast<std::size_t>(block.blockNumber());
        top += blockBoundingRect(block).height();
        if (line >= m_inked.size() || m_inked[line])
            continue;
        m_inked[line] = true;
        const LineState state = line < m_code.states.size() ? m_code.states[line] : LineState::Code;
        block.layout()->setFormats(
            inks.formats(inkLine(m_code.language, block.text(), state).ranges));
        document()->markContentsDirty(block.position(), block.length());
    }
    m_inking = false;
}

int CodeEdit::numberWidth() const
{
    const int last = std::max(1, m_code.numberOf(blockCount() - 1));
    return fontMetrics().horizontalAdvance(QLatin1Char('9')) *
           std::max(3, static_cast<int>(QString::number(last).size()));
}

int CodeEdit::countWidth() const
{
    return m_most < 2
               ? 0
               : QFontMetrics(smaller(font())).horizontalAdvance(countText(m_most)) + gap / 2;
}

int CodeEdit::gutterWidth() const
{
    return numberWidth() + 3 * gap + markWidth + countWidth() +
           (m_heat.empty() ? 0 : heatWidth + gap);
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
    inkVisible();
}

// The marks lie below the text; there may be thousands, of which few are in sight.
void CodeEdit::paintEvent(QPaintEvent* event)
{
    if (!m_marked.empty()) {
        QPainter painter(viewport());
        const bool isDark = palette().color(QPalette::Base).lightness() < 128;
        const QColor mark = between(palette().color(QPalette::Base),
                                    palette().color(QPalette::Highlight), isDark ? 0.38 : 0.22);
        QTextBlock block = firstVisibleBlock();
        double top = blockBoundingGeometry(block).translated(contentOffset()).top();
        for (; block.isValid() && top <= event->rect().bottom(); block = block.next()) {
            const double height = blockBoundingRect(block).height();
            if (isMarked(block.blockNumber()))
                painter.fillRect(QRectF(0, top, viewport()->width(), height), mark);
            top += height;
        }
    }
    QPlainTextEdit::paintEvent(event);
}

void CodeEdit::paintGutter(QPaintEvent* event)
{
    QPainter painter(m_gutter);
    const QPalette colours = palette();
    const QColor base = colours.color(QPalette::Base);
    const QColor text = colours.color(QPalette::Text);
    const QColor highlight = colours.color(QPalette::Highlight);
    const bool isDark = base.lightness() < 128;
    painter.fillRect(event->rect(), between(base, text, 0.045));
    const int height = fontMetrics().height();
    const int left = m_heat.empty() ? gap : heatWidth + 2 * gap;
    const int markLeft = left + numberWidth() + gap;
    QTextBlock block = firstVisibleBlock();
    double top = blockBoundingGeometry(block).translated(contentOffset()).top();
    for (; block.isValid() && top <= event->rect().bottom(); block = block.next()) {
        const int line = block.blockNumber();
        const double next = top + blockBoundingRect(block).height();
        const bool marked = isMarked(line);
        if (const auto heat = m_heat.find(line); heat != m_heat.end() && m_hottest > 0) {
            const double share = static_cast<double>(heat->second) / static_cast<double>(m_hottest);
            const QColor cold(isDark ? 0xff6b5a3a : 0xfff0d9a8);
            const QColor hot(isDark ? 0xffe0592f : 0xffd8431f);
            const double width = std::max(1.0, heatWidth * share);
            painter.fillRect(QRectF(gap + heatWidth - width, top + 3, width, height - 6),
                             between(cold, hot, share));
        }
        if (const int number = m_code.numberOf(line); number > 0) {
            painter.setFont(font());
            painter.setPen(marked ? text : between(base, text, 0.55));
            painter.drawText(QRectF(left, top, numberWidth(), height),
                             Qt::AlignRight | Qt::AlignVCenter, QString::number(number));
        }
        if (const auto nodes = m_code.nodes.find(line); nodes != m_code.nodes.end()) {
            painter.fillRect(QRectF(markLeft, top + 1, markWidth, height - 2),
                             marked ? highlight : between(base, highlight, 0.5));
            if (nodes->second.size() > 1) {
                painter.setFont(smaller(font()));
                painter.setPen(marked ? text : between(base, text, 0.5));
                painter.drawText(
                    QRectF(markLeft + markWidth + gap / 2.0, top, countWidth(), height),
                    Qt::AlignLeft | Qt::AlignVCenter, countText(nodes->second.size()));
            }
        }
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
    const auto count = static_cast<std::int64_t>(nodes->second.size());
    QString tip = tr("%1 of the shown stage; click to select")
                      .arg(QString::fromStdString(counted(count, "node")));
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
        std::fill(m_inked.begin(), m_inked.end(), false);
        inkVisible();
        m_gutter->update();
    } else if (event->type() == QEvent::FontChange) {
        placeGutter();
    }
}

} // namespace jitscope::views
