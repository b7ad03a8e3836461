#include "views/find/find_panel.h"

#include "views/find/find_delegate_p.h"
#include "views/find/find_model.h"
#include "views/find/find_worker_p.h"
#include "views/icons/icon.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QTimer>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

#include <utility>

namespace jitscope::views {

namespace {

constexpr int busyAfter = 150;               // ms without an answer until the panel says so
constexpr std::size_t expandedHits = 20'000; // groups up to this size are open at once

QString help()
{
    return FindPanel::tr(
        "<p>Words are joined by \u201cand\u201d; a word may say where to look:</p>"
        "<table cellpadding='2'>"
        "<tr><td><b>conv layer1</b></td><td>both words, anywhere</td></tr>"
        "<tr><td><b>kind:conv</b></td><td>kinds of nodes</td></tr>"
        "<tr><td><b>name:x.1</b></td><td>values, attributes, weights</td></tr>"
        "<tr><td><b>module:layer1</b></td><td>module paths and classes, and what is in "
        "them</td></tr>"
        "<tr><td><b>type:Half</b> &nbsp; <b>type:1x64</b></td><td>types and shapes</td></tr>"
        "<tr><td><b>file:resnet.py:93</b></td><td>Python file and line</td></tr>"
        "<tr><td><b>const:0.5</b></td><td>constants; <b>const:</b> alone is all</td></tr>"
        "<tr><td><b>text:return</b></td><td>Python source</td></tr>"
        "<tr><td><b>\"two words\"</b></td><td>a phrase</td></tr></table>");
}

QToolButton* button(const QString& name, const QString& iconName, Qt::ArrowType arrow,
                    const QString& tip)
{
    auto* made = new QToolButton;
    made->setObjectName(name);
    made->setAutoRaise(true);
    made->setToolTip(tip);
    made->setAccessibleName(tip);
    if (iconName.isEmpty())
        made->setArrowType(arrow);
    else
        made->setIcon(icon(iconName));
    return made;
}

} // namespace

class FindPanel::Implementation
{
public:
    Implementation(FindPanel& owner, DocumentModel& model)
        : panel(owner),
          document(model),
          text(new QLineEdit),
          count(new QLabel),
          hint(new QLabel),
          results(new QTreeView)
    {}

    void build()
    {
        text->setObjectName(QStringLiteral("findText"));
        text->setAccessibleName(tr("Find in the model"));
        text->setAccessibleDescription(tr("Words, or kind:, name:, module:, type:, file:, const:, "
                                          "text: before a word"));
        text->setPlaceholderText(tr("Find: conv   kind:relu   module:layer1   const:0.5"));
        text->setToolTip(help());
        text->setClearButtonEnabled(true);
        text->addAction(icon(QStringLiteral("find")), QLineEdit::LeadingPosition);
        text->installEventFilter(&panel);
        count->setObjectName(QStringLiteral("findCount"));
        hint->setObjectName(QStringLiteral("findHint"));
        hint->setWordWrap(true);
        hint->setAlignment(Qt::AlignTop | Qt::AlignLeft);
        hint->setTextFormat(Qt::RichText);
        hint->setMargin(8);
        results->setObjectName(QStringLiteral("findResults"));
        results->setAccessibleName(tr("Found"));
        results->setHeaderHidden(true);
        results->setUniformRowHeights(true);
        results->setIndentation(12);
        results->setModel(&hits);
        results->setItemDelegate(new FindDelegate(hits, results));
        results->installEventFilter(&panel);

        QToolButton* previous =
            button(QStringLiteral("findPrevious"), {}, Qt::UpArrow, tr("Previous (Shift+F3)"));
        QToolButton* next = button(QStringLiteral("findNext"), {}, Qt::DownArrow, tr("Next (F3)"));
        QToolButton* close = button(QStringLiteral("findClose"), QStringLiteral("close"),
                                    Qt::NoArrow, tr("Close (Esc)"));
        auto* line = new QHBoxLayout;
        line->setSpacing(2);
        line->addWidget(text, 1);
        line->addWidget(previous);
        line->addWidget(next);
        line->addWidget(close);
        auto* layout = new QVBoxLayout(&panel);
        layout->setContentsMargins(6, 4, 6, 4);
        layout->setSpacing(4);
        layout->addLayout(line);
        layout->addWidget(count);
        layout->addWidget(hint, 1);
        layout->addWidget(results, 1);
        busy.setSingleShot(true);
        busy.setInterval(busyAfter);

        QObject::connect(previous, &QToolButton::clicked, &panel, &FindPanel::previous);
        QObject::connect(next, &QToolButton::clicked, &panel, &FindPanel::next);
        QObject::connect(close, &QToolButton::clicked, &panel, &FindPanel::closeRequested);
        QObject::connect(text, &QLineEdit::textChanged, &panel, [this] { ask(); });
        QObject::connect(&busy, &QTimer::timeout, &panel,
                         [this] { count->setText(tr("Reading the model\u2026")); });
        QObject::connect(&worker, &FindWorker::answered, &panel,
                         [this](const FindAnswer& answer) { show(answer); });
        const auto clicked = [this](const QModelIndex& index) { choose(index); };
        QObject::connect(results, &QTreeView::clicked, &panel, clicked);
        QObject::connect(results, &QTreeView::activated, &panel, clicked);
        QObject::connect(results->selectionModel(), &QItemSelectionModel::currentChanged, &panel,
                         [this] { updateCount(); });
        for (const auto signal : {&DocumentModel::opened, &DocumentModel::closed,
                                  &DocumentModel::changed, &DocumentModel::knownTypesChanged})
            QObject::connect(&document, signal, &panel, [this] { update(); });
        QObject::connect(&document, &DocumentModel::currentStageChanged, &panel,
                         [this] { update(); });
        update();
    }

    // The stage may be another one.
    void update()
    {
        FindCorpus corpus;
        if (document.isOpen()) {
            const document::StageRow* stage = document.stage(document.currentStage());
            corpus.documentPath = document.path();
            corpus.content = document.content();
            corpus.nodes = document.nodeIndex();
            corpus.graph = stage == nullptr ? 0 : stage->graph;
            corpus.types = document.knownTypes();
        }
        // More nodes of other stages change nothing that is found in this one.
        const bool isOther = corpus.documentPath != current.documentPath ||
                             corpus.content != current.content || corpus.graph != current.graph ||
                             corpus.types != current.types;
        if (!isOther)
            return;
        current = corpus;
        worker.setCorpus(std::move(corpus));
        hits.clear();
        ask();
    }

    // Nobody looks at a panel that is hidden; it asks when it is shown or when a hit is wanted.
    void ask(bool isWanted = false)
    {
        isDue = !panel.isVisible() && !isWanted;
        stepAfter = 0;
        const bool isEmpty = text->text().trimmed().isEmpty() || !document.isOpen();
        lastChosen = QPersistentModelIndex();
        if (isEmpty || isDue) {
            worker.cancel();
            busy.stop();
            isAwaiting = false;
            hits.clear();
            updateCount();
            return;
        }
        isAwaiting = true;
        busy.start();
        worker.ask(text->text());
    }

    void show(const FindAnswer& answer)
    {
        busy.stop();
        isAwaiting = false;
        lastChosen = QPersistentModelIndex();
        if (!answer.index) {
            hits.clear();
            updateCount();
            count->setText(answer.problem);
            Q_EMIT panel.answered();
            return;
        }
        hits.setHits(answer.index, answer.query, answer.hits);
        std::size_t shown = 0;
        for (int row = 0; row < hits.rowCount(); ++row) {
            const QModelIndex group = hits.index(row, 0);
            shown += static_cast<std::size_t>(hits.rowCount(group));
            if (shown <= expandedHits || row == 0)
                results->expand(group);
        }
        if (const QModelIndex first = hits.hitAt(0); first.isValid())
            results->setCurrentIndex(first);
        updateCount();
        if (const int step = std::exchange(stepAfter, 0); step != 0)
            go(step < 0);
        Q_EMIT panel.answered();
    }

    void updateCount()
    {
        const bool isEmpty = text->text().trimmed().isEmpty();
        hint->setVisible(isEmpty);
        results->setVisible(!isEmpty);
        if (isEmpty && hint->text().isEmpty())
            hint->setText(help());
        if (isEmpty || isAwaiting) {
            count->setText(document.isOpen() ? QString() : tr("No model is open."));
            return;
        }
        const std::size_t all = hits.count();
        const auto number = hits.numberOf(results->currentIndex());
        const QLocale locale;
        const QString total = locale.toString(static_cast<qulonglong>(all)) +
                              (hits.isCutOff() ? QStringLiteral("+") : QString());
        if (!document.isOpen())
            count->setText(tr("No model is open."));
        else if (all == 0)
            count->setText(tr("Nothing found in this stage."));
        else if (number)
            count->setText(
                tr("%1 of %2").arg(locale.toString(static_cast<qulonglong>(*number) + 1), total));
        else
            count->setText(tr("%1 found").arg(total));
    }

    void choose(const QModelIndex& index)
    {
        const std::optional<search::Target> target = hits.target(index);
        if (!target)
            return;
        results->setCurrentIndex(index);
        results->scrollTo(index);
        lastChosen = index;
        Q_EMIT panel.chosen(*target);
    }

    // The next or previous hit; the current one first, if it was not chosen yet.
    void go(bool backwards)
    {
        if (isDue)
            ask(true);
        if (isAwaiting) {
            stepAfter = backwards ? -1 : 1;
            return;
        }
        const std::size_t all = hits.count();
        if (all == 0)
            return;
        const QModelIndex at = results->currentIndex();
        const auto number = hits.numberOf(at);
        std::size_t to = backwards ? all - 1 : 0;
        if (number && lastChosen != at && !backwards)
            to = *number;
        else if (number)
            to = (*number + (backwards ? all - 1 : 1)) % all;
        choose(hits.hitAt(to));
    }

    void goToFirst()
    {
        if (isDue)
            ask(true);
        if (isAwaiting)
            stepAfter = 1;
        else if (hits.count() != 0)
            choose(hits.hitAt(0));
    }

    static QString tr(const char* text) { return FindPanel::tr(text); }

    FindPanel& panel;
    DocumentModel& document;
    QLineEdit* text;
    QLabel* count;
    QLabel* hint; // the help, while nothing is looked for
    QTreeView* results;
    FindModel hits;
    FindWorker worker;
    FindCorpus current;
    QTimer busy;
    QPersistentModelIndex lastChosen;
    bool isAwaiting = false;
    int stepAfter = 0;  // where to go once the answer is there: -1 back, 1 on
    bool isDue = false; // the text was not asked for, because the panel was hidden
};

FindPanel::FindPanel(DocumentModel& document, QWidget* parent)
    : QWidget(parent), m_implementation(std::make_unique<Implementation>(*this, document))
{
    setObjectName(QStringLiteral("findPanel"));
    m_implementation->build();
    setFocusProxy(m_implementation->text);
}

FindPanel::~FindPanel()
{
    delete m_implementation->results; // before the model that it shows
}

QString FindPanel::text() const
{
    return m_implementation->text->text();
}

bool FindPanel::isBusy() const
{
    return m_implementation->isAwaiting;
}

std::size_t FindPanel::hitCount() const
{
    return m_implementation->hits.count();
}

void FindPanel::open()
{
    m_implementation->text->setFocus(Qt::ShortcutFocusReason);
    m_implementation->text->selectAll();
}

void FindPanel::setText(const QString& text)
{
    m_implementation->text->setText(text);
}

void FindPanel::first()
{
    m_implementation->goToFirst();
}

void FindPanel::next()
{
    m_implementation->go(false);
}

void FindPanel::previous()
{
    m_implementation->go(true);
}

void FindPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (m_implementation->isDue)
        m_implementation->ask();
}

bool FindPanel::eventFilter(QObject* watched, QEvent* event)
{
    // Esc is a shortcut of the window too.
    if (event->type() == QEvent::ShortcutOverride &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        event->accept();
        return true;
    }
    if (event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    auto* key = static_cast<QKeyEvent*>(event);
    switch (key->key()) {
    case Qt::Key_Escape:
        Q_EMIT closeRequested();
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (watched == m_implementation->text) {
            if (key->modifiers().testFlag(Qt::ShiftModifier))
                previous();
            else
                next();
            return true;
        }
        break;
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
        if (watched == m_implementation->text) {
            QCoreApplication::sendEvent(m_implementation->results, event);
            return true;
        }
        break;
    default:
        break;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace jitscope::views
