#include "views/code/code_view.h"

#include "core/support/counted.h"

#include "views/code/call_stack_panel_p.h"
#include "views/code/code_texts_p.h"
#include "views/code/definitions_p.h"
#include "views/code/find_bar_p.h"
#include "views/code/search_folders_dialog_p.h"
#include "views/code/unlocated_dialog_p.h"

#include <QAction>
#include <QHBoxLayout>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

#include <optional>
#include <set>
#include <vector>

namespace jitscope::views {

class CodeView::Implementation
{
public:
    Implementation(CodeView& view, DocumentModel& document, Selection& selection)
        : m_view(view),
          m_document(document),
          m_selection(selection),
          m_panes(new TextPanes(&view)),
          m_texts(new CodeTexts(document, selection, *m_panes, &view)),
          m_calls(new CallStackPanel(&view)),
          m_find(new FindBar(&view)),
          m_unlocatedModel(new UnlocatedModel(&view))
    {
        compose();
        addActions();
        connectAll();
        m_texts->reload();
    }

    [[nodiscard]] CodeTexts& texts() { return *m_texts; }

    FindBar& findBar()
    {
        m_find->setEdit(&m_panes->current().edit());
        return *m_find;
    }

private:
    static QString tr(const char* text) { return CodeView::tr(text); }

    void compose()
    {
        auto* parts = new QSplitter(Qt::Vertical, &m_view);
        parts->addWidget(m_panes);
        parts->addWidget(m_calls);
        parts->setStretchFactor(0, 4);
        parts->setStretchFactor(1, 1);
        parts->setCollapsible(0, false);
        auto* layout = new QVBoxLayout(&m_view);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(0);
        layout->addWidget(parts, 1);
        layout->addWidget(m_find);
    }

    // They work in the whole window and bring the view into sight: the menu shows them everywhere.
    template <typename Slot>
    QAction* addAction(const char* name, const QString& text, const QKeySequence& key, Slot slot)
    {
        auto* action = new QAction(text, &m_view);
        action->setObjectName(QLatin1String(name));
        action->setShortcut(key);
        QObject::connect(action, &QAction::triggered, &m_view, &CodeView::wanted);
        QObject::connect(action, &QAction::triggered, &m_view, slot);
        m_view.addAction(action);
        return action;
    }

    QToolButton* addButton(QAction* action, const char* name)
    {
        auto* button = new QToolButton(&m_view);
        button->setObjectName(QLatin1String(name));
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        m_panes->bar().addWidget(button);
        return button;
    }

    void addSeparator()
    {
        auto* separator = new QAction(&m_view);
        separator->setSeparator(true);
        m_view.addAction(separator);
    }

    // The window's keys of finding, Ctrl+F and F3, mean the shown text too while it has the
    // keyboard.
    void addActions()
    {
        for (QAction* action : m_panes->actions()) {
            m_view.addAction(action);
            QObject::connect(action, &QAction::triggered, &m_view, &CodeView::wanted);
        }
        addSeparator();
        addAction("codeFind", tr("&Find in text ..."), QKeySequence(QStringLiteral("Ctrl+Shift+F")),
                  &CodeView::find);
        addAction("codeFindNext", tr("Find &next"), QKeySequence(QStringLiteral("Ctrl+G")),
                  &CodeView::findNext);
        addAction("codeFindPrevious", tr("Find p&revious"),
                  QKeySequence(QStringLiteral("Ctrl+Shift+G")), &CodeView::findPrevious);
        addSeparator();
        m_unlocated =
            addAction("codeUnlocated", tr("Nodes &without a source line ..."),
                      QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_N), [this] { showUnlocated(); });
        QAction* folders =
            addAction("codeSearchFolders", tr("Source f&olders ..."),
                      QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_F), [this] { askForFolders(); });
        folders->setToolTip(tr("Name folders in which Python files are looked for"));
        m_panes->bar().addStretch(1);
        m_unlocatedButton = addButton(m_unlocated, "codeUnlocatedButton");
        addButton(folders, "codeSearchFoldersButton")->setText(tr("Folders ..."));
        showUnlocatedCount();
    }

    void connectAll()
    {
        QObject::connect(&m_selection, &Selection::changed, &m_view, [this] { followSelection(); });
        QObject::connect(m_texts, &CodeTexts::linesChanged, &m_view,
                         [this] { showUnlocatedCount(); });
        QObject::connect(m_texts, &CodeTexts::textChanged, &m_view,
                         [this](bool scroll) { markSelection(scroll); });
        QObject::connect(m_texts, &CodeTexts::statusMessage, &m_view, &CodeView::statusMessage);
        QObject::connect(&m_document, &DocumentModel::currentStageChanged, &m_view,
                         [this] { readCalls(); });
        QObject::connect(&m_document, &DocumentModel::opened, &m_view, [this] { showModel(); });
        QObject::connect(&m_document, &DocumentModel::closed, &m_view, [this] {
            m_definition.reset();
            m_calls->setFrames({}, {});
        });
        for (TextPane* pane : m_panes->all()) {
            QObject::connect(pane, &TextPane::lineClicked, &m_view,
                             [this, pane](int line) { click(*pane, line); });
        }
        QObject::connect(m_calls, &CallStackPanel::frameChosen, &m_view,
                         [this](const QString& file, int line) {
                             if (!m_texts->showSource(file, line))
                                 Q_EMIT m_view.statusMessage(
                                     tr("The model has no nodes and no source of %1.").arg(file));
                         });
    }

    // ---- nodes without a line ----

    void showUnlocatedCount()
    {
        const auto& keys = m_texts->lines().withoutPython();
        const auto count = static_cast<std::int64_t>(keys.size());
        m_unlocated->setEnabled(count != 0);
        m_unlocatedButton->setVisible(count != 0);
        const QString nodes = QString::fromStdString(counted(count, "node"));
        m_unlocatedButton->setText(count == 1 ? tr("%1 has no source line").arg(nodes)
                                              : tr("%1 have no source line").arg(nodes));
        m_unlocatedModel->set(keys, m_document.nodeIndex());
    }

    void showUnlocated()
    {
        if (m_unlocatedDialog == nullptr) {
            m_unlocatedDialog = new UnlocatedDialog(*m_unlocatedModel, &m_view);
            QObject::connect(m_unlocatedDialog, &UnlocatedDialog::chosen, &m_view,
                             [this](const std::vector<ir::NodeKey>& keys) { select(keys); });
        }
        m_unlocatedDialog->show();
        m_unlocatedDialog->raise();
    }

    // ---- the selection ----

    // All nodes of the line that the shown stage has, in every module instance.
    void click(TextPane& pane, int line)
    {
        const auto found = pane.code().nodes.find(line);
        if (found == pane.code().nodes.end())
            return;
        m_clicked = &pane;
        select(found->second);
        m_clicked = nullptr;
    }

    void select(const std::vector<ir::NodeKey>& keys)
    {
        std::vector<document::NodeRef> refs =
            refsOf(keys, *m_document.nodeIndex(), *m_document.content(), m_texts->callers());
        if (!refs.empty())
            m_selection.selectNodes(std::move(refs), &m_view);
    }

    void followSelection()
    {
        if (!m_document.isOpen())
            return;
        m_definition.reset();
        m_toScroll.clear();
        if (m_selection.nodes().empty())
            showDefinition();
        else
            showWritten();
        m_texts->followSelection();
        markSelection(true);
        readCalls();
    }

    // The texts in which the first selected node was written; the others are marked where they are
    // in sight.
    void showWritten()
    {
        const auto written = writtenAs(*m_document.nodeIndex(), m_selection.nodes().front());
        for (const document::NamedNode* node : written) {
            if (m_clicked != &m_panes->python() && !node->file.empty())
                m_texts->showPython(QString::fromStdString(node->file));
            if (m_clicked != &m_panes->serialized() && node->code != 0)
                m_texts->showSerialized(node->code);
            if (!node->file.empty())
                return;
        }
    }

    // Of a selected module: where its forward is defined.
    void showDefinition()
    {
        if (!m_selection.hasModule())
            return;
        const DocumentContent& content = *m_document.content();
        const document::ModuleRow* module = content.moduleAt(m_selection.module().toStdString());
        if (module != nullptr)
            define(mainMethod(*module, content));
    }

    void define(const document::FunctionRow* function)
    {
        if (function == nullptr)
            return;
        m_definition = definitionOf(*function, *m_document.content(), *m_document.nodeIndex());
        if (!m_definition->file.isEmpty())
            m_texts->showPython(m_definition->file);
        if (m_definition->code != 0)
            m_texts->showSerialized(m_definition->code);
    }

    // At the beginning: what the model itself does, in a file that can be read if there is one.
    void showModel()
    {
        const DocumentContent& content = *m_document.content();
        const document::ModuleRow* root = content.moduleAt({});
        if (root == nullptr)
            return;
        define(mainMethod(*root, content));
        m_toScroll = {&m_panes->python(), &m_panes->serialized()};
        const bool isKnown =
            m_definition && !m_definition->file.isEmpty() &&
            (!m_texts->searchFolders().isEmpty() || isReadable(m_definition->file, content));
        if (isKnown)
            return;
        if (const QString file = likeliestFile(content, *m_document.nodeIndex()); !file.isEmpty())
            m_texts->showPython(file);
    }

    // The line of the definition in a pane; -1 if it does not show it.
    [[nodiscard]] int definedIn(TextPane& pane) const
    {
        if (!m_definition || !pane.isShown())
            return -1;
        if (&pane == &m_panes->python())
            return pane.chosen() == m_definition->file ? lineOf(*m_definition, pane.code()) : -1;
        const bool isThere = m_definition->code != 0 && m_definition->code == m_texts->chosenCode();
        return isThere ? m_definition->codeLine : -1;
    }

    void markSelection(bool scroll)
    {
        const document::NodeIndex& index = *m_document.nodeIndex();
        TextPane& python = m_panes->python();
        const std::string file = python.chosen().toStdString();
        const std::int64_t code = m_texts->chosenCode();
        const std::map<int, int> pythonLines = python.code().linesByNumber();
        std::set<ir::NodeKey> keys;
        std::vector<int> inPython;
        std::vector<int> inSerialized;
        for (const document::NodeRef& ref : m_selection.nodes()) {
            keys.insert(ref.key);
            keys.merge(index.related(ref));
            for (const document::NamedNode* node : writtenAs(index, ref)) {
                const auto line = pythonLines.find(static_cast<int>(node->line));
                if (node->file == file && line != pythonLines.end())
                    inPython.push_back(line->second);
                if (node->code != 0 && node->code == code)
                    inSerialized.push_back(static_cast<int>(node->codeLine) - 1);
            }
        }
        if (m_selection.hasModule() && m_selection.nodes().empty()) {
            if (const int line = definedIn(python); line >= 0)
                inPython.push_back(line);
            if (const int line = definedIn(m_panes->serialized()); line >= 0)
                inSerialized.push_back(line);
        }
        std::vector<int> inIr;
        for (const auto& [line, nodes] : m_panes->ir().code().nodes) {
            if (keys.contains(nodes.front()))
                inIr.push_back(line);
        }
        const auto mark = [&](TextPane& pane, std::vector<int> lines) {
            pane.edit().setMarkedLines(pane.isShown() ? std::move(lines) : std::vector<int>(),
                                       scroll && m_clicked != &pane);
        };
        mark(python, std::move(inPython));
        mark(m_panes->serialized(), std::move(inSerialized));
        mark(m_panes->ir(), std::move(inIr));
        scrollToDefinition();
    }

    // What nothing selected leads to is moved to once, when its text is there.
    void scrollToDefinition()
    {
        std::erase_if(m_toScroll, [this](TextPane* pane) {
            const int line = definedIn(*pane);
            if (line >= 0)
                pane->edit().showLine(line);
            return line >= 0;
        });
    }

    void readCalls()
    {
        const std::int64_t graph = shownGraph(m_document, m_selection);
        if (m_selection.nodes().empty() || graph == 0)
            return m_calls->setFrames({}, {});
        const document::NodeRef ref = m_selection.nodes().front();
        m_document.requestGraph(
            graph, &m_view, [this, ref](const std::shared_ptr<const ir::Graph>& read) {
                if (!read || m_selection.nodes().empty() || m_selection.nodes().front() != ref)
                    return;
                FoundNode found = findNode(*read, {ref.key});
                if (found.node == nullptr)
                    found = findNode(*read, m_document.nodeIndex()->related(ref));
                if (found.node == nullptr)
                    return m_calls->setFrames({}, {});
                const std::string_view kind = found.graph->kind(*found.node);
                m_calls->setFrames(
                    QString::fromUtf8(kind.data(), static_cast<qsizetype>(kind.size())),
                    callFrames(found.graph->text(found.node->source.callChain)));
            });
    }

    void askForFolders()
    {
        auto* dialog = new SearchFoldersDialog(m_texts->searchFolders(), &m_view);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        QObject::connect(dialog, &QDialog::accepted, &m_view,
                         [this, dialog] { m_texts->setSearchFolders(dialog->folders()); });
        dialog->open();
    }

    CodeView& m_view;
    DocumentModel& m_document;
    Selection& m_selection;
    TextPanes* m_panes;
    CodeTexts* m_texts;
    CallStackPanel* m_calls;
    FindBar* m_find;
    UnlocatedModel* m_unlocatedModel;
    UnlocatedDialog* m_unlocatedDialog = nullptr;
    QAction* m_unlocated = nullptr;
    QToolButton* m_unlocatedButton = nullptr;
    TextPane* m_clicked = nullptr;          // from which the selection is being made
    std::optional<Definition> m_definition; // of the selected module, at the beginning of the model
    std::vector<TextPane*> m_toScroll;      // to the definition
};

CodeView::CodeView(DocumentModel& document, Selection& selection, QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("codeView"));
    m_implementation = std::make_unique<Implementation>(*this, document, selection);
}

CodeView::~CodeView() = default;

QStringList CodeView::searchFolders() const
{
    return m_implementation->texts().searchFolders();
}

void CodeView::setSearchFolders(const QStringList& folders)
{
    m_implementation->texts().setSearchFolders(folders);
}

bool CodeView::showSource(const QString& file, int line)
{
    return m_implementation->texts().showSource(file, line);
}

void CodeView::find()
{
    m_implementation->findBar().open();
}

void CodeView::findNext()
{
    m_implementation->findBar().find(false);
}

void CodeView::findPrevious()
{
    m_implementation->findBar().find(true);
}

} // namespace jitscope::views
