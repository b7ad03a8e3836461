#include "views/find/find_worker_p.h"

#include "core/document/reader.h"

#include <optional>

namespace jitscope::views {

namespace {

bool isSame(const FindCorpus& a, const FindCorpus& b)
{
    return a.documentPath == b.documentPath && a.content == b.content && a.graph == b.graph &&
           a.types == b.types && (a.graph == 0 || a.nodes == b.nodes); // `loaded` does not grow
}

} // namespace

class FindWorker::Job : public QObject
{
public:
    FindAnswer run(const FindCorpus& corpus, const QString& text, int number,
                   const CancelToken& cancelBuilding, const CancelToken& cancelAsking)
    {
        FindAnswer answer;
        answer.number = number;
        answer.query = search::parseQuery(text.toStdString());
        if (const Result<void> built = build(corpus, cancelBuilding); !built) {
            answer.problem = QString::fromStdString(built.error().message());
            return answer;
        }
        Result<search::Hits> hits = m_index->find(answer.query, cancelAsking);
        if (!hits) {
            answer.problem = QString::fromStdString(hits.error().message());
            return answer;
        }
        answer.index = m_index;
        answer.hits = std::make_shared<const search::Hits>(std::move(*hits));
        return answer;
    }

    void forget()
    {
        m_index.reset();
        m_reader.reset();
        m_corpus = {};
    }

private:
    Result<void> build(const FindCorpus& corpus, const CancelToken& cancel)
    {
        if (m_index && isSame(m_corpus, corpus))
            return {};
        if (!m_reader || m_corpus.documentPath != corpus.documentPath ||
            m_corpus.content != corpus.content) {
            forget();
            Result<document::Reader> reader =
                document::Reader::open(corpus.documentPath.toStdString());
            if (!reader)
                return tl::unexpected(reader.error());
            m_reader.emplace(std::move(*reader));
        }
        search::Corpus rows;
        rows.owner = corpus.content;
        rows.modules = corpus.content->modules;
        rows.methods = corpus.content->methods;
        rows.functions = corpus.content->functions;
        rows.tensors = corpus.content->tensors;
        rows.sources = corpus.content->sources;
        rows.nodes = corpus.nodes;
        rows.stageGraph = corpus.graph;
        rows.types = corpus.types;
        JobContext job;
        job.cancel = cancel;
        auto index = search::Index::build(
            rows, [this](std::int64_t id) { return m_reader->graph(id); }, job, m_index.get());
        if (!index)
            return tl::unexpected(index.error());
        m_index = std::move(*index);
        m_corpus = corpus;
        return {};
    }

    std::optional<document::Reader> m_reader;
    std::shared_ptr<const search::Index> m_index;
    FindCorpus m_corpus; // of m_index
};

FindWorker::FindWorker(QObject* parent) : QObject(parent), m_job(new Job)
{
    m_thread.setObjectName(QStringLiteral("find"));
    m_job->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_job, &QObject::deleteLater);
    m_thread.start();
}

FindWorker::~FindWorker()
{
    m_cancelBuilding.cancel();
    m_cancelAsking.cancel();
    m_thread.quit();
    m_thread.wait();
}

void FindWorker::setCorpus(FindCorpus corpus)
{
    if (isSame(corpus, m_corpus))
        return;
    cancel();
    m_cancelBuilding.cancel();
    m_cancelBuilding = CancelToken();
    m_corpus = std::move(corpus);
    if (m_corpus.documentPath.isEmpty()) {
        QMetaObject::invokeMethod(
            m_job, [job = m_job] { job->forget(); }, Qt::QueuedConnection);
    }
}

void FindWorker::ask(const QString& text)
{
    cancel();
    if (m_corpus.documentPath.isEmpty())
        return;
    QMetaObject::invokeMethod(
        m_job,
        [this, job = m_job, corpus = m_corpus, text, number = m_number, building = m_cancelBuilding,
         asking = m_cancelAsking] {
            if (building.isCancelled() || asking.isCancelled())
                return;
            FindAnswer answer = job->run(corpus, text, number, building, asking);
            if (building.isCancelled() || asking.isCancelled())
                return;
            QMetaObject::invokeMethod(
                this,
                [this, answer = std::move(answer)] {
                    if (answer.number == m_number)
                        Q_EMIT answered(answer);
                },
                Qt::QueuedConnection);
        },
        Qt::QueuedConnection);
}

void FindWorker::cancel()
{
    m_cancelAsking.cancel();
    m_cancelAsking = CancelToken();
    ++m_number;
}

} // namespace jitscope::views
