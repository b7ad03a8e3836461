#include "views/shell/workspace.h"

#include "core/ir/names.h"
#include "views/shell/operator_libraries.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QDir>
#include <QFileInfo>

#include <algorithm>

namespace jitscope::views {

namespace {

constexpr std::size_t mostNamed = 5; // operators in one message

QString missingOperatorsText(const std::vector<protocol::MissingOperator>& operators)
{
    const auto text = [](const std::string& utf8) { return QString::fromStdString(utf8); };
    const protocol::MissingOperator& first = operators.front();
    const QString library =
        ir::isOfLibTorch(first.name)
            ? Workspace::tr("this version of LibTorch does not have it, so use the version of "
                            "PyTorch that saved the model, or save it again with this one")
        : first.library.empty()
            ? Workspace::tr("add the library that provides it")
            : Workspace::tr("add the operator library of %1").arg(text(first.library));
    const QString name = text(first.name);
    QStringList names;
    for (std::size_t i = 0; i < std::min(operators.size(), mostNamed); ++i)
        names << text(operators[i].name);
    const std::size_t others = operators.size() - static_cast<std::size_t>(names.size());
    const QString last = others == 0   ? names.takeLast()
                         : others == 1 ? Workspace::tr("another operator")
                                       : Workspace::tr("%1 other operators").arg(others);
    const QString what =
        names.isEmpty() ? Workspace::tr("The operator %1").arg(last)
                        : Workspace::tr("%1 and %2").arg(names.join(QStringLiteral(", ")), last);
    return Workspace::tr("%1 can be read but not run here: %2. %3 is needed by %4.")
        .arg(what, library, name, text(first.neededBy));
}

} // namespace

Workspace::Workspace(QString engineProgram, QString documentsFolder, QObject* parent)
    : QObject(parent),
      m_engine(std::move(engineProgram)),
      m_documentsFolder(std::move(documentsFolder))
{
    connect(&m_document, &DocumentModel::opened, this, [this] {
        m_opening = false;
        Q_EMIT busyChanged(isBusy());
        if (const QString without = m_document.content()->withoutModel(); !without.isEmpty())
            Q_EMIT notice(without);
        documentChanged();
        tellMissingLibraries();
    });
    connect(&m_document, &DocumentModel::changed, this, &Workspace::documentChanged);
    connect(&m_document, &DocumentModel::failed, this, [this](const QString& message) {
        m_opening = false;
        Q_EMIT busyChanged(isBusy());
        Q_EMIT failed({ErrorCode::UnusableFile, message.toStdString(), {}, {}});
    });
    connect(&m_engine, &EngineClient::documentChanged, this, [this](const QString& what) {
        if (what == QLatin1String("tensors"))
            m_document.refreshTensorStatistics();
        else
            m_document.refresh();
    });
    connect(&m_engine, &EngineClient::lost, this, &Workspace::engineLost);
    connect(&m_engine, &EngineClient::progress, this,
            [this](qint64 request, const QString& phase, double fraction) {
                if (request == m_request)
                    Q_EMIT progress(phase, fraction);
            });
    connect(&m_engine, &EngineClient::stateChanged, this, [this](EngineClient::State state) {
        if (state != EngineClient::State::Ready)
            return;
        m_engine.passes([this](Result<std::vector<protocol::PassDescription>> passes) {
            if (passes)
                Q_EMIT passesChanged(*passes);
        });
    });
}

Workspace::~Workspace()
{
    // What the engine says while it ends is for nobody.
    m_engine.disconnect(this);
    m_document.disconnect(this);
}

void Workspace::closeFile()
{
    cancel();
    ++m_job;
    end();
    m_opening = false;
    m_selection.clear(this);
    m_newModelPath.clear();
    m_module.clear();
    m_method = QStringLiteral("forward");
    m_awaitedStage = 0;
    m_afterModel = nullptr;
    m_lastRun = {};
    m_missingOperators.clear();
    m_filePath.clear();
    m_document.close();
    // An engine may write in one folder only, and what a model left in it is not for the next one.
    if (!m_engineDocument.isEmpty()) {
        m_engineDocument.clear();
        m_engine.restart();
    }
    Q_EMIT fileChanged(m_filePath);
    Q_EMIT methodChanged();
}

void Workspace::endEngine()
{
    m_engineDocument.clear(); // closing it would start a fresh engine
    closeFile();
    m_engine.stop();
}

void Workspace::openFile(const QString& path)
{
    const QString file = QFileInfo(path).absoluteFilePath();
    if (file == m_filePath && isBusy() && !m_document.isOpen())
        return; // a second click: it is on its way
    closeFile();
    m_libraries = m_nextLibraries;
    m_filePath = file;
    Q_EMIT fileChanged(m_filePath);
    if (m_filePath.endsWith(QStringLiteral(".jitscope"))) {
        m_opening = true;
        Q_EMIT busyChanged(true);
        m_document.open(m_filePath);
    } else {
        openModel(m_filePath);
    }
}

void Workspace::openModel(const QString& path)
{
    if (!QDir().mkpath(m_documentsFolder)) {
        report({ErrorCode::UnusableFile, "The folder for documents cannot be made.",
                m_documentsFolder.toStdString(),
                "Check that the disk has room and that the folder may be written."});
        return;
    }
    m_engine.start();
    const auto request =
        m_engine.open(openParams(path, documentFor(path)),
                      answer<protocol::OpenResult>([this](Result<protocol::OpenResult> opened) {
                          if (!opened)
                              return report(opened.error());
                          m_engineDocument = QString::fromStdString(opened->document);
                          m_opening = true;
                          Q_EMIT busyChanged(true);
                          m_document.open(m_engineDocument);
                          takeMissing(opened->missingOperators);
                      }));
    begin(tr("Opening %1").arg(QFileInfo(path).fileName()), request);
}

void Workspace::setOperatorLibraries(const QStringList& files)
{
    m_nextLibraries = files;
}

QStringList Workspace::missingLibraries() const
{
    QStringList missing = librariesOf(m_document.content()->infoValue("operator_libraries"));
    for (const QString& file : m_libraries)
        missing.removeAll(file);
    return missing;
}

protocol::OpenParams Workspace::openParams(const QString& model, const QString& document) const
{
    protocol::OpenParams params;
    params.model = model.toStdString();
    params.document = document.toStdString();
    for (const QString& file : m_libraries)
        params.operatorLibraries.push_back(file.toStdString());
    return params;
}

void Workspace::takeMissing(const std::vector<protocol::MissingOperator>& operators)
{
    m_missingOperators.clear();
    for (const protocol::MissingOperator& missing : operators)
        m_missingOperators.append(QString::fromStdString(missing.name));
    if (!operators.empty())
        Q_EMIT librariesMissing(missingOperatorsText(operators));
}

void Workspace::tellMissingLibraries()
{
    const QStringList missing = missingLibraries();
    if (!missing.isEmpty())
        Q_EMIT librariesMissing(
            tr("This document was made with the operator library %1, which is not among yours. It "
               "can be read; to go on with it, add the library if you trust it.")
                .arg(missing.front()));
}

QString Workspace::modelPath() const
{
    return m_newModelPath.isEmpty()
               ? QString::fromStdString(m_document.content()->infoValue("model_path"))
               : m_newModelPath;
}

void Workspace::setModelPath(const QString& path)
{
    m_newModelPath = path;
    if (const Then then = std::exchange(m_afterModel, nullptr); then && !path.isEmpty())
        withModel(then);
}

void Workspace::setMethod(const QString& module, const QString& method)
{
    if (module == m_module && method == m_method)
        return;
    m_module = module;
    m_method = method;
    m_lastRun.inputs.clear(); // they were for another method
    Q_EMIT methodChanged();
}

void Workspace::applyPass(const QString& pass, const std::map<std::string, std::string>& arguments)
{
    if (isBusy() || !m_document.isOpen())
        return;
    withStage([this, pass, arguments](std::int64_t stage) {
        const auto request = m_engine.apply(
            {stage, pass.toStdString(), arguments},
            answer<protocol::ApplyResult>([this](Result<protocol::ApplyResult> applied) {
                if (!applied)
                    return report(applied.error());
                showStageWhenThere(applied->stage);
                if (!applied->changed)
                    Q_EMIT notice(tr("The pass found nothing to change."));
            }));
        begin(tr("Applying %1").arg(pass), request);
    });
}

void Workspace::run(const protocol::RunParams& params)
{
    if (isBusy() || !m_document.isOpen())
        return;
    m_lastRun = params;
    withStage([this, params](std::int64_t stage) {
        protocol::RunParams withItsStage = params;
        withItsStage.stage = stage;
        const auto request = m_engine.run(
            withItsStage, answer<protocol::RunResult>([this](Result<protocol::RunResult> ran) {
                m_document.refresh();
                if (!ran)
                    report(ran.error());
            }));
        begin(tr("Running"), request);
    });
}

void Workspace::cancel()
{
    if (m_request != 0)
        m_engine.cancel(m_request);
}

bool Workspace::canUndo() const
{
    const document::StageRow* stage = m_document.stage(m_document.currentStage());
    return stage != nullptr && m_document.stage(stage->parent) != nullptr;
}

bool Workspace::canRedo() const
{
    return newestChild(m_document.currentStage()).has_value();
}

void Workspace::undo()
{
    if (canUndo())
        m_document.setCurrentStage(m_document.stage(m_document.currentStage())->parent);
}

void Workspace::redo()
{
    if (const auto child = newestChild(m_document.currentStage()))
        m_document.setCurrentStage(*child);
}

bool Workspace::isModelReady() const
{
    return m_engineDocument == m_document.path() && m_engine.state() == EngineClient::State::Ready;
}

// Does `then` once the engine has the document and its model open.
void Workspace::withModel(Then then)
{
    if (isModelReady()) {
        then();
        return;
    }
    const QString model = modelPath();
    if (!QFileInfo::exists(model)) {
        m_afterModel = std::move(then);
        Q_EMIT modelNeeded(model);
        return;
    }
    m_engine.start();
    const auto request =
        m_engine.open(openParams(model, m_document.path()),
                      answer<protocol::OpenResult>(
                          [this, then = std::move(then)](Result<protocol::OpenResult> opened) {
                              if (!opened)
                                  return report(opened.error());
                              m_engineDocument = QString::fromStdString(opened->document);
                              takeMissing(opened->missingOperators);
                              m_document.refresh();
                              then();
                          }));
    begin(tr("Loading the model"), request);
}

// Does `then` with the stage to work on.
void Workspace::withStage(std::function<void(std::int64_t)> then)
{
    withModel([this, then = std::move(then)] {
        const document::StageRow* current = m_document.stage(m_document.currentStage());
        if (current != nullptr && (current->kind == "inlined" || current->kind == "pass")) {
            then(current->id);
            return;
        }
        // The optimised plan of an executor cannot be handed to passes; what it was made from can.
        if (current != nullptr && current->kind == "executed") {
            const document::StageRow* made = m_document.stage(current->parent);
            if (made != nullptr && made->kind != "loaded") {
                then(made->id);
                return;
            }
        }
        if (const std::int64_t inlined = inlinedStage(); inlined != 0) {
            then(inlined);
            return;
        }
        const auto request = m_engine.inlineMethod(
            {m_module.toStdString(), m_method.toStdString()},
            answer<protocol::StageResult>([this, then](Result<protocol::StageResult> inlined) {
                if (!inlined)
                    return report(inlined.error());
                then(inlined->stage);
            }));
        begin(tr("Inlining %1").arg(m_method), request);
    });
}

std::int64_t Workspace::inlinedStage() const
{
    for (const document::StageRow& stage : m_document.stages()) {
        if (stage.kind == "inlined" && stage.module == m_module.toStdString() &&
            stage.method == m_method.toStdString())
            return stage.id;
    }
    return 0;
}

std::optional<std::int64_t> Workspace::newestChild(std::int64_t stage) const
{
    std::optional<std::int64_t> newest;
    for (const document::StageRow& row : m_document.stages()) {
        if (row.parent == stage && row.id != stage)
            newest = row.id;
    }
    return newest;
}

void Workspace::showStageWhenThere(std::int64_t stage)
{
    m_awaitedStage = stage;
    m_document.refresh();
    documentChanged();
}

void Workspace::documentChanged()
{
    if (m_awaitedStage != 0 && m_document.stage(m_awaitedStage) != nullptr)
        m_document.setCurrentStage(std::exchange(m_awaitedStage, 0));
}

void Workspace::begin(const QString& activity, EngineClient::RequestId request)
{
    m_activity = activity;
    m_request = request;
    Q_EMIT busyChanged(true);
    Q_EMIT progress(activity, -1);
}

void Workspace::end()
{
    m_activity.clear();
    m_request = 0;
    Q_EMIT busyChanged(isBusy());
}

void Workspace::report(const Error& error)
{
    if (error.code == ErrorCode::Cancelled)
        Q_EMIT notice(tr("Cancelled."));
    else if (error.code != ErrorCode::EngineLost) // engineLost() has said it
        Q_EMIT failed(error);
}

void Workspace::engineLost(const QString& reason)
{
    m_engineDocument.clear();
    m_document.refresh();
    Q_EMIT failed({ErrorCode::EngineLost,
                   reason.toStdString(),
                   {},
                   tr("The document is kept. The engine is started again with the next request.")
                       .toStdString()});
}

// The same file in the same state has the same document.
QString Workspace::documentFor(const QString& model) const
{
    const QFileInfo file(model);
    const QString state = QStringLiteral("%1|%2|%3")
                              .arg(file.canonicalFilePath())
                              .arg(file.size())
                              .arg(file.lastModified().toMSecsSinceEpoch());
    const QByteArray hash =
        QCryptographicHash::hash(state.toUtf8(), QCryptographicHash::Sha1).toHex().left(12);
    return QDir(m_documentsFolder)
        .filePath(QStringLiteral("%1-%2.jitscope")
                      .arg(file.completeBaseName(), QString::fromLatin1(hash)));
}

} // namespace jitscope::views
