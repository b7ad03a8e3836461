// From starting a process until its window was painted the first time and takes input. The child is
// this program with --child, which puts up the window as the program itself does.

#include "tests/bench/child.h"
#include "tests/bench/report.h"
#include "views/shell/main_window.h"
#include "views/shell/theme.h"
#include "views/shell/workspace.h"

#include <QApplication>
#include <QTemporaryDir>
#include <QTimer>

using namespace jitscope;

namespace {

constexpr int rounds = 7;
constexpr double goal = 500; // milliseconds

int showOnce()
{
    const QTemporaryDir documents;
    views::applyTheme(*qApp, views::Theme::Light);
    views::MainWindow window(
        [&documents] {
            return std::make_unique<views::Workspace>(QStringLiteral(JITSCOPE_ENGINE),
                                                      documents.path());
        },
        {});
    window.resize(1600, 1000);
    window.show();
    window.repaint();
    // Comes only when every event that showing it brought has been answered. The process ends at
    // once: how long it takes to let go of the engine is not asked here.
    QTimer::singleShot(0, [] { std::_Exit(0); });
    return QApplication::exec();
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("jitscope-bench"));
    QApplication::setApplicationName(QStringLiteral("jitscope-bench"));
    if (QApplication::arguments().contains(QStringLiteral("--child")))
        return showOnce();
    std::vector<double> times;
    for (int round = 0; round < rounds; ++round) {
        const auto child =
            bench::runChild({QCoreApplication::applicationFilePath().toStdString(), "--child"});
        if (!child || child->exitCode != 0) {
            std::fprintf(stderr, "window_start: the window did not come up\n");
            return 1;
        }
        times.push_back(child->milliseconds);
    }
    const double median = bench::median(times);
    bench::report({"window_start", median, "ms", std::nullopt, "at most 500 ms", median <= goal});
    return 0;
}
