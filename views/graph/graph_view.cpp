#include "views/graph/graph_view.h"

#include "views/graph/export_dialog_p.h"
#include "views/graph/graph_view_p.h"

#include <QAction>
#include <QVBoxLayout>

#include <utility>

namespace jitscope::views {

GraphView::Implementation::Implementation(GraphView& owner, DocumentModel& model, Selection& shared)
    : view(owner), document(model), selection(shared)
{
    actions = makeActions(owner);
    breadcrumbs = new BreadcrumbBar(&owner);
    canvas = new GraphCanvas(&owner);
    minimap = new Minimap(*canvas);
    legend = new Legend(*canvas);
    auto* layout = new QVBoxLayout(&owner);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(breadcrumbs);
    layout->addWidget(canvas, 1);
    owner.setFocusProxy(canvas);
    connectAll();
    updateActions();
    if (document.isOpen())
        documentOpened();
    else
        documentClosed();
}

void GraphView::Implementation::connectAll()
{
    connect(&document, &DocumentModel::opened, this, [this] { documentOpened(); });
    connect(&document, &DocumentModel::closed, this, [this] { documentClosed(); });
    connect(&document, &DocumentModel::currentStageChanged, this, [this] { request(); });
    connect(&document, &DocumentModel::currentRunChanged, this, [this] { loadTimes(); });
    connect(&document, &DocumentModel::knownTypesChanged, this, [this] { requestAgain(); });
    connect(actions.repeats, &QAction::toggled, this, [this] { request(); });
    connect(actions.types, &QAction::toggled, &view, &GraphView::setTypesShown);
    connect(&selection, &Selection::changed, this,
            [this](const QObject* source) { showSelection(source); });
    connect(&worker, &SceneWorker::answered, this,
            [this](const PictureAnswer& answer) { show(answer); });
    connect(canvas, &GraphCanvas::picked, this,
            [this](std::uint32_t box, bool extend) { pick(box, extend); });
    connect(canvas, &GraphCanvas::escaped, this, [this] {
        if (isBusy)
            stopLayout();
        else
            pick(noBox);
    });
    connect(canvas, &GraphCanvas::activated, this, [this](std::uint32_t box) { toggle(box); });
    connect(canvas, &GraphCanvas::menuWanted, this,
            [this](std::uint32_t box, const QPoint& position) { showMenu(box, position); });
    connect(canvas, &GraphCanvas::viewChanged, this, [this] { updateBreadcrumbs(); });
    connect(canvas, &GraphCanvas::painted, this, [this] {
        if (!std::exchange(isFirstFrameDue, false))
            return;
        // After the frame, not in the middle of painting it.
        QMetaObject::invokeMethod(
            &view, [this] { Q_EMIT view.firstFrame(); }, Qt::QueuedConnection);
    });
    connect(breadcrumbs, &BreadcrumbBar::stepChosen, this, [this](int step) { goToStep(step); });
    connect(breadcrumbs, &BreadcrumbBar::methodChosen, this, [this](const QString& name) {
        view.showMethod(QString::fromStdString(modulePath), name);
    });
    connect(actions.legend, &QAction::toggled, legend, &Legend::setWanted);
    connect(actions.minimap, &QAction::toggled, minimap, &Minimap::setWanted);
    const auto onTriggered = [this](QAction* action, auto what) {
        connect(action, &QAction::triggered, this, what);
    };
    onTriggered(actions.upstream, [this] { trace(Tracing::Kind::Upstream); });
    onTriggered(actions.downstream, [this] { trace(Tracing::Kind::Downstream); });
    onTriggered(actions.ways, [this] { trace(Tracing::Kind::Ways); });
    onTriggered(actions.shortestWay, [this] { trace(Tracing::Kind::ShortestWay); });
    onTriggered(actions.clearTrace, [this] {
        if (isBusy)
            stopLayout();
        else
            clearTrace();
    });
    for (qsizetype i = 0; i < actions.depths.size(); ++i) {
        const int depth = i + 1 < actions.depths.size() ? static_cast<int>(i) : everyDepth;
        onTriggered(actions.depths[i], [this, depth] { view.openToDepth(depth); });
    }
}

GraphView::GraphView(DocumentModel& document, Selection& selection, QWidget* parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("graphView"));
    setAccessibleName(tr("Graph"));
    m_implementation = std::make_unique<Implementation>(*this, document, selection);
}

GraphView::~GraphView() = default;

GraphView::ColourBy GraphView::colourBy() const
{
    return m_implementation->canvas->colourBy();
}

bool GraphView::isRawSsa() const
{
    return m_implementation->isRawSsa;
}

bool GraphView::isBusy() const
{
    return m_implementation->isBusy;
}

void GraphView::showMethod(const QString& modulePath, const QString& method)
{
    m_implementation->modulePath = modulePath.toStdString();
    m_implementation->method = method.toStdString();
    m_implementation->request();
}

void GraphView::reveal(const document::NodeRef& node, const QString& method)
{
    Implementation::Opening opening;
    opening.node = node;
    opening.methodOfNode = method.toStdString();
    m_implementation->request(opening);
}

void GraphView::revealModule(const QString& path)
{
    Implementation::Opening opening;
    opening.module = path.toStdString();
    m_implementation->request(opening);
}

bool GraphView::exportImage(const QString& path, QString* problem, QString* remark)
{
    const GraphCanvas& canvas = *m_implementation->canvas;
    ExportOptions options;
    options.colourBy = canvas.colourBy();
    options.times = canvas.times();
    const QString message = canvas.picture()
                                ? exportPicture(*canvas.picture(), canvas.style(), options, path)
                                : tr("There is no graph to export. Open a model first.");
    if (problem != nullptr)
        *problem = message;
    if (remark != nullptr) {
        const bool isImage = path.endsWith(QStringLiteral(".png"), Qt::CaseInsensitive);
        *remark =
            isImage && message.isEmpty() ? imageRemark(*canvas.picture(), options) : QString();
    }
    return message.isEmpty();
}

void GraphView::showExportDialog()
{
    const GraphCanvas& canvas = *m_implementation->canvas;
    if (!canvas.picture())
        return;
    auto* dialog = new ExportDialog(m_implementation->exportChoices(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ExportDialog::written, this,
            [this](const QString& path) { Q_EMIT statusMessage(tr("Exported to %1.").arg(path)); });
    dialog->open();
}

void GraphView::zoomToFit()
{
    if (m_implementation->canvas->picture())
        m_implementation->canvas->fit(m_implementation->canvas->picture()->bounds);
}

void GraphView::zoomToSelection()
{
    const GraphCanvas& canvas = *m_implementation->canvas;
    if (!canvas.picture())
        return;
    QRectF area;
    for (const std::uint32_t box : canvas.state().selected)
        area = area.united(canvas.picture()->boxes[box].rect);
    m_implementation->canvas->fit(area);
}

void GraphView::setFoot(int height)
{
    m_implementation->canvas->setFoot(height);
}

void GraphView::zoomIn()
{
    m_implementation->canvas->zoomBy(1.25, QRectF(m_implementation->canvas->rect()).center());
}

void GraphView::zoomOut()
{
    m_implementation->canvas->zoomBy(1 / 1.25, QRectF(m_implementation->canvas->rect()).center());
}

void GraphView::zoomActual()
{
    GraphCanvas& canvas = *m_implementation->canvas;
    canvas.zoomBy(1 / canvas.view().scale, QRectF(canvas.rect()).center());
}

void GraphView::expandSelected()
{
    const PictureBox* box = m_implementation->current();
    if (box != nullptr && box->box->canOpen() && !box->isOpen)
        m_implementation->setOpen(*box, true);
}

void GraphView::expandAllBelow()
{
    const PictureBox* box = m_implementation->current();
    if (box != nullptr && box->box->canOpen()) {
        m_implementation->anchor = box->box->id;
        m_implementation->request({box->box->id});
    } else {
        m_implementation->request({{}, true});
    }
}

void GraphView::openToDepth(int depth)
{
    m_implementation->request({{}, false, depth});
}

void GraphView::openBoxes(const QStringList& names)
{
    Implementation::Opening opening;
    for (const QString& name : names)
        opening.named.push_back(name.toStdString());
    m_implementation->request(opening);
}

void GraphView::collapseSelected()
{
    const PictureBox* box = m_implementation->current();
    if (box != nullptr && box->isOpen && !box->box->isAlwaysOpen())
        m_implementation->setOpen(*box, false);
}

void GraphView::collapseAll()
{
    openToDepth(0);
}

void GraphView::setRawSsa(bool on)
{
    if (on == m_implementation->isRawSsa)
        return;
    m_implementation->isRawSsa = on;
    m_implementation->actions.rawSsa->setChecked(on);
    m_implementation->request();
}

void GraphView::setColourBy(GraphView::ColourBy colourBy)
{
    m_implementation->actions.colours.value(colourBy)->setChecked(true);
    m_implementation->canvas->setColourBy(colourBy);
    m_implementation->loadTimes();
}

void GraphView::setTypesShown(bool shown)
{
    if (shown == m_implementation->areTypesShown)
        return;
    m_implementation->areTypesShown = shown;
    m_implementation->actions.types->setChecked(shown);
    m_implementation->request();
}

} // namespace jitscope::views
