#include "views/shell/properties_panel.h"

#include "views/shell/file_description.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QStyle>
#include <QStyledItemDelegate>
#include <QTreeWidget>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

namespace jitscope::views {

namespace {

enum Column
{
    Name,
    Value
};

// What an item says in full, for its menu.
constexpr int wholeRole = Qt::UserRole + 1;

// A tree wraps texts, but does not make room for their lines.
class WrappedText final : public QStyledItemDelegate
{
public:
    explicit WrappedText(QTreeWidget& tree) : QStyledItemDelegate(&tree), m_tree(tree) {}

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const override
    {
        QSize size = QStyledItemDelegate::sizeHint(option, index);
        const bool isSpanned = m_tree.isFirstColumnSpanned(index.row(), index.parent());
        if (index.column() == Name && !isSpanned)
            return size;
        const int padding = 2 * (m_tree.style()->pixelMetric(QStyle::PM_FocusFrameHMargin) + 1);
        const int indent = index.column() == Name ? 2 * m_tree.indentation() : 0;
        const int width =
            (isSpanned ? m_tree.viewport()->width() : m_tree.columnWidth(index.column())) -
            padding - indent;
        const QRect lines = option.fontMetrics.boundingRect(
            {0, 0, std::max(width, 1), maxHeight}, Qt::TextWordWrap, index.data().toString());
        size.setHeight(std::max(size.height(), lines.height()));
        return size;
    }

private:
    static constexpr int maxHeight = 10'000; // px

    QTreeWidget& m_tree;
};

Description describeValue(const SelectedValue& value)
{
    DescriptionSection section{
        value.isInput ? PropertiesPanel::tr("Input") : PropertiesPanel::tr("Output"), {}};
    const auto add = [&section](const QString& name, const QString& text) {
        if (!text.isEmpty())
            section.lines.push_back({name, text});
    };
    add(PropertiesPanel::tr("Name"), value.name);
    add(PropertiesPanel::tr("Type"), value.type);
    add(PropertiesPanel::tr("Shape"), value.shape);
    add(PropertiesPanel::tr("Of"),
        value.module.isEmpty() ? PropertiesPanel::tr("the model itself") : value.module);
    return {section};
}

QUrl linkOf(const QTreeWidgetItem& item)
{
    return item.data(Value, Qt::UserRole).toUrl();
}

void showAsLink(QTreeWidgetItem& item, const QString& link)
{
    item.setData(Value, Qt::UserRole, QUrl(link));
    QFont underlined = item.font(Value);
    underlined.setUnderline(true);
    item.setFont(Value, underlined);
    item.setForeground(Value, QGuiApplication::palette().link());
    item.setToolTip(Value,
                    PropertiesPanel::tr("%1\nDouble-click to open it in the browser.").arg(link));
}

// The node of the graph that stands for a reference: itself, else the one of the same kind that is
// related to it (a convolution's folded constants are related too), else any that is. Null if the
// graph has none.
const ir::Node* nodeFor(const ir::Graph& graph, const document::NodeRef& ref,
                        const document::NodeIndex& index)
{
    const std::set<ir::NodeKey> related = index.related(ref);
    const document::NamedNode* named = index.node(ref.key != 0 ? ref.key : ref.loaded);
    const ir::Node* sameKind = nullptr;
    const ir::Node* any = nullptr;
    for (const ir::Node& node : graph.nodes) {
        if (node.key == ref.key)
            return &node;
        if (!related.contains(node.key))
            continue;
        if (any == nullptr)
            any = &node;
        if (sameKind == nullptr && named != nullptr && graph.kind(node) == named->kind)
            sameKind = &node;
    }
    return sameKind != nullptr ? sameKind : any;
}

} // namespace

PropertiesPanel::PropertiesPanel(DocumentModel& document, Selection& selection, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_selection(selection),
      m_empty(new QLabel(tr("Select a node or a module."))),
      m_tree(new QTreeWidget)
{
    setObjectName(QStringLiteral("propertiesPanel"));
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setEnabled(false);
    m_tree->setObjectName(QStringLiteral("propertyTree"));
    m_tree->setAccessibleName(tr("Properties"));
    m_tree->setColumnCount(2);
    m_tree->setHeaderHidden(true);
    m_tree->setRootIsDecorated(true);
    m_tree->setWordWrap(true);
    // The heights of wrapped texts follow from the widths.
    connect(m_tree->header(), &QHeaderView::sectionResized, m_tree, &QTreeView::doItemsLayout);
    m_tree->setItemDelegate(new WrappedText(*m_tree));
    m_tree->setIndentation(12);
    m_tree->header()->setStretchLastSection(true);
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_tree, &QTreeWidget::customContextMenuRequested, this, [this](const QPoint& place) {
        const QTreeWidgetItem* item = m_tree->itemAt(place);
        if (item == nullptr)
            return;
        QMenu menu;
        menu.addAction(tr("Copy value"), this, [text = item->data(Name, wholeRole).toString()] {
            QGuiApplication::clipboard()->setText(text);
        });
        if (const QUrl link = linkOf(*item); !link.isEmpty())
            menu.addAction(tr("Open in browser"), this,
                           [link] { QDesktopServices::openUrl(link); });
        menu.exec(m_tree->viewport()->mapToGlobal(place));
    });
    // By Enter or a double click.
    connect(m_tree, &QTreeWidget::itemActivated, this, [](const QTreeWidgetItem* item) {
        if (const QUrl link = linkOf(*item); !link.isEmpty())
            QDesktopServices::openUrl(link);
    });

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_empty);
    layout->addWidget(m_tree);
    connect(&m_selection, &Selection::changed, this, &PropertiesPanel::update);
    connect(&m_document, &DocumentModel::currentStageChanged, this, &PropertiesPanel::update);
    connect(&m_document, &DocumentModel::knownTypesChanged, this, &PropertiesPanel::update);
    connect(&m_document, &DocumentModel::opened, this, &PropertiesPanel::update);
    connect(&m_document, &DocumentModel::closed, this, &PropertiesPanel::update);
    show({});
}

void PropertiesPanel::setTimes(std::shared_ptr<const timeline::RunTimes> times)
{
    m_times = std::move(times);
    update();
}

void PropertiesPanel::update()
{
    ++m_request;
    if (!m_document.isOpen()) {
        show({});
    } else if (m_selection.value()) {
        show(describeValue(*m_selection.value()));
    } else if (m_selection.isEmpty()) {
        show(describeFile(*m_document.content()));
    } else if (!m_selection.nodes().empty()) {
        describe(m_selection.nodes().front());
    } else {
        describeSelectedModule();
    }
}

void PropertiesPanel::describeSelectedModule()
{
    const QString path = m_selection.module();
    const auto calls = std::make_shared<std::vector<DescriptionLine>>();
    const auto showAll = [this, path, calls] {
        Description description = describeModule(path, m_document, *calls);
        if (path.isEmpty()) { // the model itself: what its file is
            Description file = describeFile(*m_document.content());
            std::move(file.begin(), file.end(), std::back_inserter(description));
        }
        showWithTime(std::move(description), describeModuleTime(path, m_document, m_times.get()));
    };
    showAll();
    const int request = m_request;
    const Callers callers = callersOf(path, *m_document.content());
    for (const document::FunctionRow* method : callers.methods) {
        m_document.requestGraph(method->graph, this,
                                [this, request, path, calls, showAll, around = callers.module](
                                    const std::shared_ptr<const ir::Graph>& read) {
                                    if (request != m_request || !read)
                                        return;
                                    const std::vector<DescriptionLine> found =
                                        callsOf(path, around, *read);
                                    calls->insert(calls->end(), found.begin(), found.end());
                                    if (!found.empty())
                                        showAll();
                                });
    }
}

DescriptionSection PropertiesPanel::describeNumber() const
{
    const std::vector<document::NodeRef>& nodes = m_selection.nodes();
    if (nodes.size() < 2)
        return {};
    std::map<QString, int> kinds;
    for (const document::NodeRef& ref : nodes) {
        const document::NamedNode* node =
            m_document.nodeIndex()->node(ref.key != 0 ? ref.key : ref.loaded);
        ++kinds[node == nullptr ? tr("unknown") : QString::fromStdString(node->kind)];
    }
    std::vector<std::pair<QString, int>> sorted(kinds.begin(), kinds.end());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    DescriptionSection section{
        tr("%1 nodes selected").arg(QLocale().toString(qulonglong{nodes.size()})), {}};
    for (const auto& [kind, count] : sorted)
        section.lines.push_back({kind, QLocale().toString(count)});
    return section;
}

void PropertiesPanel::describe(const document::NodeRef& ref)
{
    const std::int64_t graph = graphOf(ref);
    if (graph == 0) {
        showWithTime(describeAbsentNode(ref, m_document), timeOf(ref));
        return;
    }
    const int request = m_request;
    m_document.requestGraph(
        graph, this, [this, ref, request](const std::shared_ptr<const ir::Graph>& read) {
            if (request != m_request || !read)
                return;
            const ir::Node* node = nodeFor(*read, ref, *m_document.nodeIndex());
            showWithTime(node == nullptr ? describeAbsentNode(ref, m_document)
                                         : describeNode(*read, *node, ref, m_document),
                         timeOf(ref));
        });
}

std::int64_t PropertiesPanel::graphOf(const document::NodeRef& ref) const
{
    const document::StageRow* stage = m_document.stage(m_document.currentStage());
    if (stage != nullptr && stage->graph != 0)
        return stage->graph;
    const document::NamedNode* loaded = m_document.nodeIndex()->node(ref.loaded);
    if (loaded == nullptr)
        return 0;
    const document::FunctionRow* function = m_document.content()->functionNamed(loaded->function);
    return function == nullptr ? 0 : function->graph;
}

DescriptionSection PropertiesPanel::timeOf(const document::NodeRef& ref) const
{
    return describeNodeTime(ref, m_document, m_times.get());
}

// The time comes second: below what the node or module is.
void PropertiesPanel::showWithTime(Description description, DescriptionSection time)
{
    if (!description.empty() && !time.lines.empty())
        description.insert(description.begin() + 1, std::move(time));
    if (DescriptionSection number = describeNumber();
        !number.lines.empty() && !description.empty()) {
        description.front().title = tr("The first: %1").arg(description.front().title);
        description.insert(description.begin(), std::move(number));
    }
    show(description);
}

void PropertiesPanel::show(const Description& description)
{
    m_tree->clear();
    m_tree->setVisible(!description.empty());
    m_empty->setVisible(description.empty());
    for (const DescriptionSection& section : description) {
        auto* top = new QTreeWidgetItem(m_tree, {section.title});
        top->setFirstColumnSpanned(true);
        QFont bold = m_tree->font();
        bold.setBold(true);
        top->setFont(Name, bold);
        top->setData(Name, wholeRole, section.title);
        for (const DescriptionLine& line : section.lines) {
            auto* item = new QTreeWidgetItem(top);
            if (line.name.isEmpty()) {
                item->setText(Name, line.value);
                item->setFirstColumnSpanned(true);
            } else {
                item->setText(Name, line.name);
                item->setText(Value, line.value);
                item->setTextAlignment(Name, Qt::AlignTop | Qt::AlignLeft);
            }
            const QString whole = line.whole.isEmpty() ? line.value : line.whole;
            item->setData(Name, wholeRole, whole);
            item->setToolTip(Name, whole);
            item->setToolTip(Value, whole);
            if (!line.link.isEmpty())
                showAsLink(*item, line.link);
        }
        top->setExpanded(true);
    }
    fitNames();
}

// Long names must not push what they have out of sight.
void PropertiesPanel::fitNames()
{
    m_tree->resizeColumnToContents(Name);
    m_tree->setColumnWidth(Name, std::min(m_tree->columnWidth(Name), width() * 2 / 5));
}

void PropertiesPanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fitNames();
}

} // namespace jitscope::views
