#include "views/graph/graph_view.h"

#include "views/graph/breadcrumb_bar_p.h"
#include "views/graph/graph_actions_p.h"
#include "views/graph/graph_canvas_p.h"
#include "views/graph/graph_export_p.h"
#include "views/graph/minimap_p.h"
#include "views/graph/scene_worker_p.h"
#include "views/graph/text_width_p.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>
#include <QPointer>
#include <QVBoxLayout>

#include <algorithm>

namespace jitscope::views {

class GraphView::Implementation : public QObject
{
public:
    Implementation(GraphView& owner, DocumentModel& model, Selection& shared)
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

        connect(&document, &DocumentModel::opened, this, [this] { documentOpened(); });
        connect(&document, &DocumentModel::closed, this, [this] { documentClosed(); });
        connect(&document, &DocumentModel::currentStageChanged, this, [this] { request(); });
        connect(&selection, &Selection::changed, this,
                [this](const QObject* source) { showSelection(source); });
        connect(&worker, &SceneWorker::answered, this,
                [this](const PictureAnswer& answer) { show(answer); });
        connect(canvas, &GraphCanvas::picked, this, [this](std::uint32_t box) { pick(box); });
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
        connect(breadcrumbs, &BreadcrumbBar::stepChosen, this,
                [this](int step) { goToStep(step); });
        connect(breadcrumbs, &BreadcrumbBar::methodChosen, this, [this](const QString& name) {
            view.showMethod(QString::fromStdString(modulePath), name);
        });
        connect(actions.legend, &QAction::toggled, legend, &Legend::setWanted);
        connect(actions.minimap, &QAction::toggled, minimap, &Minimap::setWanted);
        updateActions();
        if (document.isOpen())
            documentOpened();
        else
            documentClosed();
    }

    void documentOpened()
    {
        open.clear();
        anchor.clear();
        modulePath.clear();
        method = "forward";
        isNewDocument = true;
        const std::shared_ptr<const DocumentContent> content = document.content();
        if (content->functionOf(rootId(*content), "forward") == nullptr)
            method = firstMethod(*content);
        canvas->setPicture(nullptr, {});
        canvas->setMessage({}, {});
        request();
    }

    void documentClosed()
    {
        worker.cancel();
        setBusy(false);
        open.clear();
        canvas->setPicture(nullptr, {});
        canvas->setMessage(
            tr("No model is open"),
            tr("Open a TorchScript model or a .jitscope document, or drop one on the window."));
        breadcrumbs->setSteps({});
        breadcrumbs->setMethods({}, {});
        updateActions();
    }

    static std::int64_t rootId(const DocumentContent& content)
    {
        const document::ModuleRow* root = content.moduleAt("");
        return root != nullptr ? root->id : 0;
    }

    // Of the root, else of any module: a file may have no forward at all.
    std::string firstMethod(const DocumentContent& content)
    {
        for (const document::MethodRow& row : content.methods) {
            if (row.module == rootId(content))
                return row.name;
        }
        if (!content.methods.empty()) {
            for (const document::ModuleRow& row : content.modules) {
                if (row.id == content.methods.front().module)
                    modulePath = row.path;
            }
            return content.methods.front().name;
        }
        return {};
    }

    void request(const std::string& openAllIn = {}, bool openAll = false)
    {
        if (!document.isOpen())
            return;
        const document::StageRow* stage = document.stage(document.currentStage());
        PictureRequest r;
        r.documentPath = document.path();
        r.content = document.content();
        r.nodes = document.nodeIndex();
        r.stage = document.currentStage();
        r.graph = stage != nullptr ? stage->graph : 0;
        r.modulePath = r.graph != 0 ? stage->module : modulePath;
        r.method = r.graph != 0 ? stage->method : method;
        r.rawSsa = isRawSsa;
        r.open = open;
        r.openAllIn = openAllIn;
        r.openSoleBox = isNewDocument;
        r.openAll = openAll;
        r.titleFont = canvas->style().titleFont;
        r.textFont = canvas->style().textFont;
        if (r.method.empty()) {
            worker.cancel();
            setBusy(false);
            canvas->setPicture(nullptr, {});
            canvas->setMessage(
                tr("This model has no methods"),
                tr("The file holds weights and attributes but no code that could be drawn."));
            return;
        }
        QStringList methods;
        if (r.graph == 0) {
            const document::ModuleRow* module = r.content->moduleAt(modulePath);
            for (const document::MethodRow& row : r.content->methods) {
                if (module != nullptr && row.module == module->id)
                    methods.append(QString::fromStdString(row.name));
            }
        }
        breadcrumbs->setMethods(methods, QString::fromStdString(r.method));
        setBusy(true);
        worker.request(std::move(r));
    }

    void show(const PictureAnswer& answer)
    {
        setBusy(false);
        Q_EMIT view.statusMessage(answer.problem);
        if (!answer.picture) {
            if (!canvas->picture())
                canvas->setMessage(tr("The graph cannot be shown"), answer.problem);
            return;
        }
        open = answer.open;
        const std::string keep = !anchor.empty() && answer.picture->boxWithId(anchor) != noBox
                                     ? anchor
                                     : canvas->anchorFor(*answer.picture);
        anchor.clear();
        const bool isFirst = !canvas->picture() || isNewDocument || keep.empty();
        isFirstFrameDue = isNewDocument;
        isNewDocument = false;
        canvas->setPicture(answer.picture, keep);
        if (isFirst)
            canvas->fitFirst();
        showSelection(this);
        Q_EMIT view.pictureChanged();
    }

    void setBusy(bool now)
    {
        if (now == isBusy)
            return;
        isBusy = now;
        canvas->setBusy(now, tr("Laying out\u2026"));
        Q_EMIT view.busyChanged(now);
    }

    [[nodiscard]] const PictureBox* drawn(std::uint32_t box) const
    {
        const PicturePtr& picture = canvas->picture();
        return picture && box < picture->boxes.size() ? &picture->boxes[box] : nullptr;
    }

    // Selects what a box stands for; one that stands for nothing that others know is selected here
    // alone.
    void pick(std::uint32_t index)
    {
        isPickedHere = true;
        const PictureBox* box = drawn(index);
        if (box == nullptr) {
            currentId.clear();
            canvas->select({}, noBox);
            selection.clear(this);
        } else {
            currentId = box->box->id;
            if (box->box->kind == scene::BoxKind::Module && !box->box->modulePath.empty()) {
                selection.selectModule(QString::fromStdString(box->box->modulePath), this);
            } else if (!box->box->refs.empty()) {
                selection.selectNodes(box->box->refs, this);
            }
            canvas->select({index}, index);
        }
        updateActions();
    }

    // Rings what is selected, wherever that was done.
    void showSelection(const QObject* source)
    {
        const PicturePtr& picture = canvas->picture();
        if (!picture)
            return;
        isPickedHere = isPickedHere && source == this;
        if (isPickedHere && !currentId.empty()) {
            if (const std::uint32_t box = picture->boxWithId(currentId); box != noBox) {
                canvas->select({box}, box);
                updateActions();
                return;
            }
        }
        std::vector<std::uint32_t> boxes;
        if (!selection.nodes().empty()) {
            for (const document::NodeRef& ref : selection.nodes()) {
                const std::vector<std::uint32_t> some =
                    picture->boxesOf(ref, *document.nodeIndex());
                boxes.insert(boxes.end(), some.begin(), some.end());
            }
        } else if (selection.hasModule()) {
            boxes = picture->boxesOfModule(selection.module().toStdString());
        }
        std::sort(boxes.begin(), boxes.end());
        boxes.erase(std::unique(boxes.begin(), boxes.end()), boxes.end());
        const std::uint32_t current = boxes.empty() ? noBox : boxes.front();
        currentId = current == noBox ? std::string{} : picture->boxes[current].box->id;
        canvas->select(boxes, current);
        if (source != this)
            canvas->reveal(boxes);
        updateActions();
    }

    void toggle(std::uint32_t index)
    {
        const PictureBox* box = drawn(index);
        if (box == nullptr)
            return;
        if (box->box->kind == scene::BoxKind::Reference) {
            const std::uint32_t target = canvas->picture()->boxWithId(box->box->target);
            pick(target);
            canvas->reveal({target});
            return;
        }
        if (!box->box->canOpen() || box->box->isAlwaysOpen())
            return;
        setOpen(*box, !box->isOpen);
    }

    void setOpen(const PictureBox& box, bool isOpen)
    {
        anchor = box.box->id;
        if (isOpen)
            open.insert(box.box->id);
        else
            open.erase(box.box->id);
        request();
    }

    [[nodiscard]] const PictureBox* current() const { return drawn(canvas->state().current); }

    void updateActions()
    {
        const PictureBox* box = current();
        const bool canToggle = box != nullptr && box->box->canOpen() && !box->box->isAlwaysOpen();
        actions.expand->setEnabled(canToggle && !box->isOpen);
        actions.collapse->setEnabled(canToggle && box->isOpen);
        actions.fitSelection->setEnabled(!canvas->state().selected.empty());
        for (QAction* action : {actions.fit, actions.zoomIn, actions.zoomOut, actions.zoomActual,
                                actions.expandAll, actions.collapseAll, actions.exportImage})
            action->setEnabled(canvas->picture() != nullptr);
    }

    // The open boxes around what is selected, or around the middle of the view.
    void updateBreadcrumbs()
    {
        const PicturePtr& picture = canvas->picture();
        steps.clear();
        if (!picture)
            return;
        std::uint32_t box = canvas->state().current;
        if (box == noBox || !picture->boxes[box].rect.intersects(canvas->visibleScene()))
            box = picture->boxAt(canvas->view().toScene(QRectF(canvas->rect()).center()));
        while (box != noBox) {
            if (picture->boxes[box].isOpen && !picture->boxes[box].box->isAlwaysOpen())
                steps.insert(steps.begin(), picture->boxes[box].box->id);
            box = picture->boxes[box].parent;
        }
        QStringList names{QString::fromStdString(picture->title)};
        for (const std::string& id : steps) {
            const scene::Box& b = *picture->boxes[picture->boxWithId(id)].box;
            names.append(
                QString::fromStdString(b.kind == scene::BoxKind::Module ? b.subtitle : b.title));
        }
        breadcrumbs->setSteps(names);
    }

    void goToStep(int step)
    {
        const PicturePtr& picture = canvas->picture();
        if (!picture)
            return;
        if (step == 0) {
            view.zoomToFit();
            return;
        }
        const std::uint32_t box = picture->boxWithId(steps.at(static_cast<std::size_t>(step) - 1));
        if (box != noBox) {
            pick(box);
            canvas->fit(picture->boxes[box].rect, 1);
        }
    }

    void showMenu(std::uint32_t index, const QPoint& position)
    {
        QMenu menu(&view);
        menu.setObjectName(QStringLiteral("graphMenu"));
        const PictureBox* box = drawn(index);
        if (box != nullptr) {
            pick(index);
            const scene::Box* b = box->box;
            const bool isModule = b->kind == scene::BoxKind::Module;
            QAction* toggleAction = menu.addAction(box->isOpen ? tr("Close")
                                                   : isModule  ? tr("Open module")
                                                               : tr("Open"));
            toggleAction->setEnabled(b->canOpen() && !b->isAlwaysOpen());
            connect(toggleAction, &QAction::triggered, this,
                    [this, id = b->id] { toggle(boxWithId(id)); });
            QAction* code = menu.addAction(tr("Show in code"));
            code->setEnabled(!b->refs.empty() || isModule);
            connect(code, &QAction::triggered, this, [this] { Q_EMIT view.showInCodeRequested(); });
            menu.addSeparator();
            const QString name = QString::fromStdString(isModule              ? b->modulePath
                                                        : b->nodeKind.empty() ? b->title
                                                                              : b->nodeKind);
            connect(menu.addAction(tr("Copy name")), &QAction::triggered, this,
                    [name] { QGuiApplication::clipboard()->setText(name); });
            const QString text = QString::fromStdString(scene::toText(*b));
            connect(menu.addAction(tr("Copy as text")), &QAction::triggered, this,
                    [text] { QGuiApplication::clipboard()->setText(text); });
            menu.addSeparator();
        }
        menu.addAction(actions.expandAll);
        menu.addAction(actions.collapseAll);
        menu.addSeparator();
        menu.addAction(actions.fit);
        if (box != nullptr)
            menu.addAction(actions.fitSelection);
        menu.addAction(actions.rawSsa);
        menu.addAction(actions.exportImage);
        menu.exec(position);
    }

    [[nodiscard]] std::uint32_t boxWithId(const std::string& id) const
    {
        return canvas->picture() ? canvas->picture()->boxWithId(id) : noBox;
    }

    GraphView& view;
    DocumentModel& document;
    Selection& selection;
    SceneWorker worker;
    GraphActions actions;
    BreadcrumbBar* breadcrumbs = nullptr;
    GraphCanvas* canvas = nullptr;
    Minimap* minimap = nullptr;
    Legend* legend = nullptr;

    std::set<std::string>
        open; // ids of open boxes; those of other stages stay for when they are shown again
    std::string anchor;     // id of the box to keep in place
    std::string currentId;  // of the selected box, which may stand for nothing that others know
    std::string modulePath; // what the stage `loaded` shows
    std::string method;
    std::vector<std::string> steps; // ids of the open boxes in the breadcrumbs
    bool isPickedHere = false;      // currentId: in this view, not by what another selected
    bool isRawSsa = false;
    bool isBusy = false;
    bool isNewDocument = false;
    bool isFirstFrameDue = false;
};

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
    return m_implementation->canvas->state().colourBy;
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

bool GraphView::exportImage(const QString& path, QString* problem)
{
    const PicturePtr& picture = m_implementation->canvas->picture();
    const QString message =
        picture ? exportPicture(*picture, m_implementation->canvas->style(), colourBy(), path)
                : tr("There is no graph to export. Open a model first.");
    if (problem != nullptr)
        *problem = message;
    return message.isEmpty();
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
        m_implementation->request(box->box->id);
    } else {
        m_implementation->request({}, true);
    }
}

void GraphView::collapseSelected()
{
    const PictureBox* box = m_implementation->current();
    if (box != nullptr && box->isOpen && !box->box->isAlwaysOpen())
        m_implementation->setOpen(*box, false);
}

void GraphView::collapseAll()
{
    m_implementation->open.clear();
    m_implementation->request();
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
    const GraphActions& actions = m_implementation->actions;
    QAction* const action = colourBy == ColourBy::OperatorClass ? actions.colourByClass
                            : colourBy == ColourBy::Module      ? actions.colourByModule
                                                                : actions.colourByNothing;
    action->setChecked(true);
    m_implementation->canvas->setColourBy(colourBy);
}

} // namespace jitscope::views
