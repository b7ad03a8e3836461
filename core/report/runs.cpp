#include "core/report/number_text_p.h"
#include "core/report/sections_p.h"
#include "core/timeline/run_loader.h"
#include "core/timeline/statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace jitscope::report {

namespace {

constexpr std::size_t mostNodes = 10;
constexpr std::size_t mostBars = 200; // iterations in the chart

std::string stageText(const ModelFacts& facts, std::int64_t id)
{
    for (const document::StageRow& stage : facts.stages) {
        if (stage.id == id)
            return fmt::format("{} ({})", id, stage.label.empty() ? stage.kind : stage.label);
    }
    return std::to_string(id);
}

// Where a node was written: of a fused group the place of its first member.
std::string placeOf(const ModelFacts& facts, ir::NodeKey key)
{
    const auto text = [](const document::NamedNode* node) {
        return node == nullptr || node->line == 0 ? std::string()
                                                  : fmt::format("{}:{}", node->file, node->line);
    };
    std::string place = text(facts.nodes.node(key));
    if (!place.empty())
        return place;
    for (const document::NodeRef& origin : facts.nodes.origins(key)) {
        place = text(facts.nodes.node(origin.loaded != 0 ? origin.loaded : origin.key));
        if (!place.empty())
            return place;
    }
    return {};
}

class RunWriter
{
public:
    RunWriter(Page& page, const Content& content, const document::RunRow& run)
        : m_page(page), m_content(content), m_facts(*content.facts), m_run(run)
    {}

    Result<void> write()
    {
        timeline::RunLoader loader(*m_content.source.document, m_run.id);
        const auto timeline = loader.read(m_facts.nodes, std::numeric_limits<std::size_t>::max(),
                                          m_content.job.cancel);
        if (!timeline && timeline.error().code == ErrorCode::Cancelled)
            return tl::unexpected(timeline.error());
        m_page.line(fmt::format("<h3>Run {} <small>{}</small></h3>", m_run.id,
                                escapedMarkup(m_run.started_at)));
        writeFacts();
        if (!timeline) {
            m_page.note(timeline.error().message());
            return {};
        }
        for (const std::string& problem : (*timeline)->problems)
            m_page.note(problem);
        writeIterations((*timeline)->iterations);
        writeNodes(timeline::statisticsOf(**timeline, timeline::GroupBy::Node));
        return {};
    }

private:
    void fact(std::string_view name, std::string_view value)
    {
        if (!value.empty())
            m_page.line(fmt::format("<dt>{}</dt><dd>{}</dd>", name, escapedMarkup(value)));
    }

    void writeFacts()
    {
        m_page.line("<dl class=\"facts\">");
        fact("Device", m_run.device);
        fact("Stage", stageText(m_facts, m_run.stage));
        fact("How", m_run.mode == "executor" ? "the plan of LibTorch's executor"
                                             : "the stage as it stands, interpreted");
        fact("Inputs", m_run.inputs);
        fact("Iterations", fmt::format("{} after {} warm-ups", m_run.iterations, m_run.warmups));
        if (m_run.threads > 0)
            fact("Threads", std::to_string(m_run.threads));
        fact("State",
             m_run.state == "recording" ? "not finished: the engine was lost" : m_run.state);
        fact("Nodes", fmt::format("{} executed, {} recorded, {} lost", m_run.executed,
                                  m_run.recorded, m_run.dropped));
        if (m_run.launched > 0)
            fact("GPU kernels", fmt::format("{} launched, {} recorded, {} without a node",
                                            m_run.launched, m_run.kernels, m_run.unattributed));
        fact("Outputs", m_run.outputs_equal == "yes"  ? "equal to the stock executor's to the bit"
                        : m_run.outputs_equal == "no" ? "differ from the stock executor's"
                                                      : "not compared with the stock executor's");
        fact("Verdict", m_run.verdict.empty() ? "nothing is missing" : m_run.verdict);
        m_page.line("</dl>");
    }

    void writeIterations(const std::vector<document::IterationRow>& rows)
    {
        std::vector<std::int64_t> durations; // without warm-ups
        for (const document::IterationRow& row : rows) {
            if (row.number >= 0 && row.end >= row.start)
                durations.push_back(row.end - row.start);
        }
        if (durations.empty())
            return;
        std::vector<std::int64_t> sorted = durations;
        std::sort(sorted.begin(), sorted.end());
        const std::string summary =
            fmt::format("An iteration took {} (median), {} at least, {} at most.",
                        durationText(sorted[sorted.size() / 2]), durationText(sorted.front()),
                        durationText(sorted.back()));
        m_page.line("<p>" + escapedMarkup(summary) + "</p>");
        if (durations.size() < 2 || sorted.back() == 0)
            return;
        m_page.raw(fmt::format("<div class=\"chart\" role=\"img\" aria-label=\"Duration of each "
                               "iteration. {}\">",
                               escapedMarkup(summary)));
        for (std::size_t i = 0; i < std::min(durations.size(), mostBars); ++i) {
            m_page.raw(fmt::format(
                "<span style=\"height:{:.1f}%\" title=\"iteration {}: {}\"></span>",
                100.0 * static_cast<double>(durations[i]) / static_cast<double>(sorted.back()), i,
                durationText(durations[i])));
        }
        m_page.line("</div>");
        if (durations.size() > mostBars)
            m_page.note(fmt::format("The first {} of {} iterations.", mostBars, durations.size()));
    }

    void writeNodes(const timeline::Statistics& statistics)
    {
        if (statistics.rows.empty())
            return;
        m_page.line("<h3>The most expensive nodes</h3>");
        m_page.note(
            "Over all recorded iterations. “Self” is without the nodes inside of an If or a "
            "Loop.");
        const bool hasGpu = std::any_of(statistics.rows.begin(), statistics.rows.end(),
                                        [](const auto& row) { return row.gpu > 0; });
        std::vector<Column> columns = {
            {"Node", ColumnKind::Code},     {"Module", ColumnKind::Code},
            {"Python", ColumnKind::Code},   {"Calls", ColumnKind::Number},
            {"Self", ColumnKind::Number},   {"Share", ColumnKind::Number},
            {"Median", ColumnKind::Number}, {"Total", ColumnKind::Number}};
        if (hasGpu)
            columns.push_back({"GPU", ColumnKind::Number});
        Table table(m_page, "The most expensive nodes", columns);
        for (std::size_t i = 0; i < std::min(statistics.rows.size(), mostNodes); ++i) {
            const timeline::StatisticsRow& row = statistics.rows[i];
            const document::NamedNode* node = m_facts.nodes.node(row.node);
            const auto time = [](std::int64_t ns) {
                return numberCell(static_cast<double>(ns), durationText(ns));
            };
            std::vector<Cell> cells = {
                textCell(node == nullptr ? std::to_string(row.node) : node->kind),
                textCell(node == nullptr ? "" : node->modulePath),
                textCell(placeOf(m_facts, row.node)),
                numberCell(static_cast<double>(row.count), std::to_string(row.count)),
                time(row.self),
                barCell(row.share, percentText(row.share)),
                time(row.median),
                time(row.total)};
            if (hasGpu)
                cells.push_back(time(row.gpu));
            table.row(cells);
        }
    }

    Page& m_page;
    const Content& m_content;
    const ModelFacts& m_facts;
    const document::RunRow& m_run;
};

} // namespace

Result<void> writeRuns(Page& page, const Content& content)
{
    const auto& runs = content.facts->runs;
    if (runs.empty())
        return {};
    page.beginSection("runs", "Runs", grouped(runs.size()));
    // The newest are what one looks for.
    const std::size_t first = runs.size() - std::min(runs.size(), content.limits.runs);
    if (first > 0)
        page.note(fmt::format("The last {} of {}.", runs.size() - first, runs.size()));
    for (std::size_t i = runs.size(); i-- > first;) {
        if (const Result<void> written = RunWriter(page, content, runs[i]).write(); !written)
            return written;
    }
    page.endSection();
    return {};
}

} // namespace jitscope::report
