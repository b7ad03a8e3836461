#include "core/report/number_text_p.h"
#include "core/report/sections_p.h"
#include "core/report/tensor_use_p.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace jitscope::report {

namespace {

constexpr std::uint64_t largeConstant = 1'000'000; // bytes
constexpr std::size_t mostNames = 12;              // in one finding

enum class Severity
{
    Error,
    Warning,
    Note
};

struct Finding
{
    Severity severity = Severity::Note;
    std::string what;
    std::string remedy;
    std::vector<std::string> names; // of tensors, operators, functions
};

std::string namesText(const std::vector<std::string>& names)
{
    std::string text;
    for (std::size_t i = 0; i < std::min(names.size(), mostNames); ++i)
        text += fmt::format("{}<code>{}</code>", i == 0 ? "" : ", ", escapedMarkup(names[i]));
    if (names.size() > mostNames)
        text += fmt::format(" and {} more", names.size() - mostNames);
    return text;
}

void addFile(std::vector<Finding>& findings, const Source& source)
{
    if (source.failure)
        findings.push_back(
            {Severity::Error,
             source.failure->what +
                 (source.failure->where.empty() ? "" : " (" + source.failure->where + ")"),
             source.failure->remedy,
             {}});
    if (source.inspection) {
        const bool isOk = source.inspection->verdict == archive::Verdict::Ok;
        for (const archive::Problem& problem : source.inspection->problems) {
            findings.push_back({isOk ? Severity::Warning : Severity::Error, problem.message,
                                problem.remedy,
                                problem.record.empty() ? std::vector<std::string>{}
                                                       : std::vector{problem.record}});
        }
    }
    for (const std::string& problem : source.problems)
        findings.push_back({Severity::Warning, problem, {}, {}});
    if (!source.stubbedOperators.empty()) {
        findings.push_back({Severity::Warning,
                            fmt::format("{} not known here: the model can be read but not run.",
                                        source.stubbedOperators.size() == 1 ? "One operator is"
                                                                            : "Some operators are"),
                            "Name the library that has them with --op-library.",
                            source.stubbedOperators});
    }
}

void addUnused(std::vector<Finding>& findings, const ModelFacts& facts)
{
    const std::vector<const TensorFacts*> unused = unusedTensors(facts);
    for (const std::string_view role : {"parameter", "buffer"}) {
        Finding finding;
        std::uint64_t bytes = 0;
        for (const TensorFacts* tensor : unused) {
            if (tensor->row.role != role)
                continue;
            finding.names.push_back(tensor->row.name);
            bytes += static_cast<std::uint64_t>(std::max<std::int64_t>(tensor->row.bytes, 0));
        }
        if (finding.names.empty())
            continue;
        const std::string what(role);
        finding.severity = role == "parameter" ? Severity::Warning : Severity::Note;
        finding.what = fmt::format("No method of the model reads {} ({}).",
                                   plural(finding.names.size(), role.data(), (what + "s").c_str()),
                                   bytesText(bytes));
        finding.remedy = "Freezing leaves them out of the file.";
        findings.push_back(std::move(finding));
    }
}

void addTensors(std::vector<Finding>& findings, const ModelFacts& facts)
{
    Finding constants;
    Finding doubles;
    Finding broken;
    std::uint64_t bytes = 0;
    std::map<std::string, std::vector<std::string>> storages;
    for (const TensorFacts& tensor : facts.tensors) {
        const auto size = static_cast<std::uint64_t>(std::max<std::int64_t>(tensor.row.bytes, 0));
        if (tensor.row.role == "constant" && size >= largeConstant) {
            constants.names.push_back(tensor.row.name);
            bytes += size;
        }
        if (tensor.row.role == "parameter" && tensor.row.dtype == "float64")
            doubles.names.push_back(tensor.row.name);
        if (tensor.statistics != nullptr && tensor.statistics->nan +
                                                    tensor.statistics->positive_infinity +
                                                    tensor.statistics->negative_infinity >
                                                0)
            broken.names.push_back(tensor.row.name);
        if (!tensor.row.storage.empty() && tensor.row.role == "parameter")
            storages[tensor.row.storage].push_back(tensor.row.name);
    }
    if (!broken.names.empty()) {
        broken.severity = Severity::Error;
        broken.what = "Tensors hold values that are no finite numbers.";
        broken.remedy = "Outputs that depend on them will be no numbers either.";
        findings.push_back(std::move(broken));
    }
    if (!constants.names.empty()) {
        constants.severity = Severity::Note;
        constants.what =
            fmt::format("{} of 1 MB or more are baked into the graphs ({}).",
                        plural(constants.names.size(), "constant", "constants"), bytesText(bytes));
        constants.remedy = "What should be a weight or an input may have been a Python tensor when "
                           "the model was traced. Frozen models have their weights here.";
        findings.push_back(std::move(constants));
    }
    if (!doubles.names.empty()) {
        doubles.severity = Severity::Note;
        doubles.what = "Parameters are of type float64.";
        doubles.remedy = "float32 needs half the memory, and GPUs are many times faster with it.";
        findings.push_back(std::move(doubles));
    }
    Finding shared;
    for (const auto& [storage, names] : storages) {
        if (names.size() > 1)
            shared.names.push_back(fmt::format("{}", fmt::join(names, " = ")));
    }
    if (!shared.names.empty()) {
        shared.what = "Parameters share memory; they count once in the sum of the sizes.";
        findings.push_back(std::move(shared));
    }
}

void addOperators(std::vector<Finding>& findings, const Content& content)
{
    static const std::set<std::string_view> known = {
        "aten", "prim", "prims", "quantized", "mkldnn", "onednn", "sparse", "profiler", "cuda"};
    Finding finding;
    std::set<std::string> kinds;
    for (const FunctionFacts& function : content.facts->functions) {
        for (const auto& [kind, count] : function.kinds) {
            const std::size_t colons = kind.find("::");
            if (colons != std::string::npos &&
                !known.contains(std::string_view(kind).substr(0, colons)))
                kinds.insert(kind);
        }
    }
    if (kinds.empty() || !content.source.stubbedOperators.empty())
        return;
    finding.names.assign(kinds.begin(), kinds.end());
    finding.what = "Operators come from libraries other than PyTorch: whoever runs the model needs "
                   "those too.";
    findings.push_back(std::move(finding));
}

void addSources(std::vector<Finding>& findings, const ModelFacts& facts)
{
    if (facts.nodeCount == 0 || facts.nodesWithSource == facts.nodeCount)
        return;
    std::map<std::string, std::uint64_t> without;
    for (const FunctionFacts& function : facts.functions) {
        for (const ir::Node& node : function.graph->nodes) {
            if (node.source.line == 0)
                ++without[std::string(function.graph->kind(node))];
        }
    }
    std::vector<std::pair<std::string, std::uint64_t>> sorted(without.begin(), without.end());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    Finding finding;
    const std::uint64_t missing = facts.nodeCount - facts.nodesWithSource;
    finding.what = fmt::format(
        "{} of {} nodes ({}) have no Python line.", grouped(missing), grouped(facts.nodeCount),
        percentText(static_cast<double>(missing) / static_cast<double>(facts.nodeCount)));
    finding.remedy = missing == facts.nodeCount
                         ? "The file was saved without debug records, or they were stripped."
                         : "Most often these are nodes that LibTorch adds on its own.";
    for (const auto& [kind, count] : sorted)
        finding.names.push_back(fmt::format("{} ({})", kind, count));
    findings.push_back(std::move(finding));
}

std::string_view styleOf(Severity severity)
{
    return severity == Severity::Error     ? "error"
           : severity == Severity::Warning ? "warning"
                                           : "remark";
}

} // namespace

void writeFindings(Page& page, const Content& content)
{
    std::vector<Finding> findings;
    addFile(findings, content.source);
    if (content.facts != nullptr) {
        addOperators(findings, content);
        addTensors(findings, *content.facts);
        addUnused(findings, *content.facts);
        addSources(findings, *content.facts);
    }
    std::stable_sort(findings.begin(), findings.end(),
                     [](const Finding& a, const Finding& b) { return a.severity < b.severity; });
    page.beginSection("findings", "Findings", findings.empty() ? "" : grouped(findings.size()));
    if (findings.empty())
        page.line("<p>Nothing was found.</p>");
    else
        page.line("<ul class=\"findings\">");
    for (const Finding& finding : findings) {
        page.line(fmt::format("<li class=\"{0}\"><p><strong>{1}:</strong> {2}</p>",
                              styleOf(finding.severity),
                              finding.severity == Severity::Error     ? "Error"
                              : finding.severity == Severity::Warning ? "Warning"
                                                                      : "Note",
                              escapedMarkup(finding.what)));
        if (!finding.names.empty())
            page.line("<p>" + namesText(finding.names) + "</p>");
        if (!finding.remedy.empty())
            page.line("<p class=\"remedy\">" + escapedMarkup(finding.remedy) + "</p>");
        page.line("</li>");
    }
    if (!findings.empty())
        page.line("</ul>");
    page.endSection();
}

} // namespace jitscope::report
