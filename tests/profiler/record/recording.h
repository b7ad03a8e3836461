// Loads a model, runs it, and keeps what was recorded, for the tests to look at.
#pragma once

#include "profiler/record/recorder.h"
#include "tests/core/torchscript/models.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace test {

using jitscope::Error;
using jitscope::JobContext;
using jitscope::Result;
namespace document = jitscope::document;
namespace ir = jitscope::ir;
namespace record = jitscope::record;
namespace torchscript = jitscope::torchscript;

struct ThreadSlice
{
    std::int64_t thread = 0;
    document::NodeSlice slice;
};

class KeepingSink : public record::RecordSink
{
public:
    Result<void> types(std::vector<record::ObservedType> observed) override
    {
        observedTypes = std::move(observed);
        return {};
    }
    Result<void> planReady(std::uint32_t index, const record::Plan& plan) override
    {
        plans.emplace(index, plan);
        for (const ir::Node& node : plan.graph.nodes) {
            kinds[node.key] = std::string(plan.graph.kind(node));
            const auto origin = plan.graph.originsOf(node);
            origins[node.key].assign(origin.begin(), origin.end());
        }
        return {};
    }
    Result<void> chunk(document::NodeChunkRow row) override
    {
        if (refuse)
            return jitscope::fail(jitscope::ErrorCode::Unavailable, "The disk is full.");
        for (const document::NodeSlice& slice : document::slicesOf(row)) {
            slices.push_back({row.thread, slice});
            if (!kinds.contains(slice.node))
                unknownNodes.insert(slice.node);
        }
        return {};
    }
    Result<void> runtimeCalls(std::vector<document::RuntimeRow>,
                              const std::vector<std::string>&) override
    {
        return {};
    }
    Result<void> kernels(std::vector<document::KernelRow>, const std::vector<std::string>&) override
    {
        return {};
    }
    Result<void> copies(std::vector<document::MemcpyRow>) override { return {}; }
    Result<void> sets(std::vector<document::MemsetRow>) override { return {}; }
    Result<void> synchronizations(std::vector<document::SynchronizationRow>) override { return {}; }

    [[nodiscard]] std::uint64_t slicesOfKind(const std::string& kind) const
    {
        std::uint64_t n = 0;
        for (const ThreadSlice& slice : slices) {
            const auto found = kinds.find(slice.slice.node);
            n += found != kinds.end() && found->second == kind ? 1 : 0;
        }
        return n;
    }

    std::vector<record::ObservedType> observedTypes;
    std::map<std::uint32_t, record::Plan> plans;
    std::map<ir::NodeKey, std::string> kinds;
    std::map<ir::NodeKey, std::vector<ir::NodeKey>> origins;
    std::vector<ThreadSlice> slices;
    std::set<ir::NodeKey> unknownNodes; // a slice came before its plan
    bool refuse = false;
};

struct Model
{
    std::unique_ptr<torchscript::Session> session;
    torchscript::Stage stage;
};

inline Result<Model> open(const std::filesystem::path& file, const std::string& method = "forward",
                          const torchscript::LoadOptions& options = {})
{
    auto session = torchscript::Session::load(file, options, JobContext{});
    if (!session)
        return tl::unexpected(session.error());
    auto stage = (*session)->inlined("", method, JobContext{});
    if (!stage)
        return tl::unexpected(stage.error());
    return Model{*std::move(session), *std::move(stage)};
}

inline record::RunRequest request(const Model& model, std::vector<std::string> inputs = {},
                                  int iterations = 1)
{
    record::RunRequest request;
    request.stage = model.stage.handle;
    request.inputs = std::move(inputs);
    request.iterations = iterations;
    return request;
}

// Inputs of the samples, as resources/samples/inputs.json has them.
inline std::vector<std::string> sampleInputs(const std::string& name)
{
    static const std::map<std::string, std::vector<std::string>> inputs{
        {"residual_cnn_scripted", {"1x3x32x32"}},
        {"residual_cnn_traced", {"1x3x32x32"}},
        {"transformer_scripted", {"int64:1x12"}},
        {"transformer_traced", {"int64:1x12"}},
        {"nested_if_loop", {"4x8", "6"}},
        {"lstm", {"2x10x16"}},
        {"fork_wait", {"4x32"}},
        {"several_methods", {"4x16"}},
        {"frozen_cnn", {"1x3x32x32"}},
        {"pointwise", {"16x256", "16x256"}},
        {"interface_calls", {"4x8", "1"}},
    };
    return inputs.at(name);
}

} // namespace test
