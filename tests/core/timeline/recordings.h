// Documents with recordings, made through the writer, for the tests of the timeline and the code
// view.
#pragma once

#include "core/document/node_chunk.h"
#include "core/document/writer.h"
#include "core/ir/graph.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace jitscope::test {

// A model of `blocks` residual blocks, "layer1.0" and so on, of conv1, bn1, relu, conv2, bn2, and a
// last linear "fc"; each node with a line of "/home/models/net.py".
[[nodiscard]] ir::Graph residualGraph(int blocks);

// Makes a copy of a document that was recorded on a GPU (tests/gpu/results).
void copyGpuRecording(const std::string& name, const std::filesystem::path& to);

class RecordingDocument
{
public:
    // Writes the model and its stage `inlined`.
    RecordingDocument(const std::filesystem::path& path, int blocks);

    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
    [[nodiscard]] document::Writer& writer() { return m_writer; }
    [[nodiscard]] std::int64_t stage() const { return m_stage; }
    [[nodiscard]] const ir::Graph& graph() const { return m_graph; }

    // A run without rows.
    std::int64_t addRun(const std::string& state = "done");
    void setState(std::int64_t run, const std::string& state, const std::string& verdict = {});
    // One warm-up and `iterations` recorded ones, each node of the graph once, on thread 0. Returns
    // when it ended.
    std::int64_t record(std::int64_t run, int iterations, std::int64_t start = 1'000'000'000);
    // Kernels and runtime calls for the convolutions of a run that record() wrote.
    void recordGpu(std::int64_t run);
    void addSlices(std::int64_t run, std::int64_t thread,
                   const std::vector<document::NodeSlice>& slices);

    // How long a node takes in record(), nanoseconds.
    [[nodiscard]] std::int64_t durationOf(const ir::Node& node, int iteration) const;

private:
    struct Launch
    {
        std::int64_t start;
        std::int64_t duration;
        ir::NodeKey node;
    };

    std::filesystem::path m_path;
    document::Writer m_writer;
    ir::Graph m_graph;
    std::int64_t m_stage = 0;
    std::map<std::int64_t, document::RunRow> m_runs;
    std::map<std::int64_t, std::vector<Launch>> m_launches;
};

} // namespace jitscope::test
