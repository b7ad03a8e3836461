// A program that was written to a document and read again, for what works on a document's rows.
#pragma once

#include "core/document/node_index.h"
#include "core/document/reader.h"
#include "core/document/writer.h"
#include "core/ir/program.h"

#include <filesystem>
#include <memory>
#include <vector>

namespace jitscope::tests {

class OpenedProgram
{
public:
    // Throws when the document cannot be written or read.
    explicit OpenedProgram(const ir::Program& program);
    ~OpenedProgram();
    OpenedProgram(const OpenedProgram&) = delete;
    OpenedProgram& operator=(const OpenedProgram&) = delete;

    // Adds a stage of kind inlined with this graph of `forward`; returns the id of its graph.
    std::int64_t addStage(const ir::Graph& graph);

    [[nodiscard]] Result<std::shared_ptr<const ir::Graph>> graph(std::int64_t id) const
    {
        return m_reader->graph(id);
    }

    std::vector<document::ModuleRow> modules;
    std::vector<document::MethodRow> methods;
    std::vector<document::FunctionRow> functions;
    std::vector<document::TensorRow> tensors;
    std::vector<document::SourceRow> sources;
    std::shared_ptr<const document::NodeIndex> nodes;

private:
    void readNodes();

    std::filesystem::path m_folder;
    std::unique_ptr<document::Writer> m_writer;
    std::unique_ptr<document::Reader> m_reader;
};

} // namespace jitscope::tests
