// The passes that a command applies: named with --apply, or listed in a file with --pipeline.
#pragma once

#include "app/cli/commands/command.h"
#include "app/cli/session/document_session.h"

#include "core/pipeline/pipeline.h"

#include <string>
#include <vector>

namespace jitscope::cli {

struct StepOptions
{
    std::vector<std::string> apply;
    std::string pipeline; // a file; empty for none
};

// --apply and --pipeline, of which one excludes the other.
void addSteps(CLI::App& command, StepOptions& options);

// All passes and arguments in it are known. Empty when nothing is to be applied.
[[nodiscard]] Result<std::vector<pipeline::Step>> stepsOf(const StepOptions& options);

// The passes that lead from the inlined method to a stage of a document.
[[nodiscard]] Result<std::vector<pipeline::Step>>
stepsThatMade(const std::filesystem::path& document, std::int64_t stage);

} // namespace jitscope::cli
