#include "views/model/document_model.h"

#include "views/model/document_reading_p.h"

#include <QPointer>
#include <QThread>

#include <algorithm>
#include <optional>

namespace jitscope::views {

class DocumentModel::Implementation
{
public:
    explicit Implementation(DocumentModel& model) : m_model(model), m_worker(new QObject)
    {
        m_worker->moveToThread(&m_thread);
        m_thread.setObjectName(QStringLiteral("document reader"));
        m_thread.start();
    }

    ~Implementation()
    {
        m_thread.quit();
        m_thread.wait();
        delete m_worker; // its thread has ended
    }

    void open(const QString& path)
    {
        close();
        const quint64 generation = ++m_generation;
        m_path = path;
        onReader([this, generation, path] {
            m_reader.reset();
            Result<document::Reader> reader = document::Reader::open(path.toStdString());
            if (!reader)
                return report(generation, reader.error());
            m_reader.emplace(std::move(*reader));
            auto content = readContent(*m_reader);
            if (!content)
                return report(generation, content.error());
            auto state = readState(*m_reader);
            if (!state)
                return report(generation, state.error());
            auto statistics = readTensorStatistics(*m_reader);
            if (!statistics)
                return report(generation, statistics.error());
            onModel([this, generation, read = std::move(*content), now = std::move(*state),
                     measured = std::move(*statistics)]() mutable {
                if (generation != m_generation)
                    return;
                m_content = std::move(read);
                m_tensorStatistics = std::move(measured);
                m_state = std::move(now);
                m_isOpen = true;
                m_currentStage = m_state.stages.empty() ? 0 : m_state.stages.front().id;
                m_currentRun = m_state.runs.empty() ? 0 : m_state.runs.back().id;
                Q_EMIT m_model.opened();
                readTypes();
            });
        });
    }

    void close()
    {
        ++m_generation;
        m_path.clear();
        m_content = std::make_shared<const DocumentContent>();
        m_tensorStatistics = noStatistics();
        m_state = emptyState();
        m_types = nullptr;
        m_typesAsked = {};
        m_refreshing = false;
        m_refreshAgain = false;
        m_currentStage = 0;
        m_currentRun = 0;
        onReader([this] { m_reader.reset(); });
        if (std::exchange(m_isOpen, false))
            Q_EMIT m_model.closed();
    }

    // One refresh at a time; those asked for meanwhile become one more.
    void refresh()
    {
        if (!m_isOpen)
            return;
        if (m_refreshing) {
            m_refreshAgain = true;
            return;
        }
        m_refreshing = true;
        const quint64 generation = m_generation;
        onReader([this, generation] {
            if (!m_reader)
                return;
            auto state = readState(*m_reader);
            if (!state)
                return report(generation, state.error());
            onModel([this, generation, now = std::move(*state)]() mutable {
                if (generation == m_generation)
                    take(std::move(now));
            });
        });
    }

    void requestGraph(std::int64_t graph, QObject* context,
                      std::function<void(std::shared_ptr<const ir::Graph>)> done)
    {
        const quint64 generation = m_generation;
        onReader([this, generation, graph, receiver = QPointer<QObject>(context),
                  done = std::move(done)] {
            std::shared_ptr<const ir::Graph> read;
            if (m_reader) {
                const auto result = m_reader->graph(graph);
                if (result)
                    read = *result;
                else
                    report(generation, result.error());
            }
            onModel([this, generation, receiver, done, read] {
                if (receiver && generation == m_generation)
                    done(read);
            });
        });
    }

    void requestCounts(std::vector<std::int64_t> graphs, QObject* context,
                       std::function<void(std::shared_ptr<const NodeCounts>)> done)
    {
        const quint64 generation = m_generation;
        onReader([this, generation, graphs = std::move(graphs),
                  receiver = QPointer<QObject>(context), done = std::move(done)] {
            std::shared_ptr<const NodeCounts> counts;
            if (m_reader) {
                Result<NodeCounts> counted = countNodes(*m_reader, graphs);
                if (counted)
                    counts = std::make_shared<const NodeCounts>(*std::move(counted));
                else
                    report(generation, counted.error());
            }
            onModel([this, generation, receiver, done, counts] {
                if (receiver && generation == m_generation)
                    done(counts);
            });
        });
    }

    void refreshTensorStatistics()
    {
        if (!m_isOpen)
            return;
        const quint64 generation = m_generation;
        onReader([this, generation] {
            if (!m_reader)
                return;
            auto statistics = readTensorStatistics(*m_reader);
            if (!statistics)
                return report(generation, statistics.error());
            onModel([this, generation, measured = std::move(*statistics)]() mutable {
                if (generation != m_generation)
                    return;
                m_tensorStatistics = std::move(measured);
                Q_EMIT m_model.tensorStatisticsChanged();
            });
        });
    }

    void requestTensorChannels(std::int64_t tensor, QObject* context,
                               std::function<void(std::vector<document::TensorChannelRow>)> done)
    {
        const quint64 generation = m_generation;
        onReader([this, generation, tensor, receiver = QPointer<QObject>(context),
                  done = std::move(done)] {
            std::vector<document::TensorChannelRow> channels;
            if (m_reader) {
                auto read = readTensorChannels(*m_reader, tensor);
                if (!read)
                    return report(generation, read.error());
                channels = std::move(*read);
            }
            onModel([this, generation, receiver, done, channels = std::move(channels)]() mutable {
                if (receiver && generation == m_generation)
                    done(std::move(channels));
            });
        });
    }

    void setCurrentStage(std::int64_t stage)
    {
        if (stage != m_currentStage && m_model.stage(stage) != nullptr) {
            m_currentStage = stage;
            Q_EMIT m_model.currentStageChanged(stage);
        }
    }

    void setCurrentRun(std::int64_t run)
    {
        if (run != m_currentRun) {
            m_currentRun = run;
            Q_EMIT m_model.currentRunChanged(run);
            readTypes();
        }
    }

    [[nodiscard]] bool isOpen() const { return m_isOpen; }
    [[nodiscard]] const QString& path() const { return m_path; }
    [[nodiscard]] const std::shared_ptr<const DocumentContent>& content() const
    {
        return m_content;
    }
    [[nodiscard]] const std::shared_ptr<const TensorStatistics>& tensorStatistics() const
    {
        return m_tensorStatistics;
    }
    [[nodiscard]] const DocumentState& state() const { return m_state; }
    [[nodiscard]] const std::shared_ptr<const scene::KnownTypes>& knownTypes() const
    {
        return m_types;
    }
    [[nodiscard]] std::int64_t currentStage() const { return m_currentStage; }
    [[nodiscard]] std::int64_t currentRun() const { return m_currentRun; }

private:
    static DocumentState emptyState()
    {
        return {{}, {}, std::make_shared<const document::NodeIndex>()};
    }

    static std::shared_ptr<const TensorStatistics> noStatistics()
    {
        return std::make_shared<const TensorStatistics>();
    }

    template <typename Work>
    void onReader(Work work)
    {
        QMetaObject::invokeMethod(m_worker, std::move(work), Qt::QueuedConnection);
    }

    template <typename Work>
    void onModel(Work work)
    {
        QMetaObject::invokeMethod(&m_model, std::move(work), Qt::QueuedConnection);
    }

    // Called on the reading thread.
    void report(quint64 generation, const Error& error)
    {
        onModel([this, generation, message = QString::fromStdString(error.message())] {
            if (generation != m_generation)
                return;
            m_refreshing = false;
            Q_EMIT m_model.failed(message);
        });
    }

    // What the known types hang on. A run has them a while after it appeared.
    struct TypesAsked
    {
        std::int64_t run = 0;
        std::vector<std::string> states; // of all runs
        std::size_t passes = 0;
        friend bool operator==(const TypesAsked&, const TypesAsked&) = default;
    };

    void readTypes()
    {
        if (!m_isOpen)
            return;
        TypesAsked asked{m_currentRun, {}, 0};
        for (const document::RunRow& run : m_state.runs)
            asked.states.push_back(run.state);
        for (const document::StageRow& stage : m_state.stages)
            asked.passes += stage.kind == "pass" ? 1 : 0;
        if (std::exchange(m_typesAsked, asked) == asked)
            return;
        const quint64 generation = m_generation;
        onReader([this, generation, run = asked.run] {
            if (!m_reader)
                return;
            auto types = scene::KnownTypes::read(*m_reader, run);
            if (!types)
                return report(generation, types.error());
            onModel([this, generation, run, known = *std::move(types)] {
                if (generation != m_generation || run != m_currentRun)
                    return;
                if (std::exchange(m_types, known) != known)
                    Q_EMIT m_model.knownTypesChanged();
            });
        });
    }

    void take(DocumentState now)
    {
        const std::int64_t newest = now.runs.empty() ? 0 : now.runs.back().id;
        const bool isNewRun = now.runs.size() > m_state.runs.size();
        m_state = std::move(now);
        m_refreshing = false;
        Q_EMIT m_model.changed();
        if (isNewRun)
            setCurrentRun(newest);
        readTypes();
        if (std::exchange(m_refreshAgain, false))
            refresh();
    }

    DocumentModel& m_model;
    QThread m_thread;
    QObject* m_worker;
    std::optional<document::Reader> m_reader; // only the reading thread touches it
    quint64 m_generation = 0;                 // answers for an earlier document are thrown away
    QString m_path;
    bool m_isOpen = false;
    bool m_refreshing = false;
    bool m_refreshAgain = false;
    std::shared_ptr<const DocumentContent> m_content = std::make_shared<const DocumentContent>();
    std::shared_ptr<const TensorStatistics> m_tensorStatistics = noStatistics();
    DocumentState m_state = emptyState();
    std::shared_ptr<const scene::KnownTypes> m_types;
    TypesAsked m_typesAsked;
    std::int64_t m_currentStage = 0;
    std::int64_t m_currentRun = 0;
};

DocumentModel::DocumentModel(QObject* parent)
    : QObject(parent), m_implementation(std::make_unique<Implementation>(*this))
{}

DocumentModel::~DocumentModel() = default;

void DocumentModel::open(const QString& path)
{
    m_implementation->open(path);
}

void DocumentModel::close()
{
    m_implementation->close();
}

void DocumentModel::refresh()
{
    m_implementation->refresh();
}

bool DocumentModel::isOpen() const
{
    return m_implementation->isOpen();
}

QString DocumentModel::path() const
{
    return m_implementation->path();
}

std::shared_ptr<const DocumentContent> DocumentModel::content() const
{
    return m_implementation->content();
}

std::shared_ptr<const document::NodeIndex> DocumentModel::nodeIndex() const
{
    return m_implementation->state().nodeIndex;
}

const std::vector<document::StageRow>& DocumentModel::stages() const
{
    return m_implementation->state().stages;
}

const std::vector<document::RunRow>& DocumentModel::runs() const
{
    return m_implementation->state().runs;
}

const document::StageRow* DocumentModel::stage(std::int64_t id) const
{
    const auto& all = stages();
    const auto found =
        std::find_if(all.begin(), all.end(), [id](const auto& row) { return row.id == id; });
    return found == all.end() ? nullptr : &*found;
}

std::shared_ptr<const std::vector<document::TensorStatisticsRow>>
DocumentModel::tensorStatistics() const
{
    return m_implementation->tensorStatistics();
}

void DocumentModel::refreshTensorStatistics()
{
    m_implementation->refreshTensorStatistics();
}

void DocumentModel::requestTensorChannels(
    std::int64_t tensor, QObject* context,
    std::function<void(std::vector<document::TensorChannelRow>)> done)
{
    m_implementation->requestTensorChannels(tensor, context, std::move(done));
}

std::shared_ptr<const scene::KnownTypes> DocumentModel::knownTypes() const
{
    return m_implementation->knownTypes();
}

std::int64_t DocumentModel::currentStage() const
{
    return m_implementation->currentStage();
}

void DocumentModel::setCurrentStage(std::int64_t stage)
{
    m_implementation->setCurrentStage(stage);
}

std::int64_t DocumentModel::currentRun() const
{
    return m_implementation->currentRun();
}

void DocumentModel::setCurrentRun(std::int64_t run)
{
    m_implementation->setCurrentRun(run);
}

void DocumentModel::requestGraph(std::int64_t graph, QObject* context,
                                 std::function<void(std::shared_ptr<const ir::Graph>)> done)
{
    m_implementation->requestGraph(graph, context, std::move(done));
}

void DocumentModel::requestCounts(std::vector<std::int64_t> graphs, QObject* context,
                                  std::function<void(std::shared_ptr<const NodeCounts>)> done)
{
    m_implementation->requestCounts(std::move(graphs), context, std::move(done));
}

} // namespace jitscope::views
