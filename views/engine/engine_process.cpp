#include "views/engine/engine_process_p.h"

#include <QTimer>

#include <csignal>

namespace jitscope::views {

namespace {

constexpr int retirePatience = 2000;      // ms from the request to leave to the end by force
constexpr int destructionPatience = 300;  // ms; this one is waited for
constexpr int longestErrorLine = 16'384;  // bytes; longer ones are cut
constexpr qsizetype longestReason = 2000; // characters quoted of the standard error

QString signalText(int number)
{
    switch (number) {
    case SIGKILL:
        return EngineProcess::tr("was killed (signal 9), perhaps because memory ran out");
    case SIGSEGV:
        return EngineProcess::tr("crashed (segmentation fault)");
    case SIGABRT:
        return EngineProcess::tr("crashed (aborted)");
    case SIGBUS:
        return EngineProcess::tr("crashed (bus error)");
    case SIGFPE:
        return EngineProcess::tr("crashed (arithmetic error)");
    case SIGILL:
        return EngineProcess::tr("crashed (illegal instruction)");
    case SIGSYS:
        return EngineProcess::tr("was ended because it used a system call that it may not use");
    default:
        return EngineProcess::tr("was ended by signal %1").arg(number);
    }
}

} // namespace

EngineProcess::EngineProcess(const QString& program, QObject* parent)
    : QObject(parent), m_program(program), m_connection([this](const std::string& body) {
          const std::string framed = protocol::frame(body);
          m_process.write(framed.data(), static_cast<qint64>(framed.size()));
      })
{
    m_process.setProgram(program);
    m_process.setArguments({QStringLiteral("serve")});
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &EngineProcess::readOutput);
    connect(&m_process, &QProcess::readyReadStandardError, this, &EngineProcess::readErrors);
    connect(&m_process, &QProcess::errorOccurred, this, &EngineProcess::fail);
    connect(&m_process, &QProcess::finished, this, &EngineProcess::finish);
}

EngineProcess::~EngineProcess()
{
    m_isOver = true;
    m_process.disconnect(this);
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.closeWriteChannel(); // the end of its input ends the engine
    if (!m_process.waitForFinished(destructionPatience)) {
        m_process.kill();
        m_process.waitForFinished();
    }
}

void EngineProcess::start()
{
    m_process.start();
}

void EngineProcess::retire()
{
    m_isOver = true;
    if (m_process.state() == QProcess::NotRunning) {
        deleteLater();
        return;
    }
    connect(&m_process, &QProcess::finished, this, &QObject::deleteLater);
    m_connection.notify("exit", nlohmann::json::object());
    m_process.closeWriteChannel();
    QTimer::singleShot(retirePatience, &m_process, &QProcess::kill);
}

void EngineProcess::kill(const QString& reason)
{
    if (m_isOver)
        return;
    m_reason = reason;
    m_process.kill();
}

void EngineProcess::readOutput()
{
    const QByteArray bytes = m_process.readAllStandardOutput();
    if (m_isOver || !m_reason.isEmpty())
        return;
    m_parser.feed({bytes.data(), static_cast<std::size_t>(bytes.size())});
    // A message may lead to retire() or kill().
    while (!m_isOver && m_reason.isEmpty()) {
        const auto message = m_parser.next();
        if (!message) {
            kill(tr("The engine's output could not be understood: %1")
                     .arg(QString::fromStdString(message.error().what)));
            return;
        }
        if (!message->has_value())
            return;
        m_connection.receive(**message);
    }
}

void EngineProcess::readErrors()
{
    m_errors += m_process.readAllStandardError();
    qsizetype start = 0;
    for (qsizetype end = m_errors.indexOf('\n'); end >= 0; end = m_errors.indexOf('\n', start)) {
        takeErrorLine(m_errors.mid(start, end - start));
        start = end + 1;
    }
    m_errors.remove(0, start);
    if (m_errors.size() > longestErrorLine)
        takeErrorLine(std::exchange(m_errors, {}));
}

void EngineProcess::takeErrorLine(QByteArray line)
{
    line.truncate(longestErrorLine);
    const QString text = QString::fromUtf8(line).trimmed();
    if (text.isEmpty() || m_isOver)
        return;
    m_lastErrorLine = text.left(longestReason);
    Q_EMIT errorLine(text);
}

void EngineProcess::fail(QProcess::ProcessError error)
{
    // The other errors are followed by finished().
    if (error == QProcess::FailedToStart)
        end(tr("The engine %1 could not be started: %2.").arg(m_program, m_process.errorString()));
}

void EngineProcess::finish(int exitCode, QProcess::ExitStatus status)
{
    readErrors();
    takeErrorLine(std::exchange(m_errors, {}));
    QString reason = m_reason;
    if (reason.isEmpty()) {
        reason = status == QProcess::CrashExit
                     ? tr("The engine %1.").arg(signalText(exitCode))
                     : tr("The engine ended by itself with code %1.").arg(exitCode);
        if (!m_lastErrorLine.isEmpty())
            reason += tr(" Its last words: %1").arg(m_lastErrorLine);
    }
    end(reason);
}

void EngineProcess::end(const QString& reason)
{
    if (!std::exchange(m_isOver, true))
        Q_EMIT ended(reason);
}

} // namespace jitscope::views
