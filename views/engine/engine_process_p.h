// One life of the engine: the child process, its streams cut into messages, and the end of it in
// words. Private to views/engine.
#pragma once

#include "core/protocol/connection.h"
#include "core/protocol/frame_parser.h"

#include <QByteArray>
#include <QObject>
#include <QProcess>
#include <QString>

namespace jitscope::views {

class EngineProcess : public QObject
{
    Q_OBJECT

public:
    EngineProcess(const QString& program, QObject* parent);
    // Ends the process, at once if it does not go by itself.
    ~EngineProcess() override;

    void start();
    [[nodiscard]] protocol::Connection& connection() { return m_connection; }

    // Asks the engine to leave and ends it if it does not. Nothing is signalled any more; the
    // object deletes itself when the process is gone.
    void retire();
    // Ends it now; ended() follows with this reason.
    void kill(const QString& reason);

Q_SIGNALS:
    void errorLine(const QString& line); // of its standard error
    void ended(const QString& reason);   // once: it could not be started, or is gone

private:
    void readOutput();
    void readErrors();
    void takeErrorLine(QByteArray line);
    void fail(QProcess::ProcessError error);
    void finish(int exitCode, QProcess::ExitStatus status);
    void end(const QString& reason);

    QString m_program;
    QProcess m_process;
    protocol::FrameParser m_parser;
    protocol::Connection m_connection;
    QByteArray m_errors; // of the standard error, what has no end of line yet
    QString m_lastErrorLine;
    QString m_reason; // why we ended it, if we did
    bool m_isOver = false;
};

} // namespace jitscope::views
