// LibTorch's own answers, worked out apart from core/torchscript, for the tests to compare with.
// Free of LibTorch, so that Qt Test programs can include it.
#pragma once

#include "core/ir/counts.h"
#include "core/torchscript/session.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace oracle {

// The Python source that LibTorch knows of a node; all empty when it knows none.
struct Source
{
    std::string file;
    std::uint32_t line = 0;
    std::uint32_t column = 0; // from 1; 0 for a traced node, which has none
    // The text of the function, or of a traced node the Python stack.
    std::shared_ptr<const std::string> text;
    bool isTrace = false;
};

struct Function
{
    jitscope::ir::Counts counts;
    std::map<std::string, std::uint64_t> kinds;
    std::vector<Source> sources; // of the nodes, in the order in which they are printed
    std::string text;            // as LibTorch prints the graph, without locations
};

// What torch::jit::load gives, by qualified name, for every function of the file.
[[nodiscard]] std::map<std::string, Function> functions(const std::filesystem::path& model);

struct InlinedNode
{
    std::string kind;
    std::string modulePath;
    std::string file;
    std::uint32_t line = 0;
};

// The method with all calls replaced by LibTorch's inlineCallTo, innermost first; each node with
// the path of the object that its method was called on, from the attribute reads of the loaded
// graphs.
[[nodiscard]] std::vector<InlinedNode> inlined(const std::filesystem::path& model,
                                               const std::string& method);

// Runs a stage on the CPU, interpreted, and the model as torch::jit::load gives it in evaluation
// mode, with the same random inputs of these shapes (integers below 50 for a shape that begins with
// "int64:"); the largest difference of the outputs.
[[nodiscard]] double largestDifference(jitscope::torchscript::Session& session,
                                       jitscope::torchscript::StageHandle stage,
                                       const std::filesystem::path& model,
                                       const std::vector<std::string>& shapes);

// What LibTorch says when the stage is run, or an empty text when it runs.
[[nodiscard]] std::string failureOf(jitscope::torchscript::Session& session,
                                    jitscope::torchscript::StageHandle stage,
                                    const std::vector<std::string>& shapes);

// A plan that LibTorch's executor makes of the stage after `runs` runs, converted.
struct Plan
{
    jitscope::ir::Graph graph;
    std::size_t nodes = 0; // of the plan, counted by LibTorch
};
[[nodiscard]] Plan executedPlan(jitscope::torchscript::Session& session,
                                jitscope::torchscript::StageHandle stage,
                                const std::vector<std::string>& shapes, int runs);

// Copies an archive record by record; `change` may alter a record's bytes, or return false to leave
// it out.
void rewriteArchive(
    const std::filesystem::path& from, const std::filesystem::path& to,
    const std::function<bool(const std::string& record, std::string& bytes)>& change,
    bool compress = false);

// Overwrites the bytes of an uncompressed record in a copy of the file; the text is cut or padded
// with spaces to the record's size.
void patchRecord(const std::filesystem::path& from, const std::filesystem::path& to,
                 const std::string& record, const std::string& bytes);

[[nodiscard]] std::string recordText(const std::filesystem::path& model, const std::string& record);
[[nodiscard]] std::vector<std::string> recordNames(const std::filesystem::path& model);

} // namespace oracle
