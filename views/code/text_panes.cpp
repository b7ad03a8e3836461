#include "views/code/text_panes_p.h"

#include <QAction>
#include <QApplication>
#include <QHBoxLayout>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace jitscope::views {

namespace {

// Columns of text that a pane needs to be read beside another.
constexpr int columns = 50;

} // namespace

TextPanes::TextPanes(QWidget* parent)
    : QWidget(parent), m_splitter(new QSplitter(this)), m_bar(new QHBoxLayout)
{
    setObjectName(QStringLiteral("codePanes"));
    m_panes = {new TextPane(QStringLiteral("python"), tr("Python source"), this),
               new TextPane(QStringLiteral("serialized"), tr("Serialized code"), this),
               new TextPane(QStringLiteral("ir"), tr("IR of the shown stage"), this)};
    struct Switch
    {
        const char* name;
        QString text;
        QString shortText; // on the button
        QKeySequence key;
    };
    const std::array<Switch, 3> switches = {{
        {"codeShowPython", tr("Show &Python source"), tr("Python"),
         QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_P)},
        {"codeShowSerialized", tr("Show &serialized code"), tr("Serialized"),
         QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_C)},
        {"codeShowIr", tr("Show &IR of the stage"), tr("IR"),
         QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_I)},
    }};
    m_bar->setContentsMargins(6, 3, 6, 0);
    for (std::size_t i = 0; i < switches.size(); ++i) {
        auto* action = new QAction(switches[i].text, this);
        action->setObjectName(QLatin1String(switches[i].name));
        action->setIconText(switches[i].shortText);
        action->setShortcut(switches[i].key);
        action->setCheckable(true);
        connect(action, &QAction::toggled, this, &TextPanes::toggled);
        m_actions[i] = action;
        auto* button = new QToolButton(this);
        button->setObjectName(action->objectName() + QStringLiteral("Button"));
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        m_bar->addWidget(button);
        m_splitter->addWidget(m_panes[i]);
        m_splitter->setCollapsible(static_cast<int>(i), false);
        m_splitter->setStretchFactor(static_cast<int>(i), 1);
    }
    connect(m_splitter, &QSplitter::splitterMoved, this,
            [this] { m_settings.setPaneSizes(arrangement(), m_splitter->sizes()); });
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(m_bar);
    layout->addWidget(m_splitter, 1);
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget*, QWidget* now) {
        for (TextPane* pane : m_panes) {
            if (now != nullptr && pane->isAncestorOf(now))
                m_current = pane;
        }
    });
    apply(m_settings.shownTexts());
}

TextPane& TextPanes::current()
{
    if (m_current != nullptr && isWanted(*m_current))
        return *m_current;
    const auto first = std::find_if(m_panes.begin(), m_panes.end(),
                                    [this](const TextPane* pane) { return isWanted(*pane); });
    return first == m_panes.end() ? *m_panes[0] : **first;
}

bool TextPanes::isWanted(const TextPane& pane) const
{
    return !pane.isHidden();
}

void TextPanes::apply(ShownTexts texts)
{
    const std::array<bool, 3> shown = {texts.python, texts.serialized, texts.ir};
    for (std::size_t i = 0; i < m_panes.size(); ++i) {
        const QSignalBlocker quiet(m_actions[i]);
        m_actions[i]->setChecked(shown[i]);
        m_panes[i]->setVisible(shown[i]);
    }
    arrange();
}

void TextPanes::toggled()
{
    ShownTexts texts{m_actions[0]->isChecked(), m_actions[1]->isChecked(),
                     m_actions[2]->isChecked()};
    if (texts == ShownTexts{false, false, false}) // the last one stays
        texts = {isWanted(*m_panes[0]), isWanted(*m_panes[1]), isWanted(*m_panes[2])};
    m_settings.setShownTexts(texts);
    apply(texts);
    Q_EMIT wantedChanged();
}

void TextPanes::reveal(TextPane& pane)
{
    if (isWanted(pane))
        return;
    for (std::size_t i = 0; i < m_panes.size(); ++i) {
        if (m_panes[i] != &pane)
            continue;
        const QSignalBlocker quiet(m_actions[i]);
        m_actions[i]->setChecked(true);
    }
    pane.show();
    arrange();
    Q_EMIT wantedChanged();
}

void TextPanes::arrange()
{
    const auto shown = std::count_if(m_panes.begin(), m_panes.end(),
                                     [this](const TextPane* pane) { return isWanted(*pane); });
    const int needed = static_cast<int>(shown) * columns * fontMetrics().averageCharWidth();
    m_splitter->setOrientation(width() >= needed ? Qt::Horizontal : Qt::Vertical);
    share();
}

// Which panes there are, and how they stand.
QString TextPanes::arrangement() const
{
    QString name = m_splitter->orientation() == Qt::Horizontal ? QStringLiteral("beside")
                                                               : QStringLiteral("below");
    for (const TextPane* pane : m_panes) {
        if (isWanted(*pane))
            name += QLatin1Char('-') + pane->objectName();
    }
    return name;
}

// As the user left them, else all alike.
void TextPanes::share()
{
    const QString now = arrangement();
    if (now == m_shared)
        return;
    m_shared = now;
    QList<int> sizes = m_settings.paneSizes(now);
    if (sizes.size() != m_splitter->count()) {
        constexpr int equal = 10'000; // the splitter makes them fit
        sizes.fill(equal, m_splitter->count());
    }
    m_splitter->setSizes(sizes);
}

void TextPanes::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

} // namespace jitscope::views
