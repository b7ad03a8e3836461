// The model that a file holds: the file itself, or the one inside a TorchServe archive.
#pragma once

#include "core/archive/preflight.h"
#include "core/support/job.h"

#include <filesystem>
#include <optional>
#include <string>

namespace jitscope::cli {

// Weights that are read to check them without being asked to: a second on a slow disk.
inline constexpr std::uint64_t weightsVerified = 64U << 20U; // bytes

struct ModelFile
{
    std::filesystem::path path; // to load
    archive::Report report;     // of it
    std::string insideOf;       // the record of the archive it was unpacked from; empty for none
    std::optional<archive::Report> archive = {}; // of that archive
};

// Looks at the file before LibTorch does; a TorchServe archive is unpacked into the folder for
// temporary files, which in a confined process is its scratch folder. An Error (UnusableFile)
// unless it is a model that can be opened: by LibTorch, or, where there is bytecode or printed IR
// only, for reading.
[[nodiscard]] Result<ModelFile> findModel(const std::filesystem::path& file,
                                          const archive::InspectOptions& options);

// Of a file that was looked at already; the options are for a model in it.
[[nodiscard]] Result<ModelFile> findModel(const std::filesystem::path& file, archive::Report report,
                                          const archive::InspectOptions& options);

// What was found wrong in a file that can be used, and in the archive around it, and what to do
// about it, as warnings.
void logRemarks(const ModelFile& model, const JobContext& job);

// Whether it is bytecode for the mobile interpreter and nothing that LibTorch can load.
[[nodiscard]] bool isBytecodeOnly(const archive::Report& report);

// Whether there is bytecode to read in place of code that LibTorch failed to load.
[[nodiscard]] bool hasBytecodeInstead(const archive::Report& report, const Error& failure);

} // namespace jitscope::cli
