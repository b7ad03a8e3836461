#include "core/report/number_text_p.h"
#include "core/report/sections_p.h"
#include "core/scene/operator_class.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace jitscope::report {

namespace {

struct OperatorFacts
{
    std::string kind;
    std::uint64_t nodes = 0;     // each function once
    std::uint64_t instances = 0; // a method counts for each module that has it
    std::uint64_t modules = 0;   // that have it in a method
    std::string schema;
};

std::vector<OperatorFacts> operatorsOf(const ModelFacts& facts)
{
    std::map<std::string, OperatorFacts> byKind;
    for (const FunctionFacts& function : facts.functions) {
        for (const auto& [kind, count] : function.kinds) {
            OperatorFacts& op = byKind[kind];
            op.kind = kind;
            op.nodes += count;
            if (function.row.is_method == 0)
                op.instances += count;
        }
        for (const ir::Node& node : function.graph->nodes) {
            if (node.schema == 0)
                continue;
            OperatorFacts& op = byKind[std::string(function.graph->kind(node))];
            if (op.schema.empty())
                op.schema = function.graph->text(node.schema);
        }
    }
    std::map<std::string, std::set<std::int64_t>> modules;
    for (const document::MethodRow& method : facts.methods) {
        const FunctionFacts* function = facts.function(method.function);
        if (function == nullptr)
            continue;
        for (const auto& [kind, count] : function->kinds) {
            byKind[kind].instances += count;
            modules[kind].insert(method.module);
        }
    }
    std::vector<OperatorFacts> operators;
    for (auto& [kind, op] : byKind) {
        op.modules = modules[kind].size();
        operators.push_back(std::move(op));
    }
    std::stable_sort(operators.begin(), operators.end(),
                     [](const auto& a, const auto& b) { return a.instances > b.instances; });
    return operators;
}

} // namespace

void writeOperators(Page& page, const Content& content)
{
    std::vector<OperatorFacts> operators = operatorsOf(*content.facts);
    if (operators.empty())
        return;
    page.beginSection("operators", "Operators", fmt::format("{} kinds", operators.size()));
    page.note("Nodes of the graphs as loaded. The file has the code of a method once for all "
              "modules of a type; “in all modules” counts it for each of them.");
    const std::size_t shown = std::min(operators.size(), content.limits.operators);
    {
        Table table(page, "Operators",
                    {{"Kind", ColumnKind::Code},
                     {"In the file", ColumnKind::Number},
                     {"In all modules", ColumnKind::Number},
                     {"Modules", ColumnKind::Number},
                     {"Schema", ColumnKind::Code}},
                    true);
        for (std::size_t i = 0; i < shown; ++i) {
            const OperatorFacts& op = operators[i];
            const scene::OperatorClass operatorClass = scene::classify(op.kind);
            const Cell kind{fmt::format("<span class=\"chip chip{}\" title=\"{}\"></span>{}",
                                        static_cast<int>(operatorClass),
                                        scene::describe(operatorClass), escapedMarkup(op.kind)),
                            {}};
            table.row({kind, numberCell(static_cast<double>(op.nodes), grouped(op.nodes)),
                       numberCell(static_cast<double>(op.instances), grouped(op.instances)),
                       numberCell(static_cast<double>(op.modules), grouped(op.modules)),
                       textCell(op.schema)});
        }
    }
    if (shown < operators.size())
        page.note(fmt::format("{} rarer kinds are not listed.", operators.size() - shown));
    page.endSection();
}

} // namespace jitscope::report
