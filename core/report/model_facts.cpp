#include "core/report/model_facts_p.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <set>

namespace jitscope::report {

namespace {

std::uint64_t productOf(const std::vector<std::int64_t>& sizes)
{
    std::uint64_t product = 1;
    for (const std::int64_t size : sizes) {
        const auto factor = static_cast<std::uint64_t>(std::max<std::int64_t>(size, 0));
        if (factor != 0 && product > std::numeric_limits<std::uint64_t>::max() / factor)
            return 0; // no such tensor
        product *= factor;
    }
    return product;
}

std::string placeOf(const ir::Graph& graph)
{
    for (const ir::Node& node : graph.nodes) {
        const std::string_view file = graph.text(node.source.file);
        if (!file.empty() && node.source.line != 0)
            return fmt::format("{}:{}", lastPart(file), node.source.line);
    }
    return {};
}

class FactsReader
{
public:
    FactsReader(const document::Reader& reader, const JobContext& job)
        : m_reader(reader), m_job(job), m_facts(std::make_unique<ModelFacts>())
    {}

    Result<std::unique_ptr<const ModelFacts>> run()
    {
        if (!readRows() || !readFunctions())
            return tl::unexpected(m_error);
        addTensors();
        addModules();
        return std::move(m_facts);
    }

private:
    template <typename Row>
    bool take(std::vector<Row>& target)
    {
        Result<std::vector<Row>> rows = m_reader.rows<Row>();
        if (!rows) {
            m_error = rows.error();
            return false;
        }
        target = *std::move(rows);
        return true;
    }

    bool readRows()
    {
        std::vector<document::ModuleRow> modules;
        std::vector<document::TensorRow> tensors;
        if (!take(m_facts->info) || !take(modules) || !take(m_facts->methods) || !take(tensors) ||
            !take(m_facts->statistics) || !take(m_facts->stages) || !take(m_facts->runs))
            return false;
        Result<document::NodeIndex> nodes = document::NodeIndex::read(m_reader);
        if (!nodes) {
            m_error = nodes.error();
            return false;
        }
        m_facts->nodes = *std::move(nodes);
        // In the order of the document, which has parents first; what claims otherwise has no
        // parent here, so that no loop of parents can be walked.
        for (document::ModuleRow& row : modules) {
            const std::size_t index = m_facts->modules.size();
            if (m_facts->moduleById.contains(row.id))
                continue;
            m_facts->moduleByPath.emplace(row.path, index);
            if (const auto parent = m_facts->moduleById.find(row.parent);
                parent != m_facts->moduleById.end())
                m_facts->modules[parent->second].children.push_back(index);
            m_facts->moduleById.emplace(row.id, index);
            ModuleFacts& module = m_facts->modules.emplace_back();
            module.row = std::move(row);
        }
        for (document::TensorRow& row : tensors) {
            TensorFacts& tensor = m_facts->tensors.emplace_back();
            tensor.elements = productOf(sizesOf(row.shape));
            const std::size_t dot = row.name.rfind('.');
            if (row.role != "constant" && dot != std::string::npos)
                tensor.owner = row.name.substr(0, dot);
            tensor.row = std::move(row);
        }
        return true;
    }

    bool readFunctions()
    {
        std::vector<document::FunctionRow> rows;
        if (!take(rows))
            return false;
        for (document::FunctionRow& row : rows) {
            if (m_job.isCancelled()) {
                m_error = cancelled().value();
                return false;
            }
            Result<std::shared_ptr<const ir::Graph>> graph = m_reader.graph(row.graph);
            if (!graph) {
                m_error = graph.error();
                return false;
            }
            m_facts->functionById.emplace(row.id, m_facts->functions.size());
            FunctionFacts& function = m_facts->functions.emplace_back();
            function.row = std::move(row);
            const ir::Counts counts = ir::count(**graph);
            function.kinds = ir::countKinds(**graph);
            function.graph = *std::move(graph);
            m_facts->nodeCount += counts.nodes;
            m_facts->nodesWithSource += counts.withSource;
        }
        return true;
    }

    void addTensors()
    {
        std::unordered_map<std::int64_t, const document::TensorStatisticsRow*> statistics;
        for (const document::TensorStatisticsRow& row : m_facts->statistics)
            statistics.emplace(row.tensor, &row);
        std::set<std::string> storages;
        for (TensorFacts& tensor : m_facts->tensors) {
            if (const auto found = statistics.find(tensor.row.id); found != statistics.end())
                tensor.statistics = found->second;
            const bool isFirst = storages.insert(tensor.row.storage).second;
            const auto bytes =
                static_cast<std::uint64_t>(std::max<std::int64_t>(tensor.row.bytes, 0));
            if (isFirst || tensor.row.storage.empty())
                m_facts->tensorBytes += bytes;
            const bool isParameter = tensor.row.role == "parameter";
            if (isParameter)
                m_facts->parameters += tensor.elements;
            if (tensor.row.role == "constant")
                continue;
            if (const auto owner = m_facts->moduleByPath.find(tensor.owner);
                owner != m_facts->moduleByPath.end()) {
                ModuleFacts& module = m_facts->modules[owner->second];
                module.bytes += bytes;
                if (isParameter)
                    module.parameters += tensor.elements;
            }
        }
    }

    void addModules()
    {
        for (std::size_t i = m_facts->modules.size(); i-- > 0;) { // children before parents
            ModuleFacts& module = m_facts->modules[i];
            for (const std::size_t child : module.children) {
                module.parameters += m_facts->modules[child].parameters;
                module.bytes += m_facts->modules[child].bytes;
            }
        }
        for (const document::MethodRow& method : m_facts->methods) {
            const auto module = m_facts->moduleById.find(method.module);
            const FunctionFacts* function = m_facts->function(method.function);
            if (module == m_facts->moduleById.end() || function == nullptr)
                continue;
            std::string& place = m_facts->modules[module->second].place;
            if (place.empty() || method.name == "forward")
                place = placeOf(*function->graph);
        }
    }

    const document::Reader& m_reader;
    const JobContext& m_job;
    std::unique_ptr<ModelFacts> m_facts;
    Error m_error;
};

} // namespace

std::string ModelFacts::infoValue(std::string_view name) const
{
    for (const document::InfoRow& row : info) {
        if (row.name == name)
            return row.value;
    }
    return {};
}

const ModuleFacts* ModelFacts::module(std::string_view path) const
{
    const auto found = moduleByPath.find(std::string(path));
    return found == moduleByPath.end() ? nullptr : &modules[found->second];
}

const ModuleFacts* ModelFacts::moduleWithId(std::int64_t id) const
{
    const auto found = moduleById.find(id);
    return found == moduleById.end() ? nullptr : &modules[found->second];
}

const FunctionFacts* ModelFacts::function(std::int64_t id) const
{
    const auto found = functionById.find(id);
    return found == functionById.end() ? nullptr : &functions[found->second];
}

Result<std::unique_ptr<const ModelFacts>> readFacts(const document::Reader& reader,
                                                    const JobContext& job)
{
    return FactsReader(reader, job).run();
}

std::string_view lastPart(std::string_view path, char separator)
{
    const std::size_t at = path.rfind(separator);
    return at == std::string_view::npos ? path : path.substr(at + 1);
}

std::vector<std::int64_t> sizesOf(std::string_view jsonList)
{
    const auto list = nlohmann::json::parse(jsonList, nullptr, false);
    std::vector<std::int64_t> sizes;
    if (!list.is_array())
        return sizes;
    for (const auto& size : list) {
        if (!size.is_number_integer())
            return {};
        sizes.push_back(size.get<std::int64_t>());
    }
    return sizes;
}

} // namespace jitscope::report
