// Builds the index of the shown stage and asks it, on a thread of its own. The newest question
// counts: one that is under way is cancelled. UI thread only. Private to views/find.
#pragma once

#include "core/search/index.h"
#include "views/model/document_model.h"

#include <QObject>
#include <QString>
#include <QThread>

#include <memory>

namespace jitscope::views {

// What is searched: a stage of a document.
struct FindCorpus
{
    QString documentPath; // empty for none
    std::shared_ptr<const DocumentContent> content;
    std::shared_ptr<const document::NodeIndex> nodes;
    std::int64_t graph = 0;                         // of the stage; 0 for `loaded`
    std::shared_ptr<const scene::KnownTypes> types; // null when none are known
};

struct FindAnswer
{
    std::shared_ptr<const search::Index> index; // null when there is a problem
    search::Query query;
    std::shared_ptr<const search::Hits> hits;
    QString problem;
    int number = 0;
};

class FindWorker : public QObject
{
    Q_OBJECT

public:
    explicit FindWorker(QObject* parent = nullptr);
    ~FindWorker() override;

    // The index is built with the next question. Questions about what was searched before are not
    // answered any more.
    void setCorpus(FindCorpus corpus);
    void ask(const QString& text);
    void cancel(); // and answer nothing

Q_SIGNALS:
    void answered(const jitscope::views::FindAnswer& answer);

private:
    class Job;
    QThread m_thread;
    Job* m_job; // lives on m_thread
    FindCorpus m_corpus;
    CancelToken m_cancelBuilding;
    CancelToken m_cancelAsking;
    int m_number = 0;
};

} // namespace jitscope::views
