// What is wrong with a command line, with what may have been meant.
#pragma once

#include "core/support/result.h"

#include <CLI/CLI.hpp>

namespace jitscope::cli {

// An InvalidArgument error when the first word is no command.
[[nodiscard]] Result<void> checkCommand(const CLI::App& app, int argc, const char* const* argv);

// Of what `app` failed to parse.
[[nodiscard]] Error wrongUse(const CLI::App& app, const CLI::ParseError& error, int argc,
                             const char* const* argv);

} // namespace jitscope::cli
