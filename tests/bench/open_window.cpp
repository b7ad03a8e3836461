// From asking the window to open a model until its laid-out graph was painted the first time,
// against LibTorch's load and Inline alone on the same file (open_floor, a process of its own each
// time) and, with --peers, against Netron from its page to its painted graph. They take turns;
// medians. The engine is started and waiting, as it is in a window that was opened before the file
// was chosen, and so are Netron's server and browser; how long the engine takes is a benchmark of
// its own.
//
// open_window --once MODEL opens one file in a fresh window and prints the most megabytes that the
// window's process held (10^6 bytes, resident; the engine's are not among them).

#include "tests/bench/child.h"
#include "tests/bench/models.h"
#include "tests/bench/report.h"
#include "views/graph/graph_view.h"
#include "views/shell/main_window.h"
#include "views/shell/workspace.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTimer>

#include <optional>

using namespace jitscope;

namespace {

constexpr int rounds = 7;
constexpr int peerRounds = 5;
constexpr int patience = 120'000;          // milliseconds for one step
constexpr double allowance = 300;          // milliseconds above the floor (the goal)
constexpr double memoryGoal = 400;         // megabytes of the window with the largest graph
constexpr const char* netronLimit = "180"; // seconds

struct Case
{
    const char* model;
    double ofFloor;                 // the goal is this times the floor, plus the allowance
    std::optional<double> ofNetron; // the goal is this times Netron's time
    bool measuresMemory;
};

// The Transformer need not be inlined to be shown. Netron lays densenet201 out for more than a
// minute.
constexpr Case cases[] = {
    {"resnet50_scripted", 1.0, 0.1, false},
    {"transformer_scripted", 0.5, 0.1, false},
    {"densenet201_traced", 1.0, 0.01, false},
    {"chain_100000", 1.0, 0.1, true},
};

std::optional<double> numberFrom(const std::vector<std::string>& command, int alsoFine = 0)
{
    const auto result = bench::runChild(command);
    if (!result || (result->exitCode != 0 && result->exitCode != alsoFine))
        return std::nullopt;
    return QByteArray::fromStdString(result->output).trimmed().toDouble();
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
    views::MainWindow window(
        [&documents] {
            return std::make_unique<views::Workspace>(QStringLiteral(JITSCOPE_ENGINE),
                                                      documents.path());
        },
        {});
    window.resize(1600, 1000);
    window.show();
    views::Workspace& workspace = window.workspace();
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

bool compareWithNetron(const Case& measured, const std::string& model, double frame)
{
    std::vector<double> times;
    for (int round = 0; round < peerRounds; ++round) {
        // Exit code 4: it was not done within the limit, which is printed as the least it takes.
        const auto time =
            numberFrom({qEnvironmentVariable("JITSCOPE_PEERS_PYTHON").toStdString(),
                        std::string(JITSCOPE_BENCH_SOURCES) + "/peers/netron_open.py",
                        qEnvironmentVariable("JITSCOPE_NETRON").toStdString(), model, netronLimit},
                       4);
        if (!time) {
            std::fprintf(stderr, "open_window: Netron could not show %s\n", model.c_str());
            return false;
        }
        times.push_back(*time);
        if (*time >= QByteArray(netronLimit).toDouble() * 1000)
            break; // it will not be quicker the next time
    }
    const double netron = bench::median(times);
    bench::report({std::string("open_") + measured.model + "_against_netron", frame, "ms", netron,
                   "at most " + QByteArray::number(*measured.ofNetron).toStdString() + " x Netron",
                   frame <= *measured.ofNetron * netron});
    return true;
}

bool measureMemory(const Case& measured, const std::string& model)
{
    // What a parent learns of a child's memory is the most of the child and of its own children.
    const auto megabytes =
        numberFrom({QCoreApplication::applicationFilePath().toStdString(), "--once", model});
    if (!megabytes || *megabytes <= 0)
        return false;
    bench::report({std::string("window_memory_") + measured.model, *megabytes, "MB", std::nullopt,
                   "at most 400 MB", *megabytes <= memoryGoal});
    return true;
}

// Of this program alone: ru_maxrss begins with what the process held before it became this program,
// which is what its parent holds.
double peakMegabytes()
{
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    const QList<QByteArray> lines = status.readAll().split('\n');
    for (const QByteArray& line : lines) {
        if (line.startsWith("VmHWM:"))
            return line.simplified().split(' ').value(1).toDouble() * 1024 / 1e6; // KiB
    }
    return 0;
}

bool measure(const Case& measured, bool withPeers)
{
    const std::string model = bench::modelPath(measured.model).string();
    if (!std::filesystem::exists(model)) {
        std::fprintf(stderr, "open_window: %s is missing; ./bench makes it\n", model.c_str());
        return false;
    }
    std::vector<double> floors;
    std::vector<double> frames;
    std::vector<double> engines;
    for (int round = 0; round < rounds; ++round) {
        const auto floor = numberFrom({JITSCOPE_OPEN_FLOOR, model});
        const auto opened = openOnce(QString::fromStdString(model));
        if (!floor || !opened) {
            std::fprintf(stderr, "open_window: opening %s failed\n", model.c_str());
            return false;
        }
        floors.push_back(*floor);
        frames.push_back(opened->frame);
        engines.push_back(opened->engine);
    }
    const double floor = bench::median(floors);
    const double frame = bench::median(frames);
    const std::string name = measured.model;
    bench::report(
        {"open_" + name, frame, "ms", floor,
         "at most " + QByteArray::number(measured.ofFloor).toStdString() + " x the floor + 300 ms",
         frame <= measured.ofFloor * floor + allowance});
    bench::report(
        {"engine_start_before_" + name, bench::median(engines), "ms", std::nullopt, "", true});
    bool done = !measured.measuresMemory || measureMemory(measured, model);
    if (withPeers && measured.ofNetron)
        done = compareWithNetron(measured, model, frame) && done;
    return done;
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("jitscope-bench"));
    QApplication::setApplicationName(QStringLiteral("jitscope-bench"));
    const QStringList arguments = QApplication::arguments();
    if (const auto once = arguments.indexOf(QStringLiteral("--once")); once > 0) {
        const auto opened = openOnce(arguments.value(once + 1));
        if (opened)
            std::printf("%.3f\n", peakMegabytes());
        return opened ? 0 : 1;
    }
    const bool withPeers = arguments.contains(QStringLiteral("--peers"));
    bool done = true;
    for (const Case& measured : cases)
        done = measure(measured, withPeers) && done;
    return done ? 0 : 1;
}
