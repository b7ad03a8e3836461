// What a document holds of a model, read once and added up. Private to core/report.
#pragma once

#include "core/document/node_index.h"
#include "core/document/reader.h"
#include "core/ir/counts.h"
#include "core/support/job.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace jitscope::report {

struct FunctionFacts
{
    document::FunctionRow row;
    std::shared_ptr<const ir::Graph> graph;
    std::map<std::string, std::uint64_t> kinds;
};

struct TensorFacts
{
    document::TensorRow row;
    std::string owner; // path of the module that holds it; of a constant empty
    std::uint64_t elements = 0;
    const document::TensorStatisticsRow* statistics = nullptr;
};

struct ModuleFacts
{
    document::ModuleRow row;
    std::vector<std::size_t> children; // in ModelFacts::modules
    std::uint64_t parameters = 0;      // elements, with all below
    std::uint64_t bytes = 0;           // of all tensors, with all below
    std::string place;                 // "resnet.py:93", of its forward
};

struct ModelFacts
{
    std::vector<document::InfoRow> info;
    std::vector<ModuleFacts> modules; // a parent before its children; the root first
    std::vector<document::MethodRow> methods;
    std::vector<FunctionFacts> functions;
    std::vector<TensorFacts> tensors;
    std::vector<document::StageRow> stages;
    std::vector<document::RunRow> runs;
    document::NodeIndex nodes;

    std::uint64_t parameters = 0;  // elements
    std::uint64_t tensorBytes = 0; // each storage once
    std::uint64_t nodeCount = 0;
    std::uint64_t nodesWithSource = 0;

    [[nodiscard]] std::string infoValue(std::string_view name) const;
    [[nodiscard]] const ModuleFacts* module(std::string_view path) const;
    [[nodiscard]] const ModuleFacts* moduleWithId(std::int64_t id) const;
    [[nodiscard]] const FunctionFacts* function(std::int64_t id) const;

    std::vector<document::TensorStatisticsRow> statistics;
    std::unordered_map<std::string, std::size_t> moduleByPath;
    std::unordered_map<std::int64_t, std::size_t> moduleById;
    std::unordered_map<std::int64_t, std::size_t> functionById;

    ModelFacts() = default;
    ModelFacts(const ModelFacts&) = delete; // pointers into its own rows
    ModelFacts& operator=(const ModelFacts&) = delete;
};

[[nodiscard]] Result<std::unique_ptr<const ModelFacts>> readFacts(const document::Reader& reader,
                                                                  const JobContext& job);

// The last part of a path: of a file or, with '.', of a module.
[[nodiscard]] std::string_view lastPart(std::string_view path, char separator = '/');

// "[64, 3, 7, 7]" as numbers; empty for what is no list of them.
[[nodiscard]] std::vector<std::int64_t> sizesOf(std::string_view jsonList);

} // namespace jitscope::report
