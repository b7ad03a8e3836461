// Which actions can be used now, and the menu of a box.
#include "views/graph/graph_view_p.h"

#include <QAction>
#include <QClipboard>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMenu>

#include <algorithm>

namespace jitscope::views {

namespace {

// The boxes at the other ends of what leaves a box, stubs included.
std::vector<std::uint32_t> consumersOf(const Picture& picture, std::uint32_t box)
{
    std::vector<std::uint32_t> sources{box};
    const std::vector<std::uint32_t> stubs = picture.referencesTo(box);
    sources.insert(sources.end(), stubs.begin(), stubs.end());
    std::vector<std::uint32_t> consumers;
    for (const std::uint32_t source : sources) {
        for (const std::uint32_t e : picture.edgesOf(source)) {
            const PictureEdge& edge = picture.edges[e];
            if (edge.from == source && !edge.isLink)
                consumers.push_back(edge.to);
        }
    }
    return consumers;
}

QString labelOf(const scene::Box& box)
{
    const QString title = QString::fromStdString(box.title);
    return box.subtitle.empty() ? title
                                : title + QLatin1Char(' ') + QString::fromStdString(box.subtitle);
}

} // namespace

void GraphView::Implementation::updateActions()
{
    const PictureBox* box = current();
    const bool canToggle = box != nullptr && box->box->canOpen() && !box->box->isAlwaysOpen();
    const std::size_t selected = canvas->state().selected.size();
    actions.expand->setEnabled(canToggle && !box->isOpen);
    actions.collapse->setEnabled(canToggle && box->isOpen);
    actions.fitSelection->setEnabled(selected > 0);
    actions.upstream->setEnabled(selected > 0);
    actions.downstream->setEnabled(selected > 0);
    actions.ways->setEnabled(selected == 2);
    actions.shortestWay->setEnabled(selected == 2);
    actions.clearTrace->setEnabled(tracing.isActive());
    for (QAction* action : {actions.fit, actions.zoomIn, actions.zoomOut, actions.zoomActual,
                            actions.expandAll, actions.collapseAll, actions.exportImage})
        action->setEnabled(canvas->picture() != nullptr);
    for (QAction* action : actions.depths)
        action->setEnabled(canvas->picture() != nullptr);
}

void GraphView::Implementation::addBoxActions(QMenu& menu, const PictureBox& box)
{
    const scene::Box* b = box.box;
    const bool isModule = b->kind == scene::BoxKind::Module;
    if (b->far.size() > 1) {
        QMenu* values = menu.addMenu(tr("Go to a value"));
        addValues(*values, *b);
    } else if (!b->far.empty()) {
        connect(menu.addAction(tr("Go to %1").arg(labelOf(*b))), &QAction::triggered, this,
                [this, stub = b->id, id = b->far.front().box] { followStub(boxWithId(stub), id); });
    } else {
        QAction* toggleAction = menu.addAction(box.isOpen ? tr("Close")
                                               : isModule ? tr("Open module")
                                                          : tr("Open"));
        toggleAction->setEnabled(b->canOpen() && !b->isAlwaysOpen());
        connect(toggleAction, &QAction::triggered, this,
                [this, id = b->id] { toggle(boxWithId(id)); });
    }
    QAction* code = menu.addAction(tr("Show in code"));
    code->setEnabled(!b->refs.empty() || isModule);
    connect(code, &QAction::triggered, this, [this] { Q_EMIT view.showInCodeRequested(); });
    QMenu* uses = menu.addMenu(tr("Go to a use"));
    constexpr std::size_t mostUses = 30;
    const std::vector<std::uint32_t> consumers = consumersOf(*canvas->picture(), boxWithId(b->id));
    for (std::size_t i = 0; i < consumers.size() && i < mostUses; ++i) {
        const scene::Box& user = *canvas->picture()->boxes[consumers[i]].box;
        connect(uses->addAction(labelOf(user)), &QAction::triggered, this,
                [this, id = user.id] { goTo(boxWithId(id)); });
    }
    uses->setEnabled(!consumers.empty());
    menu.addSeparator();
    for (QAction* action :
         {actions.upstream, actions.downstream, actions.ways, actions.shortestWay})
        menu.addAction(action);
    if (tracing.isActive())
        menu.addAction(actions.clearTrace);
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

void GraphView::Implementation::addValues(QMenu& menu, const scene::Box& stub)
{
    for (const scene::Far& far : stub.far) {
        QString text = QLatin1Char('%') + QString::fromStdString(far.name);
        if (!far.title.empty())
            text += tr(" of %1").arg(QString::fromStdString(far.title));
        connect(menu.addAction(text), &QAction::triggered, this,
                [this, id = stub.id, target = far.box] { followStub(boxWithId(id), target); });
    }
}

// A stub for several values is a list to choose from.
void GraphView::Implementation::askWhichValue(std::uint32_t stub)
{
    auto* menu = new QMenu(&view);
    menu->setObjectName(QStringLiteral("graphValuesMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    addValues(*menu, *drawn(stub)->box);
    const QRectF place = canvas->view().toWidget(drawn(stub)->rect);
    menu->popup(canvas->mapToGlobal(place.bottomLeft().toPoint()));
}

ExportChoices GraphView::Implementation::exportChoices() const
{
    ExportChoices choices;
    choices.picture = canvas->picture();
    // The open boxes around the current one first, from the inside out, then the others.
    std::uint32_t around = canvas->state().current;
    for (; around != noBox; around = choices.picture->boxes[around].parent) {
        if (choices.picture->boxes[around].isOpen)
            choices.scopes.push_back(around);
    }
    constexpr std::size_t most = 200;
    for (std::uint32_t i = 0; i < choices.picture->boxes.size() && choices.scopes.size() < most;
         ++i) {
        if (choices.picture->boxes[i].isOpen &&
            std::find(choices.scopes.begin(), choices.scopes.end(), i) == choices.scopes.end())
            choices.scopes.push_back(i);
    }
    choices.colourBy = canvas->colourBy();
    choices.times = canvas->times();
    choices.font = view.font();
    choices.palette = view.palette();
    // The name of a document that was made for the model has a hash in it.
    const std::string model = document.content()->infoValue("model_path");
    choices.name = QFileInfo(model.empty() ? document.path() : QString::fromStdString(model))
                       .completeBaseName();
    return choices;
}

void GraphView::Implementation::showMenu(std::uint32_t index, const QPoint& position)
{
    QMenu menu(&view);
    menu.setObjectName(QStringLiteral("graphMenu"));
    const PictureBox* box = drawn(index);
    if (box != nullptr) {
        if (!canvas->state().selected.contains(index))
            pick(index);
        addBoxActions(menu, *box);
    } else if (tracing.isActive()) {
        menu.addAction(actions.clearTrace);
    }
    menu.addAction(actions.expandAll);
    menu.addAction(actions.collapseAll);
    menu.addMenu(actions.depthMenu);
    menu.addSeparator();
    menu.addAction(actions.fit);
    if (box != nullptr)
        menu.addAction(actions.fitSelection);
    menu.addAction(actions.rawSsa);
    menu.addAction(actions.exportImage);
    menu.exec(position);
}

} // namespace jitscope::views
