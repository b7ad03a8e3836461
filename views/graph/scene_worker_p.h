// Builds pictures on a thread of its own. The newest request counts: one that is under way is
// cancelled. Private to views/graph.
#pragma once

#include "core/picture/edge_labels.h"
#include "views/graph/picture_p.h"
#include "views/model/document_model.h"

#include <QFont>
#include <QObject>
#include <QString>
#include <QStringList>
#include <QThread>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace jitscope::views {

// What to show. Plain data, shared with the thread.
struct PictureRequest
{
    QString documentPath;
    std::shared_ptr<const DocumentContent> content;
    std::shared_ptr<const document::NodeIndex> nodes;
    std::shared_ptr<const scene::KnownTypes> types; // null when none are known
    std::int64_t stage = 0;                         // id
    std::int64_t graph = 0;                         // its graph; 0 for the stage `loaded`
    std::string modulePath;
    std::string method;
    bool rawSsa = false;
    bool foldsRepeats = true;
    picture::EdgeLabels labels = picture::EdgeLabels::Shapes;
    std::set<std::string> open; // ids of boxes
    std::string openAllIn;      // id of a box to open with all in it; empty for none
    bool openAll = false;       // the same for the whole picture
    int openDepth = -1; // open exactly the boxes of so many levels; below 0 leave `open` as it is
    std::optional<document::NodeRef> reveal; // open what is around this node
    std::string revealMethod;                // the method of its module that it is in, if known
    std::optional<std::string> revealModule; // open what is around this module
    std::vector<std::string> openNamed;      // as scene::wayInto() has them
    bool openSoleBox = false; // while there is nothing but one box, open it: many forwards only
                              // call another method
    QFont titleFont;
    QFont textFont;
    int number = 0; // of the request
};

struct PictureAnswer
{
    PicturePtr picture;         // null when it failed
    std::set<std::string> open; // as asked, and what openAllIn added
    bool isOtherMethod = false; // than asked for, because only that one has what was to be revealed
    std::string modulePath;     // of it
    std::string method;
    QStringList notFound; // of openNamed
    QString problem;      // why it failed, or what could not be shown
    int number = 0;
};

class SceneWorker : public QObject
{
    Q_OBJECT

public:
    explicit SceneWorker(QObject* parent = nullptr);
    ~SceneWorker() override;

    void request(PictureRequest request);
    void cancel(); // and answer nothing

Q_SIGNALS:
    // On the thread this object belongs to; never for a request that a newer one has replaced.
    void answered(const jitscope::views::PictureAnswer& answer);

private:
    class Job;
    QThread m_thread;
    Job* m_job; // lives on m_thread
    CancelToken m_cancel;
    int m_number = 0;
};

} // namespace jitscope::views
