// What profiler/record needs of a session besides session.h, with LibTorch's types. Included by
// nobody else.
#pragma once

#include "core/torchscript/interface_calls_p.h"
#include "core/torchscript/node_identity_p.h"
#include "core/torchscript/session.h"

#include <torch/csrc/jit/api/module.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace jitscope::torchscript {

class OperatorStubs;
struct NamedTensor;

// A stage as LibTorch has it.
struct StageGraph
{
    // Every node is tagged (NodeIdentity) with its key. Not to be changed: work on a copy(). The
    // first input is self.
    std::shared_ptr<torch::jit::Graph> graph;
    // The object to pass as self: an instance of the loaded model, or of the frozen clone that the
    // stage was made of.
    torch::jit::Module self;
    std::string module;                          // path of the instance, empty for the root
    std::string method;                          // "forward"
    const c10::FunctionSchema* schema = nullptr; // of the method; lives as long as the session
    bool inlined = false;
    bool frozen = false;
    bool afterPass = false; // the graph is no longer that of the method as loaded
};

// A graph that the executor made, as plain data.
struct ConvertedPlan
{
    // Every node has a key: a fresh one, with the keys of the stage's nodes that it comes from as
    // origins (the range it carries; for a fusion group those of its members; for what the executor
    // added none).
    ir::Graph graph;
    // The node of the plan with the id i in `graph` (the order in which LibTorch prints them: a
    // node before the nodes of its blocks; nodes in subgraphs are not in it).
    std::vector<const torch::jit::Node*> nodes;
};

class Session::Implementation
{
public:
    Implementation();
    ~Implementation();

    // The stage, or null for a handle that was never given out.
    [[nodiscard]] const StageGraph* stage(StageHandle handle) const;

    // Reads the weights that are still in the file. Must precede whatever reads a tensor of the
    // model.
    [[nodiscard]] Result<void> fillWeights(const JobContext& job);

    [[nodiscard]] ConvertedPlan convertPlan(const torch::jit::Graph& plan);

    // The key that a node or a range carries, 0 for none. The interpreter gives the range of a
    // running node with torch::jit::currentCallstack().
    [[nodiscard]] NodeIdentity& identity() { return *m_identity; }

    [[nodiscard]] const Archive& archive() const { return *m_archive; }
    // The model's tensors, as they were when this was first called.
    [[nodiscard]] const std::vector<NamedTensor>& tensors(std::vector<std::string>& problems);

    [[nodiscard]] torch::jit::Module& module() { return m_module; }
    [[nodiscard]] const std::shared_ptr<torch::jit::CompilationUnit>& compilationUnit() const
    {
        return m_compilationUnit;
    }

private:
    friend class Session;

    [[nodiscard]] Result<void> load(const LoadOptions& options, const JobContext& job);
    StageHandle keep(StageGraph stage);
    // Finds instances and functions, once.
    void tagFunctions();
    // The loaded functions; tags their nodes with their keys when called first.
    [[nodiscard]] Result<std::vector<ir::Function>> functions(const JobContext& job,
                                                              std::vector<std::string>& problems);
    // Gives the loaded nodes their keys, unless they have them.
    [[nodiscard]] Result<void> giveLoadedKeys(const JobContext& job);

    std::filesystem::path m_path;
    std::vector<std::string> m_damage; // why the weights cannot be used, a sentence each
    // Destroyed last to first: graphs and modules refer to operators and functions by bare
    // pointers.
    std::shared_ptr<OperatorStubs> m_stubs;
    std::shared_ptr<Archive> m_archive;
    std::shared_ptr<SourceMap> m_sources;
    std::shared_ptr<torch::jit::CompilationUnit> m_compilationUnit;
    torch::jit::Module m_module;
    std::unique_ptr<SchemaTexts> m_schemas;
    std::unique_ptr<NodeIdentity> m_identity;
    bool m_tagged = false;
    bool m_hasLoadedKeys = false; // the loaded nodes have their keys
    std::vector<ModuleInstance> m_instances;
    std::optional<std::vector<NamedTensor>> m_tensors;
    std::vector<torch::jit::Function*> m_functions;
    InterfaceCalls m_interfaces;
    std::map<StageHandle, StageGraph> m_stages;
    StageHandle m_lastHandle = 0;
};

} // namespace jitscope::torchscript
