// A text file with printed IR, as a program and as a document. There is no model in it: nothing can
// be applied to its graphs, and nothing run. Needs no LibTorch.
#pragma once

#include "core/document/writer.h"
#include "core/ir/program.h"
#include "core/support/job.h"

#include <filesystem>
#include <string_view>

namespace jitscope::cli {

// Value of `model_kind` in the table `info` of a document that was made of it.
inline constexpr std::string_view printedIrKind = "printed-ir";

[[nodiscard]] Result<ir::Program> readPrintedFile(const std::filesystem::path& file,
                                                  const JobContext& job);

// Adds a stage of kind inlined for each graph whose nodes tell their modules by scopes, so that
// they are gathered by module.
[[nodiscard]] Result<void> addScopedStages(document::Writer& writer, const ir::Program& program);

// Why no pass, no run and no inlining: for the Error of each. `shown` is the file as the user
// calls it.
[[nodiscard]] tl::unexpected<Error> noModel(const std::string& shown);

} // namespace jitscope::cli
