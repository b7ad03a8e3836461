#include "views/shell/workspace_tensors.h"

#include "views/shell/workspace.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace jitscope::views {

namespace {

// An empty text, or what went wrong. Copies where the place is on another file system.
QString moveReplacing(const QString& from, const QString& to)
{
    if (QFile::exists(to) && !QFile::remove(to))
        return WorkspaceTensors::tr("The file cannot be replaced.");
    QFile file(from);
    return file.rename(to) ? QString() : file.errorString();
}

} // namespace

WorkspaceTensors::WorkspaceTensors(Workspace& workspace, QObject* parent)
    : TensorService(parent), m_workspace(workspace)
{
    connect(&workspace, &Workspace::busyChanged, this, [this](bool busy) {
        Q_EMIT busyChanged();
        if (!busy)
            sendWaiting();
    });
    connect(&workspace, &Workspace::failed, this, &WorkspaceTensors::failWaiting);
    connect(&workspace, &Workspace::fileChanged, this, [this] { m_waiting.clear(); });
}

WorkspaceTensors::~WorkspaceTensors()
{
    if (m_mover)
        m_mover->wait();
}

bool WorkspaceTensors::isBusy() const
{
    return m_workspace.isBusy();
}

void WorkspaceTensors::computeStatistics(const Ids& tensors)
{
    if (m_workspace.isBusy() || !m_workspace.m_document.isOpen())
        return;
    m_workspace.withModel([this, tensors] {
        const auto request = m_workspace.m_engine.tensorStatistics(
            {tensors}, m_workspace.answer<protocol::TensorStatisticsResult>(
                           [this](Result<protocol::TensorStatisticsResult> result) {
                               m_workspace.m_document.refreshTensorStatistics();
                               if (!result)
                                   return m_workspace.report(result.error());
                               if (result->impossible > 0) {
                                   Q_EMIT m_workspace.notice(
                                       tr("%n tensor(s) cannot be read; the table says why.",
                                          nullptr, static_cast<int>(result->impossible)));
                               }
                           }));
        m_workspace.begin(tr("Computing statistics"), request);
    });
}

void WorkspaceTensors::startExport(const Ids& tensors, Exported exported)
{
    if (m_workspace.isBusy() || !m_workspace.m_document.isOpen())
        return;
    m_workspace.withModel([this, tensors, exported = std::move(exported)] {
        m_exportFolder =
            std::make_unique<QTemporaryDir>(QFileInfo(m_workspace.m_document.path())
                                                .dir()
                                                .filePath(QStringLiteral("export-XXXXXX")));
        if (!m_exportFolder->isValid()) {
            return m_workspace.report({ErrorCode::UnusableFile,
                                       "No folder can be made beside the document.",
                                       m_exportFolder->errorString().toStdString(),
                                       "Save the document to a folder that may be written."});
        }
        const protocol::TensorExportParams params{tensors, m_exportFolder->path().toStdString()};
        const auto request = m_workspace.m_engine.tensorExport(
            params, m_workspace.answer<protocol::TensorExportResult>(
                        [this, exported](Result<protocol::TensorExportResult> result) {
                            if (result)
                                return exported(*result, m_exportFolder->path());
                            m_exportFolder.reset();
                            m_workspace.report(result.error());
                        }));
        m_workspace.begin(tr("Exporting tensors"), request);
    });
}

void WorkspaceTensors::exportFile(std::int64_t tensor, const QString& file)
{
    startExport(
        {tensor}, [this, file](const protocol::TensorExportResult& result, const QString& folder) {
            if (result.files.empty()) {
                m_exportFolder.reset();
                const std::string reason = result.problems.empty() ? "" : result.problems.front();
                return m_workspace.report(
                    {ErrorCode::Unavailable, "The tensor cannot be exported.", reason, {}});
            }
            const QString name = QString::fromStdString(result.files.front().name);
            moveFiles({{QDir(folder).filePath(name), file}}, tr("Exported as %1.").arg(file));
        });
}

void WorkspaceTensors::exportFolder(const Ids& tensors, const QString& to)
{
    startExport(
        tensors, [this, to](const protocol::TensorExportResult& result, const QString& folder) {
            std::vector<Move> moves;
            for (const protocol::TensorExportResult::File& file : result.files) {
                const QString name = QString::fromStdString(file.name);
                moves.push_back({QDir(folder).filePath(name), QDir(to).filePath(name)});
            }
            QString notice =
                tr("%n file(s) written to %1.", nullptr, static_cast<int>(moves.size())).arg(to);
            for (const std::string& problem : result.problems)
                notice += QLatin1Char(' ') + QString::fromStdString(problem);
            moveFiles(std::move(moves), notice);
        });
}

void WorkspaceTensors::moveFiles(std::vector<Move> moves, const QString& notice)
{
    // Not by the UI thread: another file system may be slow.
    constexpr EngineClient::RequestId noRequest = -1;
    m_workspace.begin(tr("Moving the files"), noRequest);
    const int job = ++m_workspace.m_job;
    m_mover = QThread::create([this, job, moves = std::move(moves), notice] {
        QString problem;
        QString place;
        for (const Move& move : moves) {
            problem = moveReplacing(move.from, move.to);
            if (!problem.isEmpty()) {
                place = move.to;
                break;
            }
        }
        QMetaObject::invokeMethod(
            this,
            [this, job, problem, place, notice] {
                m_exportFolder.reset();
                if (job != m_workspace.m_job)
                    return; // the user has gone on to another file
                m_workspace.end();
                if (problem.isEmpty())
                    Q_EMIT m_workspace.notice(notice);
                else
                    m_workspace.report({ErrorCode::UnusableFile, problem.toStdString(),
                                        place.toStdString(),
                                        "Choose a folder that may be written and has room."});
            },
            Qt::QueuedConnection);
    });
    m_mover->setParent(this);
    connect(m_mover, &QThread::finished, m_mover, &QObject::deleteLater);
    m_mover->start();
}

void WorkspaceTensors::requestValues(const protocol::TensorValuesParams& params, QObject* context,
                                     ValuesAnswer answer)
{
    m_waiting.push_back({params, context, std::move(answer)});
    // Not from within the request: whoever asks may not be ready for an answer.
    QMetaObject::invokeMethod(this, &WorkspaceTensors::sendWaiting, Qt::QueuedConnection);
}

void WorkspaceTensors::sendWaiting()
{
    if (m_waiting.empty())
        return;
    if (!m_workspace.m_document.isOpen())
        return m_waiting.clear();
    if (m_workspace.isModelReady()) {
        for (const Waiting& waiting : std::exchange(m_waiting, {}))
            send(waiting);
        return;
    }
    if (m_workspace.isBusy())
        return; // busyChanged() will come
    m_workspace.withModel([this] { sendWaiting(); });
    // The user was asked for the model and gave none.
    if (!m_workspace.isBusy() && !m_workspace.isModelReady()) {
        failWaiting({ErrorCode::UnusableFile, "The values need the model file, which is not there.",
                     m_workspace.modelPath().toStdString(), "Put it there, or choose another."});
    }
}

void WorkspaceTensors::send(const Waiting& waiting)
{
    m_workspace.m_engine.tensorValues(waiting.params,
                                      [context = waiting.context, answer = waiting.answer](
                                          Result<protocol::TensorValuesResult> result) {
                                          if (!context)
                                              return;
                                          if (result)
                                              answer(std::move(result->values));
                                          else
                                              answer(tl::unexpected(result.error()));
                                      });
}

void WorkspaceTensors::failWaiting(const Error& error)
{
    for (const Waiting& waiting : std::exchange(m_waiting, {})) {
        if (waiting.context)
            waiting.answer(tl::unexpected(error));
    }
}

} // namespace jitscope::views
