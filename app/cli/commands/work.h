// What the commands that work on a model have in common: the file, the document they write, and the
// stage they start from.
#pragma once

#include "app/cli/commands/command.h"
#include "app/cli/session/document_session.h"
#include "app/cli/session/model_file.h"

#include <optional>
#include <string>
#include <vector>

namespace jitscope::cli {

struct WorkOptions
{
    std::string file;   // a model or a document
    std::string output; // the document to write; empty: `file` if that is one, else a temporary one
    std::vector<std::string> operatorLibraries;
    std::string module;
    std::string method = "forward";
    std::int64_t stage = 0; // to start from; 0 for the inlined method
    bool json = false;
    std::uint64_t verifiedWeights = weightsVerified; // bytes whose checksums are looked at
    std::optional<archive::Report> inspected = {};   // of the model, when it was looked at already
};

void addFile(CLI::App& command, WorkOptions& options);
void addOperatorLibraries(CLI::App& command, WorkOptions& options);
// --module, --method, --stage
void addStart(CLI::App& command, WorkOptions& options);
void addJson(CLI::App& command, bool& json);

// Completes the plan for work on the options' document.
void planWork(Plan& plan, const WorkOptions& options, CommandWork work);

[[nodiscard]] std::vector<std::filesystem::path>
librariesOf(const std::vector<std::string>& options);

// In the process of the work.
[[nodiscard]] Result<std::unique_ptr<DocumentSession>> openWork(const WorkOptions& options,
                                                                const JobContext& job);
[[nodiscard]] Result<std::int64_t> startingStage(DocumentSession& session,
                                                 const WorkOptions& options, const JobContext& job);

// The document to name in the results; empty when it is temporary.
[[nodiscard]] std::string documentToName(const WorkOptions& options);

} // namespace jitscope::cli
