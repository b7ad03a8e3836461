#include "app/gui/report.h"

#include "core/document/reader.h"
#include "core/ir/counts.h"
#include "core/support/counted.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

namespace jitscope::gui {

namespace {

constexpr std::size_t mostOperators = 40; // lines of the table by count
constexpr std::size_t mostNodes = 10;     // lines of the table by time

class ReportWriter
{
public:
    explicit ReportWriter(const document::Reader& reader) : m_reader(reader) {}

    Result<std::string> write(std::vector<std::string> problems)
    {
        const bool complete = writeFacts() && writeMethods() && writeOperators() &&
                              writeTensors() && writeStages() && writeRuns();
        if (!complete)
            return tl::unexpected(m_error);
        std::vector<document::ProblemRow> ofFile;
        if (!take(m_reader.rows<document::ProblemRow>(), ofFile))
            return tl::unexpected(m_error);
        for (const document::ProblemRow& row : ofFile) {
            problems.push_back(
                Error{ErrorCode::UnusableFile, row.message, row.record, row.remedy}.message());
        }
        if (!problems.empty()) {
            title("Problems");
            for (const std::string& problem : problems)
                line("{}", problem);
        }
        return std::move(m_text);
    }

private:
    template <typename... Arguments>
    void line(fmt::format_string<Arguments...> format, Arguments&&... arguments)
    {
        fmt::format_to(std::back_inserter(m_text), format, std::forward<Arguments>(arguments)...);
        m_text += '\n';
    }

    void title(std::string_view text)
    {
        if (!m_text.empty())
            m_text += '\n';
        line("{}\n{:=<{}}", text, "", text.size());
    }

    template <typename T>
    bool take(Result<T> read, T& target)
    {
        if (!read) {
            m_error = read.error();
            return false;
        }
        target = std::move(*read);
        return true;
    }

    bool writeFacts()
    {
        std::vector<document::InfoRow> info;
        if (!take(m_reader.rows<document::InfoRow>(), info) ||
            !take(m_reader.rows<document::ModuleRow>(), m_modules) ||
            !take(m_reader.rows<document::FunctionRow>(), m_functions))
            return false;
        title("Model");
        for (const document::InfoRow& row : info) {
            if (row.name != "writer" && row.name != "file_facts") // of the moment; for programs
                line("{:<20} {}", row.name, row.value);
        }
        line("{:<20} {}", "module instances", m_modules.size());
        line("{:<20} {}", "functions", m_functions.size());
        return true;
    }

    bool writeMethods()
    {
        std::vector<document::MethodRow> methods;
        if (!take(m_reader.rows<document::MethodRow>(), methods))
            return false;
        title("Methods of the model");
        for (const document::MethodRow& method : methods) {
            const auto module = std::find_if(m_modules.begin(), m_modules.end(),
                                             [&](const auto& m) { return m.id == method.module; });
            const auto function =
                std::find_if(m_functions.begin(), m_functions.end(),
                             [&](const auto& f) { return f.id == method.function; });
            if (module != m_modules.end() && module->path.empty() && function != m_functions.end())
                line("{}", function->schema);
        }
        return true;
    }

    bool writeOperators()
    {
        std::map<std::string, std::uint64_t> kinds;
        std::uint64_t nodes = 0;
        for (const document::FunctionRow& function : m_functions) {
            std::shared_ptr<const ir::Graph> graph;
            if (!take(m_reader.graph(function.graph), graph))
                return false;
            for (const auto& [kind, count] : ir::countKinds(*graph)) {
                kinds[kind] += count;
                nodes += count;
            }
        }
        std::vector<std::pair<std::string, std::uint64_t>> sorted(kinds.begin(), kinds.end());
        std::stable_sort(sorted.begin(), sorted.end(),
                         [](const auto& a, const auto& b) { return a.second > b.second; });
        title("Nodes as loaded, each function once");
        line("{:>8} in all", nodes);
        for (std::size_t i = 0; i < std::min(sorted.size(), mostOperators); ++i)
            line("{:>8} {}", sorted[i].second, sorted[i].first);
        if (sorted.size() > mostOperators)
            line("{:>8} more kinds", sorted.size() - mostOperators);
        return true;
    }

    bool writeTensors()
    {
        std::vector<document::TensorRow> tensors;
        if (!take(m_reader.rows<document::TensorRow>(), tensors))
            return false;
        std::map<std::string, std::pair<std::int64_t, std::int64_t>> roles; // number and bytes
        for (const document::TensorRow& tensor : tensors) {
            roles[tensor.role].first += 1;
            roles[tensor.role].second += tensor.bytes;
        }
        title("Tensors");
        for (const auto& [role, sum] : roles)
            line("{:<20} {:>6} {:>12.2f} MB", role, sum.first,
                 static_cast<double>(sum.second) / 1e6);
        return true;
    }

    bool writeStages()
    {
        std::vector<document::StageRow> stages;
        std::vector<document::GraphRow> graphs;
        if (!take(m_reader.rows<document::StageRow>(), stages))
            return false;
        title("Stages");
        for (const document::StageRow& stage : stages) {
            std::string size;
            if (stage.graph != 0) {
                std::shared_ptr<const ir::Graph> graph;
                if (!take(m_reader.graph(stage.graph), graph))
                    return false;
                size = counted(static_cast<std::int64_t>(ir::count(*graph).nodes), "node");
            }
            line("{:>3} from {:>3}  {:<9} {:<40} {:>14} {:>10.1f} ms", stage.id, stage.parent,
                 stage.kind, stage.label, size, static_cast<double>(stage.duration_ns) / 1e6);
        }
        return true;
    }

    bool writeRuns()
    {
        std::vector<document::RunRow> runs;
        if (!take(m_reader.rows<document::RunRow>(), runs))
            return false;
        for (const document::RunRow& run : runs) {
            title(fmt::format("Run {}", run.id));
            line("stage {}, {} on {}, {}: {}", run.executed_stage, run.mode, run.device,
                 counted(run.iterations, "iteration"), run.state);
            line("{} executed, {} recorded, {} dropped; outputs equal to the stock "
                 "executor's: {}",
                 counted(run.executed, "node"), run.recorded, run.dropped, run.outputs_equal);
            if (!run.verdict.empty())
                line("{}", run.verdict);
            if (!writeMostExpensive(run.id))
                return false;
        }
        return true;
    }

    bool writeMostExpensive(std::int64_t run)
    {
        document::SqlTable table;
        const std::string sql = fmt::format(
            "SELECT printf('%.3f', sum(s.duration) / 1e6), count(*), n.kind, n.module_path, "
            "n.file, "
            "n.line FROM node_slice s JOIN node_named n ON n.key = s.node "
            "WHERE s.run = {} AND s.iteration >= 0 GROUP BY s.node ORDER BY sum(s.duration) DESC "
            "LIMIT {}",
            run, mostNodes);
        if (!take(m_reader.query(sql), table))
            return false;
        if (table.rows.empty())
            return true;
        line("\n{:>10} {:>6}  node", "ms", "calls");
        for (const auto& row : table.rows) {
            const std::string place = row[4].empty() ? "" : fmt::format("{}:{}", row[4], row[5]);
            line("{:>10} {:>6}  {}  {}  {}", row[0], row[1], row[2], row[3], place);
        }
        return true;
    }

    const document::Reader& m_reader;
    std::vector<document::ModuleRow> m_modules;
    std::vector<document::FunctionRow> m_functions;
    std::string m_text;
    Error m_error;
};

} // namespace

Result<std::string> report(const std::filesystem::path& document,
                           const std::vector<std::string>& problems)
{
    const Result<document::Reader> reader = document::Reader::open(document);
    if (!reader)
        return tl::unexpected(reader.error());
    return ReportWriter(*reader).write(problems);
}

} // namespace jitscope::gui
