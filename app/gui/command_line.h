// What the user asked for on the command line of the window.
#pragma once

#include "core/pipeline/pipeline.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace jitscope::gui {

struct CommandLine
{
    QString file;         // a model or a document; empty for none
    QString renderFolder; // not empty: draw the window into files there instead of showing it
    std::vector<pipeline::Step> passes; // to apply before drawing
    bool run = false;                   // run the model before drawing
    int depth = -1;        // levels of boxes to open before drawing; below 0 as they come
    QStringList openBoxes; // boxes to open before drawing, as GraphView::openBoxes() has them
    QString find;          // what to find before drawing, as in the window; empty for nothing
    QString theme;         // "light", "dark" or empty for the remembered one
};

enum class CommandLineOutcome
{
    Go,
    Help,    // the text is for stdout
    Version, // the text is for stdout
    Wrong,   // the text says what is wrong
};

struct ParsedCommandLine
{
    CommandLineOutcome outcome = CommandLineOutcome::Go;
    CommandLine commandLine;
    QString text;
};

// `arguments` begin with the program's name, as those of QCoreApplication.
[[nodiscard]] ParsedCommandLine parseCommandLine(const QStringList& arguments);

// Whether there is something to show a window on, as far as the environment tells.
[[nodiscard]] bool hasDisplay();

} // namespace jitscope::gui
