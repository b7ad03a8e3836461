#include "views/palette/command_palette.h"

#include "views/palette/palette_delegate_p.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QVBoxLayout>

#include <algorithm>

namespace jitscope::views {

namespace {

constexpr int mostRemembered = 30;
constexpr int widthInLetters = 90;
constexpr int shownRows = 14;

} // namespace

CommandPalette::CommandPalette(std::vector<PaletteSource> sources, QWidget& window)
    : QFrame(&window),
      m_sources(std::move(sources)),
      m_window(window),
      m_text(new QLineEdit),
      m_list(new QListView),
      m_help(new QLabel)
{
    setObjectName(QStringLiteral("commandPalette"));
    setAccessibleName(tr("Commands"));
    setFrameShape(QFrame::StyledPanel);
    setFrameShadow(QFrame::Raised);
    setAutoFillBackground(true);
    m_text->setObjectName(QStringLiteral("paletteText"));
    m_text->setAccessibleName(tr("What to do"));
    m_text->setPlaceholderText(tr("Type a few letters of a command"));
    m_text->installEventFilter(this);
    m_list->setObjectName(QStringLiteral("paletteList"));
    m_list->setAccessibleName(tr("What matches"));
    m_list->setModel(&m_model);
    m_list->setItemDelegate(new PaletteDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setFocusPolicy(Qt::NoFocus); // the keyboard stays in the line
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_help->setObjectName(QStringLiteral("paletteHelp"));
    m_help->setEnabled(false);
    QStringList prefixes;
    for (const PaletteSource& known : m_sources) {
        if (!known.prefix.isEmpty())
            prefixes << QStringLiteral("%1 %2").arg(known.prefix, known.name);
    }
    m_help->setText(prefixes.join(QStringLiteral("     ")));

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 6, 6, 6);
    layout->setSpacing(4);
    layout->addWidget(m_text);
    layout->addWidget(m_list, 1);
    layout->addWidget(m_help);
    connect(m_text, &QLineEdit::textChanged, this, &CommandPalette::update);
    connect(m_list, &QListView::clicked, this, &CommandPalette::choose);
    m_window.installEventFilter(this);
    hide();
}

void CommandPalette::setRecent(const QStringList& recent)
{
    m_recent = recent.mid(0, mostRemembered);
}

void CommandPalette::open(const QString& text)
{
    if (isHidden())
        m_before = QApplication::focusWidget();
    place();
    show();
    raise();
    m_text->setFocus(Qt::ShortcutFocusReason);
    m_text->setText(text);
    update();
}

const PaletteSource& CommandPalette::source(const QString& text) const
{
    const PaletteSource* found = &m_sources.front();
    for (const PaletteSource& known : m_sources) {
        if (known.prefix.isEmpty() && !found->prefix.isEmpty())
            found = &known;
        if (!known.prefix.isEmpty() && text.startsWith(known.prefix))
            return known;
    }
    return *found;
}

void CommandPalette::update()
{
    if (isHidden())
        return;
    const QString whole = m_text->text();
    const PaletteSource& chosen = source(whole);
    const QString text =
        (whole.startsWith(chosen.prefix) ? whole.mid(chosen.prefix.size()) : whole).trimmed();
    m_model.setItems(chosen.items(text), text, m_recent, chosen.isMatched);
    m_list->setCurrentIndex(m_model.index(0));
    m_list->scrollToTop();
}

void CommandPalette::place()
{
    const QFontMetrics metrics = fontMetrics();
    const int width = std::min(metrics.averageCharWidth() * widthInLetters, m_window.width() - 20);
    const int height = std::min((metrics.height() + 8) * (shownRows + 3), m_window.height() - 60);
    setGeometry((m_window.width() - width) / 2, std::min(60, m_window.height() / 10), width,
                height);
}

void CommandPalette::close()
{
    if (isHidden())
        return;
    const bool hadFocus = m_text->hasFocus();
    hide();
    if (hadFocus && m_before)
        m_before->setFocus();
    Q_EMIT closed();
}

void CommandPalette::choose(const QModelIndex& index)
{
    const PaletteItem* item = m_model.item(index);
    if (item == nullptr || !item->isEnabled)
        return;
    const PaletteItem chosen = *item; // what it does may open the palette again
    if (!chosen.id.isEmpty()) {
        m_recent.removeAll(chosen.id);
        m_recent.prepend(chosen.id);
        m_recent = m_recent.mid(0, mostRemembered);
        Q_EMIT recentChanged(m_recent);
    }
    close();
    if (chosen.run)
        chosen.run();
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == &m_window) {
        if (event->type() == QEvent::Resize && isVisible())
            place();
        return QFrame::eventFilter(watched, event);
    }
    if (event->type() == QEvent::FocusOut) {
        // A click elsewhere closes it; another window in front does not.
        if (static_cast<QFocusEvent*>(event)->reason() != Qt::ActiveWindowFocusReason &&
            static_cast<QFocusEvent*>(event)->reason() != Qt::PopupFocusReason)
            close();
        return false;
    }
    // Its keys are its own, also those that are shortcuts of the window.
    if (event->type() == QEvent::ShortcutOverride) {
        if (static_cast<QKeyEvent*>(event)->key() != Qt::Key_Escape)
            return false;
        event->accept();
        return true;
    }
    if (event->type() != QEvent::KeyPress)
        return QFrame::eventFilter(watched, event);
    auto* key = static_cast<QKeyEvent*>(event);
    switch (key->key()) {
    case Qt::Key_Escape:
        close();
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        choose(m_list->currentIndex());
        return true;
    case Qt::Key_Up:
    case Qt::Key_Down: {
        const int rows = m_model.rowCount();
        if (rows > 0) {
            const int step = key->key() == Qt::Key_Down ? 1 : rows - 1;
            m_list->setCurrentIndex(m_model.index((m_list->currentIndex().row() + step) % rows));
        }
        return true;
    }
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
        QCoreApplication::sendEvent(m_list, event);
        return true;
    default:
        return QFrame::eventFilter(watched, event);
    }
}

} // namespace jitscope::views
