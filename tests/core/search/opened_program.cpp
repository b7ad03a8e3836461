#include "tests/core/search/opened_program.h"

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <utility>

namespace jitscope::tests {

namespace {

template <typename T>
T require(Result<T> result)
{
    if (!result)
        throw std::runtime_error(result.error().message());
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

std::filesystem::path makeFolder()
{
    std::string name = (std::filesystem::temp_directory_path() / "jitscope-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr)
        throw std::runtime_error("no temporary folder can be made");
    return name;
}

} // namespace

OpenedProgram::OpenedProgram(const ir::Program& program) : m_folder(makeFolder())
{
    const std::filesystem::path path = m_folder / "program.jitscope";
    m_writer = std::make_unique<document::Writer>(require(document::Writer::create(path)));
    require(m_writer->writeProgram(program));
    m_reader = std::make_unique<document::Reader>(require(document::Reader::open(path)));
    modules = require(m_reader->rows<document::ModuleRow>());
    methods = require(m_reader->rows<document::MethodRow>());
    functions = require(m_reader->rows<document::FunctionRow>());
    tensors = require(m_reader->rows<document::TensorRow>());
    sources = require(m_reader->rows<document::SourceRow>());
    readNodes();
}

OpenedProgram::~OpenedProgram()
{
    m_reader.reset();
    m_writer.reset();
    std::error_code ignored;
    std::filesystem::remove_all(m_folder, ignored);
}

std::int64_t OpenedProgram::addStage(const ir::Graph& graph)
{
    document::StageRow row;
    row.parent = 1;
    row.kind = "inlined";
    row.label = "inlined";
    row.arguments = "{}";
    row.method = "forward";
    const std::int64_t id = require(m_writer->addStage(row, graph));
    readNodes();
    const auto stages =
        require(m_reader->rows<document::StageRow>("WHERE id = (SELECT max(id) FROM stage)"));
    if (stages.size() != 1 || stages.front().id != id)
        throw std::runtime_error("the stage is not there");
    return stages.front().graph;
}

void OpenedProgram::readNodes()
{
    nodes =
        std::make_shared<const document::NodeIndex>(require(document::NodeIndex::read(*m_reader)));
}

} // namespace jitscope::tests
