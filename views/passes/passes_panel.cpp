#include "views/passes/passes_panel.h"

#include "views/look/row_table.h"
#include "views/passes/kind_difference_model.h"
#include "views/passes/pass_argument_editors.h"
#include "views/passes/pass_list_model.h"
#include "views/passes/stage_tree_model.h"

#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QTableView>
#include <QTreeView>
#include <QVBoxLayout>

#include <map>
#include <set>

namespace jitscope::views {

namespace {

QLabel* titleLabel(const QString& text)
{
    auto* label = new QLabel(text);
    QFont font = label->font();
    font.setBold(true);
    label->setFont(font);
    return label;
}

QWidget* titled(QLabel* title, std::initializer_list<QWidget*> contents)
{
    auto* box = new QWidget;
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(6, 4, 6, 4);
    layout->setSpacing(4);
    layout->addWidget(title);
    for (QWidget* widget : contents)
        layout->addWidget(widget);
    return box;
}

} // namespace

class PassesPanel::Implementation
{
public:
    Implementation(PassesPanel& panel, DocumentModel& document)
        : m_panel(panel), m_document(document)
    {
        build();
        connectAll();
        updateStages();
    }

    void setPasses(const std::vector<protocol::PassDescription>& passes)
    {
        m_passes.setPasses(passes);
        m_passList->expandAll();
        updateApply();
    }

    void setBusy(bool busy)
    {
        m_busy = busy;
        updateApply();
    }

private:
    void build()
    {
        m_stageTree = new QTreeView;
        m_stageTree->setObjectName(QStringLiteral("stageTree"));
        m_stageTree->setAccessibleName(tr("Stages"));
        m_stageTree->setModel(&m_stages);
        m_stageTree->setUniformRowHeights(true);
        m_stageTree->header()->setStretchLastSection(false);
        m_stageTree->header()->setSectionResizeMode(StageTreeModel::Label, QHeaderView::Stretch);
        m_stageTree->header()->setSectionResizeMode(StageTreeModel::Nodes,
                                                    QHeaderView::ResizeToContents);
        m_stageTree->header()->setSectionResizeMode(StageTreeModel::Duration,
                                                    QHeaderView::ResizeToContents);

        m_filter = new QLineEdit;
        m_filter->setObjectName(QStringLiteral("passFilter"));
        m_filter->setAccessibleName(tr("Filter passes"));
        m_filter->setPlaceholderText(tr("Filter passes"));
        m_filter->setClearButtonEnabled(true);
        m_filtered.setSourceModel(&m_passes);
        m_filtered.setRecursiveFilteringEnabled(true);
        m_filtered.setFilterCaseSensitivity(Qt::CaseInsensitive);
        m_passList = new QTreeView;
        m_passList->setObjectName(QStringLiteral("passList"));
        m_passList->setAccessibleName(tr("Passes"));
        m_passList->setHeaderHidden(true);
        m_passList->setModel(&m_filtered);
        m_passList->setUniformRowHeights(true);
        m_effect = new QLabel;
        m_effect->setObjectName(QStringLiteral("passEffect"));
        m_effect->setWordWrap(true);
        m_effect->setMinimumHeight(m_effect->fontMetrics().lineSpacing() * 2);
        m_effect->setAlignment(Qt::AlignTop | Qt::AlignLeft);
        m_arguments = new PassArgumentEditors;
        m_apply = new QPushButton(tr("&Apply"));
        m_apply->setObjectName(QStringLiteral("applyPass"));

        m_kindsTitle = titleLabel(tr("Nodes by kind"));
        m_kindsTitle->setObjectName(QStringLiteral("kindsTitle"));
        m_kindsTitle->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred); // long names
        m_differences = new QTableView;
        m_differences->setObjectName(QStringLiteral("differenceTable"));
        m_differences->setAccessibleName(tr("Nodes by kind"));
        m_differences->setModel(&m_kinds);
        showAsRows(*m_differences);
        m_differences->setFrameShape(QFrame::StyledPanel);
        m_differences->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
        m_differences->horizontalHeader()->setSectionResizeMode(KindDifferenceModel::Kind,
                                                                QHeaderView::Stretch);

        auto* splitter = new QSplitter(Qt::Vertical);
        splitter->setObjectName(QStringLiteral("passesSplitter"));
        splitter->addWidget(titled(titleLabel(tr("Stages")), {m_stageTree}));
        splitter->addWidget(titled(titleLabel(tr("Passes")),
                                   {m_filter, m_passList, m_effect, m_arguments, m_apply}));
        splitter->addWidget(titled(m_kindsTitle, {m_differences}));
        splitter->setStretchFactor(1, 2);
        splitter->setChildrenCollapsible(false);
        auto* layout = new QVBoxLayout(&m_panel);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->addWidget(splitter);
    }

    void connectAll()
    {
        QObject::connect(m_filter, &QLineEdit::textChanged, &m_panel, [this](const QString& text) {
            m_filtered.setFilterFixedString(text);
            m_passList->expandAll();
        });
        QObject::connect(m_passList, &QTreeView::doubleClicked, &m_panel, [this] { apply(); });
        QObject::connect(m_apply, &QPushButton::clicked, &m_panel, [this] { apply(); });
        QObject::connect(m_passList->selectionModel(), &QItemSelectionModel::currentChanged,
                         &m_panel, [this] { updateApply(); });
        QObject::connect(m_stageTree->selectionModel(), &QItemSelectionModel::currentChanged,
                         &m_panel, [this](const QModelIndex& index) {
                             if (index.isValid())
                                 m_document.setCurrentStage(
                                     index.data(StageTreeModel::stageRole).toLongLong());
                         });
        for (const auto signal :
             {&DocumentModel::opened, &DocumentModel::closed, &DocumentModel::changed})
            QObject::connect(&m_document, signal, &m_panel, [this] { updateStages(); });
        QObject::connect(&m_document, &DocumentModel::currentStageChanged, &m_panel,
                         [this] { showCurrent(); });
    }

    [[nodiscard]] const protocol::PassDescription* chosenPass() const
    {
        return m_passes.pass(m_filtered.mapToSource(m_passList->currentIndex()));
    }

    void apply()
    {
        const protocol::PassDescription* pass = chosenPass();
        if (pass != nullptr && m_apply->isEnabled())
            Q_EMIT m_panel.applyRequested(QString::fromStdString(pass->name),
                                          m_arguments->arguments());
    }

    void updateApply()
    {
        const protocol::PassDescription* pass = chosenPass();
        m_arguments->setPass(pass != nullptr && pass->available ? pass : nullptr);
        const QString without = m_document.content()->withoutModel();
        m_apply->setEnabled(m_document.isOpen() && !m_busy && pass != nullptr && pass->available &&
                            without.isEmpty());
        if (!without.isEmpty())
            m_effect->setText(without);
        else if (pass == nullptr)
            m_effect->setText(m_passes.rowCount() == 0 ? tr("The engine is starting.")
                                                       : tr("Choose a pass."));
        else
            m_effect->setText(
                QString::fromStdString(pass->available ? pass->effect : pass->reason));
    }

    void updateStages()
    {
        if (!m_document.isOpen()) {
            m_counts.clear();
            m_requested.clear();
        }
        showStages();
        for (const document::StageRow& stage : m_document.stages()) {
            if (m_requested.insert(stage.id).second)
                requestCounts(stage);
        }
        showCurrent();
        updateApply();
    }

    void showStages()
    {
        std::map<std::int64_t, std::int64_t> nodes;
        for (const auto& [stage, counts] : m_counts)
            nodes[stage] = static_cast<std::int64_t>(counts->nodes);
        const QSignalBlocker quiet(m_stageTree->selectionModel());
        m_stages.setStages(m_document.stages(), std::move(nodes));
        m_stageTree->expandAll();
    }

    // The stage `loaded` holds each function of the program once.
    void requestCounts(const document::StageRow& stage)
    {
        std::vector<std::int64_t> graphs;
        if (stage.graph != 0)
            graphs.push_back(stage.graph);
        else if (stage.kind == "loaded")
            for (const document::FunctionRow& function : m_document.content()->functions)
                graphs.push_back(function.graph);
        m_document.requestCounts(std::move(graphs), &m_panel,
                                 [this, id = stage.id](const auto& counts) {
                                     if (!counts)
                                         return;
                                     m_counts[id] = counts;
                                     showStages();
                                     showCurrent();
                                 });
    }

    void showCurrent()
    {
        const std::int64_t current = m_document.currentStage();
        m_stages.setCurrent(current);
        const QSignalBlocker quiet(m_stageTree->selectionModel());
        m_stageTree->setCurrentIndex(m_stages.indexOf(current));
        m_stageTree->viewport()->update();
        const document::StageRow* stage = m_document.stage(current);
        const auto after = m_counts.find(current);
        if (stage == nullptr || after == m_counts.end()) {
            m_kinds.clear();
            m_kindsTitle->setText(tr("Nodes by kind"));
            return;
        }
        // All functions once are nothing to compare one flat graph with.
        const document::StageRow* parent = m_document.stage(stage->parent);
        const auto before = parent == nullptr || parent->kind == "loaded"
                                ? m_counts.end()
                                : m_counts.find(parent->id);
        m_kinds.setCounts(before == m_counts.end() ? nullptr : &before->second->kinds,
                          after->second->kinds);
        QString of = QString::fromStdString(stage->label);
        if (stage->kind == "loaded")
            of = tr("the whole program, each function once");
        else if (before != m_counts.end())
            of = tr("%1 against %2").arg(of, QString::fromStdString(parent->label));
        m_kindsTitle->setText(tr("Nodes by kind: %1").arg(of));
        m_kindsTitle->setToolTip(m_kindsTitle->text());
    }

    PassesPanel& m_panel;
    DocumentModel& m_document;
    StageTreeModel m_stages;
    PassListModel m_passes;
    QSortFilterProxyModel m_filtered;
    KindDifferenceModel m_kinds;
    std::map<std::int64_t, std::shared_ptr<const NodeCounts>> m_counts; // by id of the stage
    std::set<std::int64_t> m_requested;                                 // likewise
    QTreeView* m_stageTree = nullptr;
    QLineEdit* m_filter = nullptr;
    QTreeView* m_passList = nullptr;
    QLabel* m_effect = nullptr;
    PassArgumentEditors* m_arguments = nullptr;
    QPushButton* m_apply = nullptr;
    QLabel* m_kindsTitle = nullptr;
    QTableView* m_differences = nullptr;
    bool m_busy = false;
};

PassesPanel::PassesPanel(DocumentModel& document, QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("passesPanel"));
    m_implementation = std::make_unique<Implementation>(*this, document);
}

PassesPanel::~PassesPanel() = default;

void PassesPanel::setPasses(const std::vector<protocol::PassDescription>& passes)
{
    m_implementation->setPasses(passes);
}

void PassesPanel::setBusy(bool busy)
{
    m_implementation->setBusy(busy);
}

} // namespace jitscope::views
