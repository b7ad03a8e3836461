#include "app/gui/command_line.h"

#include <QCommandLineParser>
#include <QCoreApplication>

namespace jitscope::gui {

namespace {

QString text(const char* source)
{
    return QCoreApplication::translate("CommandLine", source);
}

ParsedCommandLine wrong(const QString& what)
{
    return {CommandLineOutcome::Wrong, {}, what};
}

} // namespace

ParsedCommandLine parseCommandLine(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        text("Shows a TorchScript model: its graph, what passes change in it, and where its time "
             "goes."));
    const QCommandLineOption help = parser.addHelpOption();
    const QCommandLineOption version = parser.addVersionOption();
    const QCommandLineOption render(
        QStringLiteral("render"),
        text("Draw the window into files in DIR (window.png, graph.png, report.txt, the document) "
             "instead of showing it."),
        QStringLiteral("DIR"));
    const QCommandLineOption apply(
        QStringLiteral("apply"),
        text("With --render: apply these passes first, separated by commas; with arguments: "
             "name:argument=value."),
        QStringLiteral("PASSES"));
    const QCommandLineOption run(QStringLiteral("run"),
                                 text("With --render: run the model first."));
    const QCommandLineOption depth(QStringLiteral("depth"),
                                   text("With --render: open so many levels of boxes."),
                                   QStringLiteral("N"));
    const QCommandLineOption openBoxes(
        QStringLiteral("open"),
        text("With --render: open these boxes, separated by commas: modules such as layer1.0, or "
             "ids such as /layer1/0."),
        QStringLiteral("BOXES"));
    const QCommandLineOption find(
        QStringLiteral("find"),
        text("With --render: show the first of what QUERY finds, such as kind:prim::If."),
        QStringLiteral("QUERY"));
    const QCommandLineOption theme(QStringLiteral("theme"), text("light or dark."),
                                   QStringLiteral("THEME"));
    parser.addOptions({render, apply, run, depth, openBoxes, find, theme});
    parser.addPositionalArgument(QStringLiteral("FILE"), text("A model or a .jitscope document."),
                                 QStringLiteral("[FILE]"));

    if (!parser.parse(arguments))
        return wrong(parser.errorText());
    if (parser.isSet(help))
        return {CommandLineOutcome::Help, {}, parser.helpText()};
    if (parser.isSet(version))
        return {CommandLineOutcome::Version,
                {},
                QStringLiteral("jitscope %1").arg(QCoreApplication::applicationVersion())};

    CommandLine result;
    const QStringList files = parser.positionalArguments();
    if (files.size() > 1)
        return wrong(
            text("Only one file can be opened: %1.").arg(files.join(QStringLiteral(", "))));
    if (!files.isEmpty())
        result.file = files.front();
    result.renderFolder = parser.value(render);
    for (const QString& pass : parser.value(apply).split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        Result<pipeline::Step> step = pipeline::readStep(pass.toStdString());
        if (!step)
            return wrong(QString::fromStdString(step.error().message()));
        result.passes.push_back(*std::move(step));
    }
    result.run = parser.isSet(run);
    result.openBoxes = parser.value(openBoxes).split(QLatin1Char(','), Qt::SkipEmptyParts);
    result.find = parser.value(find);
    if (parser.isSet(depth)) {
        bool isNumber = false;
        result.depth = parser.value(depth).toInt(&isNumber);
        if (!isNumber || result.depth < 0)
            return wrong(
                text("--depth needs a number from 0 up, not %1.").arg(parser.value(depth)));
    }
    result.theme = parser.value(theme);
    if (parser.isSet(render) && result.renderFolder.isEmpty())
        return wrong(text("--render needs a folder."));
    if (parser.isSet(render) && result.file.isEmpty())
        return wrong(text("--render needs a file to open."));
    if (!parser.isSet(render) && (parser.isSet(apply) || result.run || parser.isSet(depth) ||
                                  parser.isSet(openBoxes) || parser.isSet(find)))
        return wrong(text("--apply, --run, --depth, --open and --find go with --render."));
    if (!result.theme.isEmpty() && result.theme != QLatin1String("light") &&
        result.theme != QLatin1String("dark"))
        return wrong(text("The theme is light or dark, not %1.").arg(result.theme));
    return {CommandLineOutcome::Go, result, {}};
}

bool hasDisplay()
{
    return !qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM") ||
           !qEnvironmentVariableIsEmpty("DISPLAY") ||
           !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY");
}

} // namespace jitscope::gui
