#include "views/code/code_view.h"

#include "views/code/code_edit_p.h"
#include "views/code/find_bar_p.h"
#include "views/code/heat_loader_p.h"

#include <QAction>
#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QStackedWidget>
#include <QToolButton>

#include <algorithm>
#include <set>

namespace jitscope::views {

namespace {

constexpr int languageRole = Qt::UserRole;
constexpr int nameRole = Qt::UserRole + 1; // Python file, record; empty for the IR

} // namespace

class CodeView::Implementation
{
public:
    Implementation(CodeView& view, DocumentModel& document, Selection& selection)
        : m_view(view),
          m_document(document),
          m_selection(selection),
          m_edit(new CodeEdit(&view)),
          m_find(new FindBar(*m_edit, &view)),
          m_heat(new HeatLoader(&view)),
          m_texts(new QComboBox(&view)),
          m_notice(new QLabel(&view)),
          m_message(new QLabel(&view)),
          m_stack(new QStackedWidget(&view))
    {
        compose();
        addActions();
        connectAll();
        reload();
    }

    [[nodiscard]] FindBar& findBar() { return *m_find; }
    [[nodiscard]] const QStringList& searchFolders() const { return m_searchFolders; }

    void setSearchFolders(const QStringList& folders)
    {
        m_searchFolders = folders;
        if (currentLanguage() == CodeLanguage::Python)
            showCurrent();
    }

    bool showSource(const QString& file, int line)
    {
        if (!choose(CodeLanguage::Python, file))
            return false;
        const CodeText& code = m_edit->code();
        int shown = line - 1;
        if (!code.lineNumbers.empty()) {
            const auto found = std::find(code.lineNumbers.begin(), code.lineNumbers.end(), line);
            if (found == code.lineNumbers.end())
                return false;
            shown = static_cast<int>(found - code.lineNumbers.begin());
        }
        m_edit->showLine(shown);
        return !code.text.isEmpty();
    }

private:
    static QString tr(const char* text) { return CodeView::tr(text); }

    void compose()
    {
        m_texts->setObjectName(QStringLiteral("codeTexts"));
        m_texts->setToolTip(tr("The text that is shown"));
        m_texts->setAccessibleName(m_texts->toolTip());
        m_texts->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        m_texts->setMinimumContentsLength(24);
        m_notice->setObjectName(QStringLiteral("codeNotice"));
        m_notice->setWordWrap(true);
        m_notice->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_notice->setContentsMargins(8, 2, 8, 4);
        m_notice->hide();
        m_message->setObjectName(QStringLiteral("codeMessage"));
        m_message->setAlignment(Qt::AlignCenter);
        m_message->setWordWrap(true);
        m_message->setMargin(24);
        m_message->setBackgroundRole(QPalette::Base);
        m_message->setAutoFillBackground(true);
        m_stack->addWidget(m_edit);
        m_stack->addWidget(m_message);
        m_bar = new QHBoxLayout;
        m_bar->setContentsMargins(6, 3, 6, 3);
        m_bar->addWidget(m_texts, 1);
        auto* layout = new QVBoxLayout(&m_view);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(0);
        layout->addLayout(m_bar);
        layout->addWidget(m_notice);
        layout->addWidget(m_stack, 1);
        layout->addWidget(m_find);
    }

    template <typename Slot>
    QAction* addAction(const char* name, const QString& text, const QKeySequence& key, Slot slot)
    {
        auto* action = new QAction(text, &m_view);
        action->setObjectName(QLatin1String(name));
        action->setShortcut(key);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        QObject::connect(action, &QAction::triggered, &m_view, slot);
        m_view.addAction(action);
        return action;
    }

    void addActions()
    {
        addAction("codeFind", tr("&Find in text ..."), QKeySequence::Find, &CodeView::find);
        addAction("codeFindNext", tr("Find &next"), QKeySequence::FindNext, &CodeView::findNext);
        addAction("codeFindPrevious", tr("Find &previous"), QKeySequence::FindPrevious,
                  &CodeView::findPrevious);
        QAction* folder = addAction("codeSearchFolder", tr("Look for sources in a &folder ..."), {},
                                    [this] { askForFolder(); });
        auto* button = new QToolButton(&m_view);
        button->setObjectName(QStringLiteral("codeSearchFolderButton"));
        button->setDefaultAction(folder);
        button->setText(tr("Folder ..."));
        button->setToolTip(tr("Name a folder in which Python files are looked for"));
        button->setAutoRaise(true);
        m_bar->addWidget(button);
    }

    void connectAll()
    {
        const auto reloadAll = [this] { reload(); };
        QObject::connect(&m_document, &DocumentModel::opened, &m_view, reloadAll);
        QObject::connect(&m_document, &DocumentModel::closed, &m_view, reloadAll);
        QObject::connect(&m_document, &DocumentModel::changed, &m_view, [this] {
            // Another stage brings nodes for the lines; the text and its place stay.
            refreshNodes();
            loadHeat();
        });
        QObject::connect(&m_document, &DocumentModel::currentStageChanged, &m_view, [this] {
            nameIr();
            if (currentLanguage() == CodeLanguage::Ir)
                showCurrent();
        });
        QObject::connect(&m_document, &DocumentModel::currentRunChanged, &m_view,
                         [this] { loadHeat(); });
        QObject::connect(&m_selection, &Selection::changed, &m_view,
                         [this](const QObject* source) { followSelection(source != &m_view); });
        QObject::connect(m_texts, &QComboBox::activated, &m_view, [this] { showCurrent(); });
        QObject::connect(m_edit, &CodeEdit::lineClicked, &m_view,
                         [this](int line) { click(line); });
        QObject::connect(m_heat, &HeatLoader::loaded, &m_view, [this](const auto& totals) {
            m_totals = totals;
            showHeat();
        });
    }

    [[nodiscard]] CodeLanguage currentLanguage() const
    {
        return static_cast<CodeLanguage>(m_texts->currentData(languageRole).toInt());
    }
    [[nodiscard]] QString currentName() const { return m_texts->currentData(nameRole).toString(); }

    void addText(const QString& title, CodeLanguage language, const QString& name)
    {
        m_texts->addItem(title);
        const int row = m_texts->count() - 1;
        m_texts->setItemData(row, static_cast<int>(language), languageRole);
        m_texts->setItemData(row, name, nameRole);
        m_texts->setItemData(row, name, Qt::ToolTipRole);
    }

    // All texts of the document, and the first of them shown.
    void reload()
    {
        m_totals.reset();
        m_heat->stop();
        m_texts->clear();
        m_texts->setEnabled(m_document.isOpen());
        if (!m_document.isOpen()) {
            showMessage(tr("No document is open."));
            return;
        }
        const DocumentContent& content = *m_document.content();
        for (const QString& file : pythonFiles(content, *m_document.nodeIndex()))
            addText(tr("Python: %1").arg(QFileInfo(file).fileName()), CodeLanguage::Python, file);
        addText({}, CodeLanguage::Ir, {});
        nameIr();
        for (const document::CodeRow& code : content.code) {
            const QString record = QString::fromStdString(code.record);
            addText(tr("Serialized: %1").arg(record.section(QLatin1Char('/'), -1)),
                    CodeLanguage::Serialized, record);
        }
        showCurrent();
        loadHeat();
    }

    void nameIr()
    {
        const int row = m_texts->findData(static_cast<int>(CodeLanguage::Ir), languageRole);
        const document::StageRow* stage = m_document.stage(m_document.currentStage());
        if (row >= 0)
            m_texts->setItemText(
                row,
                tr("IR: stage %1")
                    .arg(stage == nullptr ? tr("none") : QString::fromStdString(stage->label)));
    }

    bool choose(CodeLanguage language, const QString& name)
    {
        for (int row = 0; row < m_texts->count(); ++row) {
            if (m_texts->itemData(row, languageRole).toInt() != static_cast<int>(language) ||
                m_texts->itemData(row, nameRole).toString() != name)
                continue;
            if (row != m_texts->currentIndex()) {
                m_texts->setCurrentIndex(row);
                showCurrent();
            }
            return true;
        }
        return false;
    }

    void showMessage(const QString& message)
    {
        m_message->setText(message);
        m_stack->setCurrentWidget(m_message);
        m_notice->hide();
    }

    void showCurrent()
    {
        ++m_irRequest;
        switch (currentLanguage()) {
        case CodeLanguage::Python:
            return show(pythonText(currentName(), *m_document.content(), *m_document.nodeIndex(),
                                   m_searchFolders));
        case CodeLanguage::Serialized:
            for (const document::CodeRow& code : m_document.content()->code) {
                if (QString::fromStdString(code.record) == currentName())
                    return show(serializedText(code));
            }
            return showMessage(tr("The document has no such text."));
        case CodeLanguage::Ir:
            return requestIr();
        }
    }

    // The graph of the stage; of `loaded`, which holds every function, that of the selected node or
    // the root's method.
    [[nodiscard]] std::int64_t shownGraph() const
    {
        const document::StageRow* stage = m_document.stage(m_document.currentStage());
        if (stage == nullptr || stage->graph != 0)
            return stage == nullptr ? 0 : stage->graph;
        const DocumentContent& content = *m_document.content();
        const document::FunctionRow* function = nullptr;
        if (!m_selection.nodes().empty()) {
            const document::NamedNode* node =
                m_document.nodeIndex()->node(m_selection.nodes().front().loaded);
            if (node != nullptr)
                function = content.functionNamed(node->function);
        } else if (m_selection.hasModule()) {
            const document::ModuleRow* module =
                content.moduleAt(m_selection.module().toStdString());
            if (module != nullptr)
                function = content.functionOf(module->id, "forward");
        }
        if (function == nullptr)
            function = content.functionOf(1, "forward");
        if (function == nullptr && !content.functions.empty())
            function = &content.functions.front();
        return function == nullptr ? 0 : function->graph;
    }

    void requestIr()
    {
        const std::int64_t graph = shownGraph();
        m_irGraph = graph;
        if (graph == 0)
            return showMessage(tr("The stage has no graph."));
        m_document.requestGraph(graph, &m_view, [this, request = m_irRequest](const auto& read) {
            if (request != m_irRequest)
                return;
            if (read)
                show(irText(*read));
            else
                showMessage(tr("The graph of the stage cannot be read."));
        });
    }

    void show(CodeText code)
    {
        m_notice->setText(code.notice);
        m_notice->setVisible(!code.notice.isEmpty() && !code.text.isEmpty());
        if (code.text.isEmpty())
            showMessage(code.notice.isEmpty() ? tr("This text is empty.") : code.notice);
        else
            m_stack->setCurrentWidget(m_edit);
        m_edit->setCode(std::move(code));
        showHeat();
        markSelection(true);
    }

    void refreshNodes()
    {
        if (m_texts->count() == 0)
            return;
        if (currentLanguage() == CodeLanguage::Python && !m_edit->code().text.isEmpty()) {
            // A stage adds no lines, only nodes to them; the text need not be set again.
            CodeText now = pythonText(currentName(), *m_document.content(), *m_document.nodeIndex(),
                                      m_searchFolders);
            if (now.text == m_edit->code().text)
                m_edit->setNodes(std::move(now.nodes));
            else
                show(std::move(now));
        }
        markSelection(false);
    }

    void loadHeat()
    {
        if (m_document.isOpen() && m_document.currentRun() != 0)
            return m_heat->load(m_document.path(), m_document.currentRun());
        m_heat->stop();
        m_totals.reset();
        showHeat();
    }

    void showHeat()
    {
        std::map<int, std::int64_t> heat;
        if (m_totals) {
            const timeline::NodeTotals spread = spreadTotals();
            for (const auto& [line, keys] : m_edit->code().nodes) {
                std::int64_t total = 0;
                for (const ir::NodeKey key : keys) {
                    const auto found = spread.find(key);
                    total += found == spread.end() ? 0 : found->second;
                }
                if (total > 0)
                    heat[line] = total;
            }
        }
        m_edit->setHeat(std::move(heat));
    }

    // A fused group has no line of its own: in Python its time lies on the lines of its members, in
    // equal parts.
    [[nodiscard]] timeline::NodeTotals spreadTotals() const
    {
        timeline::NodeTotals spread = *m_totals;
        if (m_edit->code().language != CodeLanguage::Python)
            return spread;
        const document::NodeIndex& index = *m_document.nodeIndex();
        for (const auto& [key, total] : *m_totals) {
            const document::NamedNode* node = index.node(key);
            if (node == nullptr || !node->file.empty())
                continue;
            const std::vector<document::NodeRef> origins = index.origins(key);
            for (const document::NodeRef& origin : origins) {
                if (origin.loaded != 0 && origin.loaded != key)
                    spread[origin.loaded] += total / static_cast<std::int64_t>(origins.size());
            }
        }
        return spread;
    }

    void followSelection(bool scroll)
    {
        if (m_texts->count() == 0)
            return;
        const document::NodeIndex& index = *m_document.nodeIndex();
        if (scroll && !m_selection.nodes().empty()) {
            const document::NodeRef& ref = m_selection.nodes().front();
            const document::NamedNode* node = index.node(ref.key != 0 ? ref.key : ref.loaded);
            if (node != nullptr && node->file.empty())
                node = index.node(ref.loaded);
            if (currentLanguage() == CodeLanguage::Python && node != nullptr && !node->file.empty())
                choose(CodeLanguage::Python, QString::fromStdString(node->file));
            if (currentLanguage() == CodeLanguage::Serialized && node != nullptr)
                showDefinition(node->function);
        }
        if (scroll && currentLanguage() == CodeLanguage::Ir && shownGraph() != m_irGraph)
            return showCurrent(); // marks when it is there
        markSelection(scroll);
    }

    void showDefinition(const std::string& function)
    {
        const auto definition = definitionOf(function, *m_document.content());
        if (!definition)
            return;
        choose(CodeLanguage::Serialized, QString::fromStdString(definition->code->record));
        m_edit->setMarkedLines({definition->line}, true);
    }

    void markSelection(bool scroll)
    {
        if (currentLanguage() == CodeLanguage::Serialized)
            return; // its lines are not those of nodes
        std::set<ir::NodeKey> selected;
        for (const document::NodeRef& ref : m_selection.nodes()) {
            const std::set<ir::NodeKey> related = m_document.nodeIndex()->related(ref);
            selected.insert(related.begin(), related.end());
            selected.insert(ref.key);
        }
        std::vector<int> lines;
        for (const auto& [line, keys] : m_edit->code().nodes) {
            if (std::any_of(keys.begin(), keys.end(),
                            [&](ir::NodeKey key) { return selected.contains(key); }))
                lines.push_back(line);
        }
        m_edit->setMarkedLines(std::move(lines), scroll);
    }

    // All nodes of the line that the shown stage may have: where they were written, in every module
    // instance.
    void click(int line)
    {
        const auto found = m_edit->code().nodes.find(line);
        if (found == m_edit->code().nodes.end())
            return;
        const document::NodeIndex& index = *m_document.nodeIndex();
        std::set<document::NodeRef> refs;
        bool hasInstances = false;
        for (const ir::NodeKey key : found->second) {
            for (document::NodeRef ref : index.origins(key)) {
                ref.key = ref.loaded != 0 ? ref.loaded : key;
                refs.insert(ref);
                const document::NamedNode* node = index.node(key);
                hasInstances = hasInstances || (node != nullptr && node->stage > 1);
            }
        }
        // Once inlined, a node of the shared body stands for none of its instances in particular.
        std::vector<document::NodeRef> chosen;
        for (const document::NodeRef& ref : refs) {
            if (!hasInstances || !isShadowed(ref, refs))
                chosen.push_back(ref);
        }
        if (chosen.empty())
            Q_EMIT m_view.statusMessage(tr("The nodes of this line are in no stage any more."));
        else
            m_selection.selectNodes(std::move(chosen), &m_view);
    }

    static bool isShadowed(const document::NodeRef& ref, const std::set<document::NodeRef>& refs)
    {
        return ref.modulePath.empty() &&
               std::any_of(refs.begin(), refs.end(), [&](const document::NodeRef& other) {
                   return other.loaded == ref.loaded && !other.modulePath.empty();
               });
    }

    void askForFolder()
    {
        const QString folder = QFileDialog::getExistingDirectory(
            &m_view, tr("Folder with Python sources"), m_searchFolders.value(0));
        if (!folder.isEmpty() && !m_searchFolders.contains(folder))
            setSearchFolders(QStringList{folder} + m_searchFolders);
    }

    CodeView& m_view;
    DocumentModel& m_document;
    Selection& m_selection;
    CodeEdit* m_edit;
    FindBar* m_find;
    HeatLoader* m_heat;
    QComboBox* m_texts;
    QLabel* m_notice;
    QLabel* m_message;
    QStackedWidget* m_stack;
    QHBoxLayout* m_bar = nullptr;
    QStringList m_searchFolders;
    std::shared_ptr<const timeline::NodeTotals> m_totals;
    quint64 m_irRequest = 0;
    std::int64_t m_irGraph = 0;
};

CodeView::CodeView(DocumentModel& document, Selection& selection, QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("codeView"));
    m_implementation = std::make_unique<Implementation>(*this, document, selection);
}

CodeView::~CodeView() = default;

QStringList CodeView::searchFolders() const
{
    return m_implementation->searchFolders();
}

void CodeView::setSearchFolders(const QStringList& folders)
{
    m_implementation->setSearchFolders(folders);
}

bool CodeView::showSource(const QString& file, int line)
{
    return m_implementation->showSource(file, line);
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
