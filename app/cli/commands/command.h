// The subcommands of jitscope-cli. One is added by writing its file and adding it to the list in
// commands.cpp.
#pragma once

#include "app/cli/commands/output.h"

#include "core/support/job.h"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <functional>
#include <span>
#include <vector>

namespace jitscope::cli {

struct CommandContext
{
    Output& out; // results
    JobContext job;
};

// Exit codes that are no Error (docs/command-line.md has all).
inline constexpr int exitDone = 0;
inline constexpr int exitFindings = 1; // done, but the file is not as it should be
inline constexpr int exitUnusableFile = 3;

using CommandWork = std::function<Result<int>(const CommandContext&)>;

// What the chosen subcommand does, once its options are read.
struct Plan
{
    CommandWork work;
    // LibTorch sees a model: the work is done in a confined process of its own, which may crash.
    bool touchesModel = false;
    // Where such a process may write, beside its scratch folder; empty paths are none.
    std::vector<std::filesystem::path> writableFolders;
    // Instead of an ending by a signal, called in this process with the sentence that says it;
    // gives the exit code. May be empty.
    std::function<int(Output&, const Error&)> afterCrash;
    // Instead of all that: the command speaks a protocol over standard input and output, and looks
    // after its own process. Gives the exit code.
    std::function<int()> serve;
};

using AddCommand = void (*)(CLI::App& app, Plan& plan);

[[nodiscard]] std::span<const AddCommand> commands();

void addInfo(CLI::App& app, Plan& plan);
void addOpen(CLI::App& app, Plan& plan);
void addGraph(CLI::App& app, Plan& plan);
void addPasses(CLI::App& app, Plan& plan);
void addProfile(CLI::App& app, Plan& plan);
void addReport(CLI::App& app, Plan& plan);
void addSql(CLI::App& app, Plan& plan);
void addServe(CLI::App& app, Plan& plan);
void addWeights(CLI::App& app, Plan& plan);

} // namespace jitscope::cli
