// Everything that a loaded module holds, as plain data. Reads no tensor's elements but those of
// constants.
#pragma once

#include "core/ir/program.h"
#include "core/support/job.h"
#include "core/torchscript/archive_p.h"
#include "core/torchscript/graph_converter_p.h"
#include "core/torchscript/node_identity_p.h"
#include "core/torchscript/source_map_p.h"

#include <torch/csrc/jit/api/module.h>

#include <string>
#include <vector>

namespace jitscope::torchscript {

struct ModuleInstance
{
    std::string path;
    torch::jit::Module module;
    ir::ModuleId parent = ir::none;
};

// The module and those below it, a module before its children, children in the order of their
// declaration. A module that is shared appears at every place where it stands.
[[nodiscard]] std::vector<ModuleInstance> instancesOf(const torch::jit::Module& root);

// Every function that has a graph, once: the methods of the instances' types in order of the
// instances, then what else the file defines, then what is only reached through a call.
[[nodiscard]] std::vector<torch::jit::Function*>
functionsOf(const std::vector<ModuleInstance>& instances, const torch::jit::CompilationUnit& unit);

// Gives every node of the functions its key (1, 2, ... in order) where it has none yet, and fills
// Program::functions.
[[nodiscard]] Result<std::vector<ir::Function>>
convertFunctions(const std::vector<torch::jit::Function*>& functions, NodeIdentity& identity,
                 SourceMap& sources, SchemaTexts& schemas, const JobContext& job,
                 std::vector<std::string>& problems);

[[nodiscard]] std::vector<ir::Module>
describeModules(const std::vector<ModuleInstance>& instances,
                const std::vector<torch::jit::Function*>& functions);

// Of the program's functions in the program's code, both of which it has already.
[[nodiscard]] std::vector<ir::CodeLine> describeCodeLines(const ir::Program& program,
                                                          const NodeIdentity& identity);

[[nodiscard]] std::vector<ir::SourceFragment> describeSources(const SourceMap& sources);

} // namespace jitscope::torchscript
