#include "app/cli/commands/wrong_use.h"

#include "core/support/near_names.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <vector>

namespace jitscope::cli {

namespace {

// For the first option that the command does not have, such as "--mehtod".
std::string meantOptions(const CLI::App& command, int argc, const char* const* argv)
{
    std::vector<std::string> names;
    for (const CLI::Option* option : command.get_options()) {
        for (const std::string& name : option->get_lnames())
            names.push_back("--" + name);
    }
    for (int i = 2; i < argc; ++i) {
        const std::string argument = argv[i];
        const std::string name = argument.substr(0, argument.find('='));
        if (name.starts_with("--") && std::find(names.begin(), names.end(), name) == names.end())
            return didYouMean(name, names);
    }
    return {};
}

std::string sentence(std::string text)
{
    while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
        text.pop_back();
    if (!text.empty() && text.back() != '.')
        text += '.';
    return text;
}

} // namespace

Result<void> checkCommand(const CLI::App& app, int argc, const char* const* argv)
{
    const std::string first = argc > 1 ? argv[1] : "";
    if (first.empty() || first.front() == '-')
        return {};
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(command->get_name());
    if (std::find(names.begin(), names.end(), first) != names.end())
        return {};
    const std::string near = didYouMean(first, names);
    return fail(ErrorCode::InvalidArgument, fmt::format("There is no command '{}'.", first), {},
                near.empty() ? fmt::format("The commands are {}.", fmt::join(names, ", "))
                             : near + "`jitscope-cli --help` lists the commands.");
}

Error wrongUse(const CLI::App& app, const CLI::ParseError& error, int argc, const char* const* argv)
{
    const std::vector<const CLI::App*> chosen =
        app.get_subcommands([](const CLI::App* command) { return command->parsed(); });
    if (chosen.empty())
        return {ErrorCode::InvalidArgument,
                sentence(error.what()),
                {},
                "`jitscope-cli --help` lists the commands."};
    const CLI::App& command = *chosen.front();
    return {ErrorCode::InvalidArgument,
            sentence(error.what()),
            {},
            meantOptions(command, argc, argv) +
                fmt::format("`jitscope-cli {} --help` tells its options.", command.get_name())};
}

} // namespace jitscope::cli
