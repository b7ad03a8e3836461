// Asking for pictures and showing them.
#include "views/graph/graph_view_p.h"

#include <QAction>
#include <QSignalBlocker>

namespace jitscope::views {

void GraphView::Implementation::documentOpened()
{
    open.clear();
    anchor.clear();
    pickedIds.clear();
    tracing.clear();
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

void GraphView::Implementation::documentClosed()
{
    worker.cancel();
    setBusy(false);
    open.clear();
    pickedIds.clear();
    tracing.clear();
    canvas->setPicture(nullptr, {});
    canvas->setMessage(
        tr("No model is open"),
        tr("Open a TorchScript model or a .jitscope document, or drop one on the window."));
    breadcrumbs->setSteps({});
    breadcrumbs->setMethods({}, {});
    updateActions();
}

std::int64_t GraphView::Implementation::rootId(const DocumentContent& content)
{
    const document::ModuleRow* root = content.moduleAt("");
    return root != nullptr ? root->id : 0;
}

// Of the root, else of any module: a file may have no forward at all.
std::string GraphView::Implementation::firstMethod(const DocumentContent& content)
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

void GraphView::Implementation::request(const Opening& opening)
{
    if (!document.isOpen())
        return;
    const document::StageRow* stage = document.stage(document.currentStage());
    PictureRequest r;
    r.documentPath = document.path();
    r.content = document.content();
    r.nodes = document.nodeIndex();
    r.types = document.knownTypes();
    r.stage = document.currentStage();
    r.graph = stage != nullptr ? stage->graph : 0;
    r.modulePath = r.graph != 0 ? stage->module : modulePath;
    r.method = r.graph != 0 ? stage->method : method;
    r.rawSsa = isRawSsa;
    r.foldsRepeats = actions.repeats->isChecked();
    r.labels = areTypesShown ? picture::EdgeLabels::Types : picture::EdgeLabels::Shapes;
    r.open = open;
    r.openAllIn = opening.allIn;
    r.openAll = opening.all;
    r.openDepth = opening.depth;
    if (opening.all || opening.depth >= 0)
        isFitDue = isFitDue || canvas->seesAll();
    r.reveal = opening.node;
    r.revealMethod = opening.methodOfNode;
    r.revealModule = opening.module;
    r.openNamed = opening.named;
    isRevealing = isRevealing || opening.node || opening.module;
    r.openSoleBox = isNewDocument;
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
    showMethods(r.graph == 0, r.method);
    asked = {r.rawSsa, r.foldsRepeats, areTypesShown};
    setBusy(true);
    awaited = opening;
    worker.request(std::move(r));
}

void GraphView::Implementation::requestAgain()
{
    const Opening same = awaited;
    request(same);
}

// In the breadcrumbs: those to choose from, which are none but the shown one in later stages.
void GraphView::Implementation::showMethods(bool isLoaded, const std::string& shownMethod)
{
    QStringList methods;
    const std::shared_ptr<const DocumentContent> content = document.content();
    if (isLoaded) {
        const document::ModuleRow* module = content->moduleAt(modulePath);
        for (const document::MethodRow& row : content->methods) {
            if (module != nullptr && row.module == module->id)
                methods.append(QString::fromStdString(row.name));
        }
    }
    breadcrumbs->setMethods(methods, QString::fromStdString(shownMethod));
}

void GraphView::Implementation::show(const PictureAnswer& answer)
{
    setBusy(false);
    awaited = {};
    Q_EMIT view.statusMessage(answer.problem);
    if (!answer.picture) {
        if (!canvas->picture())
            canvas->setMessage(tr("The graph cannot be shown"), answer.problem);
        return;
    }
    open = answer.open;
    shown = asked;
    if (answer.isOtherMethod) {
        modulePath = answer.modulePath;
        method = answer.method;
        showMethods(true, method);
    }
    const std::string keep = !anchor.empty() && answer.picture->boxWithId(anchor) != noBox
                                 ? anchor
                                 : canvas->anchorFor(*answer.picture);
    anchor.clear();
    const bool isFirst = !canvas->picture() || isNewDocument || keep.empty();
    isFirstFrameDue = isNewDocument;
    isNewDocument = false;
    canvas->setPicture(answer.picture, keep);
    const bool isFitWanted = std::exchange(isFitDue, false);
    if (isFirst)
        canvas->fitFirst();
    else if (isFitWanted)
        canvas->fit(answer.picture->bounds, 1);
    // What is selected is brought into view when that was asked for, else only ringed.
    const bool isSought = std::exchange(isRevealing, false);
    showSelection(isSought ? nullptr : this, isSought);
    showTrace();
    Q_EMIT view.pictureChanged();
    if (!answer.notFound.isEmpty()) {
        Q_EMIT view.statusMessage(
            tr("There is no box %1 to open.").arg(answer.notFound.join(QStringLiteral(", "))));
        Q_EMIT view.boxesNotFound(answer.notFound);
    }
}

// Brings nothing when the run cannot be read: the timeline says why.
void GraphView::Implementation::loadTimes()
{
    const std::int64_t run = document.isOpen() ? document.currentRun() : 0;
    if (canvas->colourBy() != ColourBy::Time)
        return;
    if (run == 0) {
        times.cancel();
        canvas->setTimes(nullptr);
        return;
    }
    times.post(0,
               [this, path = document.path().toStdString(), run,
                nodes = document.nodeIndex()](const CancelToken& cancel) -> Background::Finish {
                   const Result<document::Reader> reader = document::Reader::open(path);
                   if (!reader)
                       return {};
                   const Result<timeline::NodeTotals> totals =
                       timeline::nodeTotals(*reader, run, cancel);
                   if (!totals)
                       return {};
                   auto read = std::make_shared<const BoxTimes>(*totals, *nodes);
                   return [this, read] { canvas->setTimes(read); };
               });
}

void GraphView::Implementation::setBusy(bool now)
{
    if (now == isBusy)
        return;
    isBusy = now;
    canvas->setBusy(now,
                    canvas->picture() ? tr("Laying out\u2026 Esc stops") : tr("Laying out\u2026"));
    Q_EMIT view.busyChanged(now);
}

void GraphView::Implementation::stopLayout()
{
    if (!canvas->picture())
        return; // there is nothing to stay with
    worker.cancel();
    setBusy(false);
    anchor.clear();
    awaited = {};
    isFitDue = false;
    for (const PictureBox& box : canvas->picture()->boxes) {
        if (box.isOpen)
            open.insert(box.box->id);
        else
            open.erase(box.box->id);
    }
    isRawSsa = shown.isRawSsa;
    areTypesShown = shown.areTypesShown;
    const QSignalBlocker noRepeats(actions.repeats);
    actions.repeats->setChecked(shown.foldsRepeats);
    actions.rawSsa->setChecked(isRawSsa); // their slots see that nothing is new
    actions.types->setChecked(areTypesShown);
    Q_EMIT view.statusMessage(tr("Stopped."));
}

void GraphView::Implementation::toggle(std::uint32_t index)
{
    const PictureBox* box = drawn(index);
    if (box == nullptr)
        return;
    if (box->box->far.size() > 1)
        askWhichValue(index);
    else if (!box->box->far.empty())
        followStub(index, box->box->far.front().box);
    else if (box->box->canOpen() && !box->box->isAlwaysOpen())
        setOpen(*box, !box->isOpen);
}

void GraphView::Implementation::setOpen(const PictureBox& box, bool isOpen)
{
    anchor = box.box->id;
    if (isOpen)
        open.insert(box.box->id);
    else
        open.erase(box.box->id);
    request();
}

} // namespace jitscope::views
