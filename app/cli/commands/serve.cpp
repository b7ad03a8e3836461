#include "app/cli/commands/command.h"

#include "app/cli/serve/serve.h"

namespace jitscope::cli {

void addServe(CLI::App& app, Plan& plan)
{
    CLI::App* command = app.add_subcommand(
        "serve", "Be the engine of the window: JSON-RPC 2.0 over standard input and output");
    command->footer("docs/protocol.md describes the messages. It ends when its input ends.");
    command->callback([&plan] { plan.serve = [] { return runServe(); }; });
}

} // namespace jitscope::cli
