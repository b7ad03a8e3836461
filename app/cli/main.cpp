// jitscope-cli: the commands, and the engine that the window starts (`serve`).

#include "app/cli/commands/command.h"
#include "app/cli/commands/isolated_process.h"
#include "app/cli/commands/messages_to_user.h"
#include "app/cli/commands/wrong_use.h"

#include <csignal>
#include <exception>

using namespace jitscope;

namespace {

constexpr const char* exitCodes =
    "Results go to standard output, messages to standard error. Exit codes: 0 done; 1 done, with "
    "findings;\n2 wrong use; 3 the file cannot be used; 4 the model or a pass failed; 5 LibTorch "
    "crashed or was killed;\n6 cancelled.";

int finish(const Result<int>& code)
{
    if (code)
        return *code;
    cli::tellError(code.error());
    return exitCode(code.error().code);
}

int work(const cli::Plan& plan, const cli::CommandContext& context)
{
    const int code = finish(plan.work(context));
    if (const Result<void> written = context.out.written(); !written)
        return finish(tl::unexpected(written.error()));
    return code;
}

int runIsolatedPlan(const cli::Plan& plan, cli::Output& out)
{
    const Result<int> code =
        cli::runIsolated(plan.writableFolders, [&plan, &out](const JobContext& job) {
            return work(plan, {out, job});
        });
    if (!code && code.error().code == ErrorCode::EngineLost && plan.afterCrash)
        return plan.afterCrash(out, code.error());
    return finish(code);
}

int run(int argc, char** argv)
{
    CLI::App app("Reads, optimises, runs and explains TorchScript models.", "jitscope-cli");
    app.footer(exitCodes);
    app.set_version_flag("--version", JITSCOPE_VERSION);
    app.require_subcommand(1);
    cli::Plan plan;
    for (const cli::AddCommand add : cli::commands())
        add(app, plan);
    if (const Result<void> known = cli::checkCommand(app, argc, argv); !known)
        return finish(tl::unexpected(known.error()));
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& help) {
        return app.exit(help);
    } catch (const CLI::ParseError& error) {
        return finish(tl::unexpected(cli::wrongUse(app, error, argc, argv)));
    }

    if (plan.serve)
        return plan.serve();
    cli::Output out;
    if (plan.touchesModel)
        return runIsolatedPlan(plan, out);
    return work(plan, {out, cli::jobForTerminal()});
}

} // namespace

int main(int argc, char** argv)
{
    // Who reads the output may go, as `head` does; writing then fails, which is no crash.
    std::signal(SIGPIPE, SIG_IGN);
    try {
        return run(argc, argv);
    } catch (const std::exception& exception) {
        cli::tellError({ErrorCode::Internal, exception.what(), {}, {}});
        return exitCode(ErrorCode::Internal);
    }
}
