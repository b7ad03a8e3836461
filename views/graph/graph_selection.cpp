// The selection, the traces that start from it, and where in the graph one is.
#include "views/graph/graph_view_p.h"

#include <algorithm>

namespace jitscope::views {

namespace {

// What an input or output of a scope stands for.
std::optional<SelectedValue> valueOf(const scene::Box& pill)
{
    const bool isInput = pill.kind == scene::BoxKind::Input;
    if (!isInput && pill.kind != scene::BoxKind::Output)
        return {};
    const std::vector<scene::Port>& ports = isInput ? pill.outputs : pill.inputs;
    const bool isNamed = !ports.empty() && !ports.front().name.empty();
    const std::string name = isNamed ? ports.front().name : pill.title;
    const std::string type = ports.empty() ? pill.subtitle : ports.front().type;
    const std::string shape = pill.subtitle == type ? std::string() : pill.subtitle;
    return SelectedValue{QString::fromStdString(name), QString::fromStdString(type),
                         QString::fromStdString(shape), isInput,
                         QString::fromStdString(pill.modulePath)};
}

} // namespace

const PictureBox* GraphView::Implementation::drawn(std::uint32_t box) const
{
    const PicturePtr& picture = canvas->picture();
    return picture && box < picture->boxes.size() ? &picture->boxes[box] : nullptr;
}

std::uint32_t GraphView::Implementation::boxWithId(const std::string& id) const
{
    return canvas->picture() ? canvas->picture()->boxWithId(id) : noBox;
}

void GraphView::Implementation::pick(std::uint32_t index, bool extend)
{
    const PictureBox* box = drawn(index);
    if (box == nullptr) {
        if (extend)
            return; // a slip of the hand beside a box keeps what was chosen
        pickedIds.clear();
        canvas->select({}, noBox);
        selection.clear(this);
        updateActions();
        return;
    }
    if (!extend)
        pickedIds.clear();
    const auto old = std::find(pickedIds.begin(), pickedIds.end(), box->box->id);
    if (old != pickedIds.end())
        pickedIds.erase(old);
    else
        pickedIds.push_back(box->box->id);
    std::vector<document::NodeRef> refs;
    std::vector<std::uint32_t> boxes;
    for (const std::string& id : pickedIds) {
        const std::uint32_t i = boxWithId(id);
        if (i == noBox)
            continue;
        boxes.push_back(i);
        const scene::Box& picked = *drawn(i)->box;
        refs.insert(refs.end(), picked.refs.begin(), picked.refs.end());
    }
    const scene::Box* sole = boxes.size() == 1 ? drawn(boxes.front())->box : nullptr;
    if (sole != nullptr && sole->kind == scene::BoxKind::Module && !sole->modulePath.empty())
        selection.selectModule(QString::fromStdString(sole->modulePath), this);
    else if (!refs.empty())
        selection.selectNodes(std::move(refs), this);
    else if (sole != nullptr) // it stands for nothing that others know
        selection.selectPlace(QString::fromStdString(sole->id), this, valueOf(*sole));
    canvas->select(boxes, boxes.empty() ? noBox : boxes.back());
    updateActions();
}

void GraphView::Implementation::goTo(std::uint32_t box)
{
    if (drawn(box) == nullptr)
        return;
    pick(box);
    canvas->approach({box});
}

// To the other end of a stub. Where it was met is the step before in the history.
void GraphView::Implementation::followStub(std::uint32_t stub, const std::string& target)
{
    if (drawn(stub) == nullptr) // the picture has changed since it was met
        return goTo(boxWithId(target));
    const PicturePtr& picture = canvas->picture();
    for (const std::uint32_t e : picture->edgesOf(stub)) {
        if (picture->edges[e].from == stub) {
            pick(picture->edges[e].to);
            break;
        }
    }
    goTo(boxWithId(target));
}

// Rings what is selected, wherever that was done.
void GraphView::Implementation::showSelection(const QObject* source, bool isSought)
{
    const PicturePtr& picture = canvas->picture();
    if (source != this)
        pickedIds.clear();
    if (!picture)
        return;
    std::vector<std::uint32_t> boxes;
    for (const std::string& id : pickedIds) {
        if (const std::uint32_t box = picture->boxWithId(id); box != noBox)
            boxes.push_back(box);
    }
    if (!boxes.empty()) {
        canvas->select(boxes, boxes.back());
        if (isSought)
            canvas->approach(boxes);
        updateActions();
        return;
    }
    if (!selection.nodes().empty()) {
        for (const document::NodeRef& ref : selection.nodes()) {
            const std::vector<std::uint32_t> some = picture->boxesOf(ref, *document.nodeIndex());
            boxes.insert(boxes.end(), some.begin(), some.end());
        }
    } else if (selection.hasModule()) {
        boxes = picture->boxesOfModule(selection.module().toStdString());
    } else if (!selection.place().isEmpty()) {
        const std::uint32_t box = picture->boxHiding(selection.place().toStdString());
        if (box != noBox)
            boxes.push_back(box);
    }
    std::sort(boxes.begin(), boxes.end());
    boxes.erase(std::unique(boxes.begin(), boxes.end()), boxes.end());
    canvas->select(boxes, boxes.empty() ? noBox : boxes.front());
    if (isSought)
        canvas->approach(boxes);
    else if (source != this)
        canvas->reveal(boxes);
    updateActions();
}

void GraphView::Implementation::trace(Tracing::Kind kind)
{
    const PicturePtr& picture = canvas->picture();
    if (!picture)
        return;
    std::vector<std::string> ids;
    for (const std::string& id : pickedIds) {
        if (picture->boxWithId(id) != noBox)
            ids.push_back(id);
    }
    if (ids.empty()) {
        for (const std::uint32_t box : canvas->state().selected)
            ids.push_back(picture->boxes[box].box->id);
        std::sort(ids.begin(), ids.end()); // a set has no order of its own
    }
    const bool isWay = kind == Tracing::Kind::Ways || kind == Tracing::Kind::ShortestWay;
    if (ids.empty() || (isWay && ids.size() != 2)) {
        Q_EMIT view.statusMessage(
            isWay ? tr("Select two boxes first: one by a click, the other with Ctrl held.")
                  : tr("Select a box first."));
        return;
    }
    tracing.ask(kind, std::move(ids));
    showTrace();
}

void GraphView::Implementation::clearTrace()
{
    if (!tracing.isActive())
        return;
    tracing.clear();
    showTrace();
    Q_EMIT view.statusMessage({});
}

void GraphView::Implementation::showTrace()
{
    const PicturePtr& picture = canvas->picture();
    std::shared_ptr<const scene::FlowTrace> trace = picture ? tracing.on(*picture) : nullptr;
    if (trace)
        Q_EMIT view.statusMessage(tracing.describe(*picture, *trace));
    if (trace && trace->isEmpty()) { // everything dim would tell nothing
        tracing.clear();
        trace = nullptr;
    }
    canvas->setTrace(std::move(trace), tracing.kind());
    updateActions();
}

// The open boxes around what is selected, or around the middle of the view.
void GraphView::Implementation::updateBreadcrumbs()
{
    const PicturePtr& picture = canvas->picture();
    steps.clear();
    if (!picture)
        return;
    std::uint32_t box = canvas->state().current;
    if (box == noBox || !picture->boxes[box].rect.intersects(canvas->visibleScene())) {
        box = canvas->seesAll()
                  ? noBox
                  : picture->boxAt(canvas->view().toScene(QRectF(canvas->rect()).center()));
    }
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

void GraphView::Implementation::goToStep(int step)
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

} // namespace jitscope::views
