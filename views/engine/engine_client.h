// The engine as the window sees it: a child process (jitscope-cli serve) spoken to over its
// standard streams. Every call returns at once and answers later, on the UI thread. A lost engine
// answers all that is pending with EngineLost.
#pragma once

#include "core/protocol/messages.h"
#include "core/protocol/tensor_messages.h"
#include "core/support/result.h"

#include <QObject>
#include <QString>
#include <QStringList>

#include <functional>
#include <memory>

namespace jitscope::views {

class EngineClient : public QObject
{
    Q_OBJECT

public:
    template <typename T>
    using Answer = std::function<void(Result<T>)>;
    using RequestId = qint64; // 0: nothing was sent

    enum class State
    {
        Stopped,  // not started, or ended on purpose
        Starting, // the process runs, the handshake is not done
        Ready,
        Lost, // it crashed, was killed or refused the handshake; start() tries again
    };

    // `program` is jitscope-cli; see enginePath().
    explicit EngineClient(QString program, QObject* parent = nullptr);
    ~EngineClient() override; // ends the engine

    void start();   // nothing if it is starting or ready
    void stop();    // ends it; pending calls are answered with Cancelled
    void restart(); // a fresh one
    [[nodiscard]] State state() const;
    // Of the handshake; empty before it.
    [[nodiscard]] const protocol::InitializeResult& description() const;

    // Calls before the handshake is done wait for it. One job runs at a time; others wait in the
    // engine.
    RequestId passes(Answer<std::vector<protocol::PassDescription>> answer);
    RequestId open(const protocol::OpenParams& params, Answer<protocol::OpenResult> answer);
    RequestId inlineMethod(const protocol::InlineParams& params,
                           Answer<protocol::StageResult> answer);
    RequestId apply(const protocol::ApplyParams& params, Answer<protocol::ApplyResult> answer);
    RequestId run(const protocol::RunParams& params, Answer<protocol::RunResult> answer);
    RequestId tensorStatistics(const protocol::TensorStatisticsParams& params,
                               Answer<protocol::TensorStatisticsResult> answer);
    RequestId tensorValues(const protocol::TensorValuesParams& params,
                           Answer<protocol::TensorValuesResult> answer);
    RequestId tensorExport(const protocol::TensorExportParams& params,
                           Answer<protocol::TensorExportResult> answer);
    // Asks for an end; an engine that has not answered after `patience` milliseconds is killed.
    void cancel(RequestId request, int patience = 5000);

Q_SIGNALS:
    void stateChanged(jitscope::views::EngineClient::State state);
    void progress(qint64 request, const QString& phase,
                  double fraction);                         // fraction negative: unknown
    void logged(const QString& level, const QString& text); // its log and its standard error
    void documentChanged(const QString& what, qint64 id);
    void lost(const QString& reason); // a sentence for people

private:
    class Implementation;
    std::unique_ptr<Implementation> m_implementation;
};

// The engine to start: JITSCOPE_ENGINE_PATH if set, else jitscope-cli beside this program, else the
// one in PATH.
[[nodiscard]] QString enginePath();

} // namespace jitscope::views
