// What is behind the graph view: asks for pictures, shows them, and keeps selection, traces and
// actions in step. Private to views/graph.
#pragma once

#include "views/graph/breadcrumb_bar_p.h"
#include "views/graph/export_dialog_p.h"
#include "views/graph/graph_actions_p.h"
#include "views/graph/graph_canvas_p.h"
#include "views/graph/graph_view.h"
#include "views/graph/minimap_p.h"
#include "views/graph/scene_worker_p.h"
#include "views/graph/tracing_p.h"
#include "views/model/background.h"

#include <QObject>

#include <optional>
#include <set>
#include <string>
#include <vector>

class QMenu;

namespace jitscope::views {

class GraphView::Implementation : public QObject
{
public:
    Implementation(GraphView& owner, DocumentModel& model, Selection& shared);

    // Pictures (graph_pictures.cpp).
    void documentOpened();
    void documentClosed();
    void request() { request({}); }
    struct Opening
    {
        std::string allIn;                          // id of a box to open with all in it
        bool all = false;                           // open everything
        int depth = -1;                             // close everything and open so many levels
        std::optional<document::NodeRef> node = {}; // open what is around it and bring it into view
        std::string methodOfNode = {};
        std::optional<std::string> module = {}; // the same for a module
        std::vector<std::string> named = {};    // open these boxes
    };
    void request(const Opening& opening);
    void requestAgain(); // what is awaited, with what is known by now
    void show(const PictureAnswer& answer);
    void showMethods(bool isLoaded, const std::string& shownMethod);
    void setBusy(bool now);
    void stopLayout(); // and stay with the picture that is shown
    void setOpen(const PictureBox& box, bool isOpen);
    void toggle(std::uint32_t index);
    void loadTimes(); // of the run, if boxes are coloured by it

    // Selection (graph_selection.cpp).
    [[nodiscard]] const PictureBox* drawn(std::uint32_t box) const;
    [[nodiscard]] const PictureBox* current() const { return drawn(canvas->state().current); }
    [[nodiscard]] std::uint32_t boxWithId(const std::string& id) const;
    // Selects what a box stands for; with `extend` beside what is selected already, or no longer.
    void pick(std::uint32_t index, bool extend = false);
    void goTo(std::uint32_t box); // picks it and brings it into view
    void followStub(std::uint32_t stub, const std::string& target);
    // `isSought`: it was asked to be seen, not only ringed.
    void showSelection(const QObject* source, bool isSought = false);
    void trace(Tracing::Kind kind);
    void clearTrace();
    void showTrace();
    void updateBreadcrumbs();
    void goToStep(int step);

    // Actions (graph_menu.cpp).
    void updateActions();
    void showMenu(std::uint32_t index, const QPoint& position);
    [[nodiscard]] ExportChoices exportChoices() const;
    void addBoxActions(QMenu& menu, const PictureBox& box);
    void addValues(QMenu& menu, const scene::Box& stub);
    void askWhichValue(std::uint32_t stub);

    GraphView& view;
    DocumentModel& document;
    Selection& selection;
    SceneWorker worker;
    Background times{"graph times"};
    GraphActions actions;
    BreadcrumbBar* breadcrumbs = nullptr;
    GraphCanvas* canvas = nullptr;
    Minimap* minimap = nullptr;
    Legend* legend = nullptr;

    std::set<std::string>
        open; // ids of open boxes; those of other stages stay for when they are shown again
    struct Switches
    {
        bool isRawSsa = false;
        bool foldsRepeats = true;
        bool areTypesShown = false;
    };
    Switches asked; // of the picture that is on its way
    Switches shown;
    std::string anchor;                 // id of the box to keep in place
    std::vector<std::string> pickedIds; // of the boxes selected in this view, the current one last;
                                        // they may stand for nothing that others know
    std::string modulePath;             // what the stage `loaded` shows
    std::string method;
    std::vector<std::string> steps; // ids of the open boxes in the breadcrumbs
    Tracing tracing;
    bool isRawSsa = false;
    bool areTypesShown = false;
    bool isBusy = false;
    bool isNewDocument = false;
    bool isFirstFrameDue = false;
    Opening awaited;          // of the picture that is on its way
    bool isFitDue = false;    // everything was in sight before all was opened or closed
    bool isRevealing = false; // the picture that is awaited shall show the selection

private:
    static std::int64_t rootId(const DocumentContent& content);
    std::string firstMethod(const DocumentContent& content);
    void connectAll();
};

} // namespace jitscope::views
