// What the window works on: one document, one selection, one engine. Turns what the user asks for
// into requests, and their answers into the state that the views show. Knows no widgets. UI thread
// only.
#pragma once

#include "core/protocol/messages.h"
#include "views/engine/engine_client.h"
#include "views/model/document_model.h"
#include "views/model/selection.h"

#include <QObject>
#include <QString>
#include <QStringList>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace jitscope::views {

class Workspace : public QObject
{
    Q_OBJECT

public:
    // `documentsFolder` is where documents of models are made; it is created when needed.
    Workspace(QString engineProgram, QString documentsFolder, QObject* parent = nullptr);
    ~Workspace() override;

    // Starts the engine before it is needed: loading LibTorch takes seconds.
    void warmUp() { m_engine.start(); }

    [[nodiscard]] DocumentModel& document() { return m_document; }
    [[nodiscard]] const DocumentModel& document() const { return m_document; }
    [[nodiscard]] Selection& selection() { return m_selection; }
    [[nodiscard]] EngineClient& engine() { return m_engine; }

    // The operator libraries that the next file is opened with, now and whenever the engine is
    // started again for it.
    void setOperatorLibraries(const QStringList& files);
    // Operators of the open model that can be read but not run, because no library provides them.
    [[nodiscard]] const QStringList& missingOperators() const { return m_missingOperators; }
    // Libraries that the document was made with and that it was not opened with.
    [[nodiscard]] QStringList missingLibraries() const;

    // A model file or a document. Answers with opened() of the document, or failed().
    void openFile(const QString& path);
    void closeFile();
    // Closes what is open and ends the engine; the next request would start another.
    void endEngine();
    [[nodiscard]] QString filePath() const
    {
        return m_filePath;
    }                                        // what the user opened; empty for nothing
    [[nodiscard]] QString modelPath() const; // where the document says its model is
    // The model of a document that was moved; answers modelNeeded().
    void setModelPath(const QString& path);

    // The method that passes and runs are about.
    [[nodiscard]] QString module() const { return m_module; }
    [[nodiscard]] QString method() const { return m_method; }
    void setMethod(const QString& module, const QString& method);

    // On the current stage; from `loaded` and `executed` on the method's inlined stage, which is
    // made when needed.
    void applyPass(const QString& pass, const std::map<std::string, std::string>& arguments = {});
    [[nodiscard]] protocol::RunParams lastRun() const { return m_lastRun; }
    void run(const protocol::RunParams& params); // `stage` is chosen here
    void cancel();
    [[nodiscard]] bool isBusy() const { return m_request != 0 || m_opening; }
    [[nodiscard]] QString activity() const
    {
        return m_activity;
    } // "Applying Freeze", empty when idle

    // Moves between a stage and its parent; nothing is lost.
    [[nodiscard]] bool canUndo() const;
    [[nodiscard]] bool canRedo() const;
    void undo();
    void redo();

Q_SIGNALS:
    void fileChanged(const QString& path); // the user opened another file
    void busyChanged(bool busy);
    void progress(const QString& phase, double fraction);
    void failed(const jitscope::Error& error);
    void notice(const QString& text);           // worth a line in the message bar, but no failure
    void librariesMissing(const QString& text); // a notice that leads to the operator libraries
    void passesChanged(const std::vector<jitscope::protocol::PassDescription>& passes);
    void modelNeeded(const QString& recordedPath);
    void methodChanged();

private:
    friend class WorkspaceTensors; // does jobs of its own with the engine

    using Then = std::function<void()>;
    void openModel(const QString& path);
    [[nodiscard]] protocol::OpenParams openParams(const QString& model,
                                                  const QString& document) const;
    void takeMissing(const std::vector<protocol::MissingOperator>& operators);
    void tellMissingLibraries();
    [[nodiscard]] bool isModelReady() const; // the engine has it open
    void withModel(Then then);
    void withStage(std::function<void(std::int64_t stage)> then);
    void showStageWhenThere(std::int64_t stage);
    // What is to be done with an answer, unless the user has gone on by then.
    template <typename T>
    EngineClient::Answer<T> answer(std::function<void(Result<T>)> then);
    void begin(const QString& activity, EngineClient::RequestId request);
    void end();
    void report(const Error& error);
    void documentChanged();
    void engineLost(const QString& reason);
    [[nodiscard]] QString documentFor(const QString& model) const;
    [[nodiscard]] std::int64_t inlinedStage() const;
    [[nodiscard]] std::optional<std::int64_t> newestChild(std::int64_t stage) const;

    DocumentModel m_document;
    Selection m_selection;
    EngineClient m_engine;
    QString m_documentsFolder;
    QStringList m_nextLibraries;
    QStringList m_libraries; // of the open file
    QStringList m_missingOperators;
    QString m_filePath;
    QString m_newModelPath;   // chosen by the user for a document whose model was moved
    QString m_engineDocument; // the document that the engine has open; empty for none
    QString m_module;
    QString m_method = QStringLiteral("forward");
    QString m_activity;
    EngineClient::RequestId m_request = 0;
    int m_job = 0;          // the newest request; answers to others are for nobody
    bool m_opening = false; // the document is being read
    std::int64_t m_awaitedStage = 0;
    Then m_afterModel; // what waits for modelNeeded() to be answered
    protocol::RunParams m_lastRun;
};

template <typename T>
EngineClient::Answer<T> Workspace::answer(std::function<void(Result<T>)> then)
{
    return [this, job = ++m_job, then = std::move(then)](Result<T> result) {
        if (job != m_job)
            return; // the user has gone on to another file
        end();
        then(std::move(result));
    };
}

} // namespace jitscope::views
