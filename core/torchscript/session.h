// One loaded TorchScript model and the graphs made from it. This header and everything beside it
// that does not end in _p.h is free of LibTorch; LibTorch's types stay behind it (profiler/record
// alone includes session_p.h).
//
// A session belongs to one thread. Exceptions of LibTorch become Errors here; what crashes the
// process is the reason why sessions live in the engine, which may die.
#pragma once

#include "core/ir/counts.h"
#include "core/ir/program.h"
#include "core/support/job.h"
#include "core/torchscript/pass_list.h"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace jitscope::torchscript {

struct LoadOptions
{
    // Shared libraries that register operators, opened before the model (torchvision/_C.so needs
    // libpython and libtorch_python; they are found beside it and opened first).
    std::vector<std::filesystem::path> operatorLibraries;
    // Declare operators that no library provides, so that the model opens for reading: those of
    // torchvision and torchaudio as they are, others as the model's code calls them. Running such
    // an operator fails with an Error that names the library.
    bool stubMissingOperators = true;
    // Leave the weights in the file until something needs them.
    bool lazyWeights = true;
};

// A graph that the session holds. 0 is no stage.
using StageHandle = std::uint32_t;

struct Stage
{
    StageHandle handle = 0;
    ir::Graph graph;
};

struct PassOutcome
{
    Stage stage;
    bool changed = false; // the printed graph differs
    std::string message;  // what the pass said, if anything
    ir::Counts before;
    ir::Counts after;
    std::map<std::string, std::uint64_t> kindsBefore;
    std::map<std::string, std::uint64_t> kindsAfter;
    std::int64_t durationNs = 0;
};

class Session
{
public:
    [[nodiscard]] static Result<std::unique_ptr<Session>>
    load(const std::filesystem::path& model, const LoadOptions& options, const JobContext& job);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    // The model as loaded: every method of every module and every free function once. Gives each of
    // its nodes its key (1, 2, ... in order of function and node), on which all later stages build;
    // the same file gives the same keys.
    [[nodiscard]] Result<ir::Program> program(const JobContext& job);

    // The method's graph with every call expanded by the structural inliner: every node has the
    // path of its module instance. `module` is the path of an instance, empty for the root.
    [[nodiscard]] Result<Stage> inlined(const std::string& module, const std::string& method,
                                        const JobContext& job);

    // A new stage: a copy of `stage` on which the pass was run. `arguments` by name, as the
    // catalogue lists them.
    [[nodiscard]] Result<PassOutcome> apply(StageHandle stage, std::string_view pass,
                                            const PassArguments& arguments, const JobContext& job);

    // Makes the next key given to a new node at least this; for a session that goes on with an
    // existing document.
    void reserveKeys(ir::NodeKey next);

    // "cpu", and "cuda:0", ... where LibTorch finds a GPU.
    [[nodiscard]] static std::vector<std::string> devices();
    [[nodiscard]] static std::string libtorchVersion();

    class Implementation;
    [[nodiscard]] Implementation& implementation()
    {
        return *m_implementation;
    } // for profiler/record

private:
    explicit Session(std::unique_ptr<Implementation> implementation);
    std::unique_ptr<Implementation> m_implementation;
};

} // namespace jitscope::torchscript
