// All that a model file holds to be read: what LibTorch loads, with the bytecode of a
// lite-interpreter file beside it, or that bytecode alone.
#pragma once

#include "app/cli/session/model_file.h"
#include "core/ir/program.h"
#include "core/torchscript/session.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace jitscope::cli {

struct ModelProgram
{
    ir::Program program;
    std::unique_ptr<torchscript::Session> session; // null where there is bytecode only
    std::optional<Error> codeFailure; // why there is bytecode only though there is code
};

// Of a model that findModel() found; not of printed IR.
[[nodiscard]] Result<ModelProgram>
readModelProgram(const ModelFile& model,
                 const std::vector<std::filesystem::path>& operatorLibraries,
                 const JobContext& job);

} // namespace jitscope::cli
