#include "core/report/number_text_p.h"
#include "core/report/sections_p.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace jitscope::report {

namespace {

std::string shapeText(std::string_view jsonList)
{
    const std::vector<std::int64_t> sizes = sizesOf(jsonList);
    return sizes.empty() ? std::string("scalar") : fmt::format("{}", fmt::join(sizes, "×"));
}

Cell realCell(double value, bool isThere)
{
    return isThere && std::isfinite(value) ? numberCell(value, fmt::format("{:.4g}", value))
                                           : Cell{};
}

void writeSums(Page& page, const ModelFacts& facts)
{
    struct Sum
    {
        std::uint64_t tensors = 0;
        std::uint64_t elements = 0;
        std::uint64_t bytes = 0;
    };
    std::map<std::pair<std::string, std::string>, Sum> sums; // by role and dtype
    for (const TensorFacts& tensor : facts.tensors) {
        Sum& sum = sums[{tensor.row.role, tensor.row.dtype}];
        ++sum.tensors;
        sum.elements += tensor.elements;
        sum.bytes += static_cast<std::uint64_t>(std::max<std::int64_t>(tensor.row.bytes, 0));
    }
    Table table(page, "Tensors by role and type",
                {{"Role"},
                 {"Type", ColumnKind::Code},
                 {"Tensors", ColumnKind::Number},
                 {"Elements", ColumnKind::Number},
                 {"Size", ColumnKind::Number}});
    for (const auto& [key, sum] : sums) {
        table.row({textCell(key.first), textCell(key.second),
                   numberCell(static_cast<double>(sum.tensors), grouped(sum.tensors)),
                   numberCell(static_cast<double>(sum.elements), grouped(sum.elements)),
                   numberCell(static_cast<double>(sum.bytes), bytesText(sum.bytes))});
    }
}

} // namespace

void writeWeights(Page& page, const Content& content)
{
    const ModelFacts& facts = *content.facts;
    if (facts.tensors.empty())
        return;
    page.beginSection("weights", "Weights", plural(facts.tensors.size(), "tensor", "tensors"));
    writeSums(page, facts);
    std::vector<const TensorFacts*> shown;
    for (const TensorFacts& tensor : facts.tensors)
        shown.push_back(&tensor);
    if (shown.size() > content.limits.tensors) {
        std::stable_sort(shown.begin(), shown.end(),
                         [](const auto* a, const auto* b) { return a->row.bytes > b->row.bytes; });
        shown.resize(content.limits.tensors);
    }
    const bool hasStatistics = std::any_of(shown.begin(), shown.end(), [](const auto* tensor) {
        return tensor->statistics != nullptr && tensor->statistics->problem.empty();
    });
    page.line("<h3>All tensors</h3>");
    if (shown.size() < facts.tensors.size())
        page.note(fmt::format("The {} largest of {}.", grouped(shown.size()),
                              grouped(facts.tensors.size())));
    std::vector<Column> columns = {{"Name", ColumnKind::Code},   {"Role"},
                                   {"Type", ColumnKind::Code},   {"Shape", ColumnKind::Code},
                                   {"Size", ColumnKind::Number}, {"Share", ColumnKind::Number}};
    if (hasStatistics) {
        for (const std::string_view title :
             {"Minimum", "Mean", "Maximum", "Deviation", "Zeros", "NaN, Inf"})
            columns.push_back({title, ColumnKind::Number});
    }
    {
        Table table(page, "Tensors", columns, true);
        for (const TensorFacts* tensor : shown) {
            const auto bytes =
                static_cast<std::uint64_t>(std::max<std::int64_t>(tensor->row.bytes, 0));
            const double share =
                facts.tensorBytes == 0
                    ? 0
                    : static_cast<double>(bytes) / static_cast<double>(facts.tensorBytes);
            std::vector<Cell> cells = {textCell(tensor->row.name),
                                       textCell(tensor->row.role),
                                       textCell(tensor->row.dtype),
                                       textCell(shapeText(tensor->row.shape)),
                                       numberCell(static_cast<double>(bytes), bytesText(bytes)),
                                       barCell(share, percentText(share))};
            if (const auto* s = tensor->statistics; s != nullptr && s->problem.empty()) {
                const std::int64_t infinite = s->nan + s->positive_infinity + s->negative_infinity;
                const bool isThere = s->elements > infinite;
                cells.push_back(realCell(s->minimum, isThere));
                cells.push_back(realCell(s->mean, isThere));
                cells.push_back(realCell(s->maximum, isThere));
                cells.push_back(realCell(s->deviation, isThere));
                cells.push_back(numberCell(static_cast<double>(s->zeros),
                                           s->elements == 0
                                               ? ""
                                               : percentText(static_cast<double>(s->zeros) /
                                                             static_cast<double>(s->elements))));
                cells.push_back(
                    numberCell(static_cast<double>(infinite), std::to_string(infinite)));
            } else if (hasStatistics) {
                cells.resize(columns.size());
            }
            table.row(cells);
        }
    }
    page.endSection();
}

} // namespace jitscope::report
