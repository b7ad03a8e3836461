// From asking the window to open a model until its laid-out graph was painted the first time,
// against LibTorch's load and Inline alone on the same file (open_floor, a process of its own each
// time). The two take turns; medians. The engine is started and waiting, as it is in a window that
// was opened before the file was chosen; how long that takes is a benchmark of its own.

#include "tests/bench/report.h"
#include "views/graph/graph_view.h"
#include "views/shell/main_window.h"
#include "views/shell/workspace.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFileInfo>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTimer>

#include <optional>

using namespace jitscope;

namespace {

constexpr int rounds = 7;
constexpr int patience = 120'000; // milliseconds for one step
constexpr double allowance = 300; // milliseconds above the floor (the goal)

QString modelPath(const QString& name)
{
    const QString given = qEnvironmentVariable("JITSCOPE_MODELS");
    const QString folder =
        given.isEmpty() ? QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation) +
                              QStringLiteral("/jitscope/models")
                        : given;
    return folder + QLatin1Char('/') + name + QStringLiteral(".pt");
}

std::optional<double> floorOf(const QString& model)
{
    QProcess process;
    process.start(QStringLiteral(JITSCOPE_OPEN_FLOOR), {model});
    if (!process.waitForFinished(patience) || process.exitCode() != 0)
        return std::nullopt;
    return process.readAllStandardOutput().trimmed().toDouble();
}

// Runs events until the signal comes; false when it does not.
template <typename Object, typename Signal>
bool waitFor(Object* object, Signal signal)
{
    QEventLoop loop;
    bool came = false;
    QObject::connect(object, signal, &loop, [&] {
        came = true;
        loop.quit();
    });
    QTimer::singleShot(patience, &loop, &QEventLoop::quit);
    loop.exec();
    return came;
}

struct Opened
{
    double engine = 0; // milliseconds until the engine was ready
    double frame = 0;  // milliseconds from opening to the first frame
};

std::optional<Opened> openOnce(const QString& model)
{
    const QTemporaryDir documents;
    QElapsedTimer timer;
    timer.start();
    views::Workspace workspace(QStringLiteral(JITSCOPE_ENGINE), documents.path());
    views::MainWindow window(workspace, {});
    window.resize(1600, 1000);
    window.show();
    while (workspace.engine().state() != views::EngineClient::State::Ready) {
        if (!waitFor(&workspace.engine(), &views::EngineClient::stateChanged))
            return std::nullopt;
    }
    Opened opened;
    opened.engine = static_cast<double>(timer.nsecsElapsed()) / 1e6;
    timer.restart();
    window.openFile(model);
    if (!waitFor(&window.graphView(), &views::GraphView::firstFrame))
        return std::nullopt;
    opened.frame = static_cast<double>(timer.nsecsElapsed()) / 1e6;
    return opened;
}

int measure(const QString& name)
{
    const QString model = modelPath(name);
    if (!QFileInfo::exists(model)) {
        std::fprintf(stderr, "open_window: %s is missing; ./bench makes it\n", qPrintable(model));
        return 1;
    }
    std::vector<double> floors;
    std::vector<double> frames;
    std::vector<double> engines;
    for (int round = 0; round < rounds; ++round) {
        const auto floor = floorOf(model);
        const auto opened = openOnce(model);
        if (!floor || !opened) {
            std::fprintf(stderr, "open_window: opening %s failed\n", qPrintable(model));
            return 1;
        }
        floors.push_back(*floor);
        frames.push_back(opened->frame);
        engines.push_back(opened->engine);
    }
    const double floor = bench::median(floors);
    const double frame = bench::median(frames);
    bench::report({"open_" + name.toStdString(), frame, "ms", floor,
                   "at most 1.0 x the floor + 300 ms", frame <= floor + allowance});
    bench::report({"engine_start_before_" + name.toStdString(), bench::median(engines), "ms",
                   std::nullopt, "", true});
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("jitscope-bench"));
    QApplication::setApplicationName(QStringLiteral("jitscope-bench"));
    int failures = 0;
    for (const QString& name :
         {QStringLiteral("resnet50_scripted"), QStringLiteral("transformer_scripted")})
        failures += measure(name);
    return failures == 0 ? 0 : 1;
}
