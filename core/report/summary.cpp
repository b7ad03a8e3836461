#include "core/report/number_text_p.h"
#include "core/report/sections_p.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace jitscope::report {

namespace {

std::string kindText(archive::Kind kind)
{
    switch (kind) {
    case archive::Kind::TorchScript:
        return "TorchScript model";
    case archive::Kind::LiteInterpreter:
        return "Lite-interpreter model";
    case archive::Kind::ExportedProgram:
        return "Exported program (torch.export)";
    case archive::Kind::StateDict:
        return "State dict: tensors by name, no code";
    case archive::Kind::EagerPickle:
        return "Pickled Python objects (torch.save)";
    case archive::Kind::TorchServe:
        return "TorchServe archive";
    case archive::Kind::Onnx:
        return "ONNX model";
    case archive::Kind::SafeTensors:
        return "Safetensors file";
    case archive::Kind::ExecuTorch:
        return "ExecuTorch program";
    case archive::Kind::JitscopeDocument:
        return "Jitscope document";
    case archive::Kind::PrintedIr:
        return "Printed IR";
    case archive::Kind::Zip:
        return "Zip archive";
    case archive::Kind::Unknown:
        break;
    }
    return "File of an unknown kind";
}

std::string modelPathOf(const Content& content)
{
    const std::string path =
        content.facts != nullptr ? content.facts->infoValue("model_path") : std::string();
    return path.empty() ? content.source.file.string() : path;
}

struct Badge
{
    std::string_view style;
    std::string text;
};

Badge badgeOf(const Content& content)
{
    const Source& source = content.source;
    if (source.failure)
        return {"bad", "cannot be opened"};
    if (!source.inspection)
        return {"good", "document"};
    switch (source.inspection->verdict) {
    case archive::Verdict::Ok:
        return source.inspection->problems.empty() ? Badge{"good", "ok"}
                                                   : Badge{"warn", "ok, with remarks"};
    case archive::Verdict::Damaged:
        return {"bad", "damaged"};
    case archive::Verdict::Refused:
        return {"bad", "refused"};
    case archive::Verdict::Unsupported:
        return {"warn", "not supported"};
    }
    return {"warn", "unknown"};
}

void tile(Page& page, std::string_view name, const std::string& value)
{
    page.line(fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", escapedMarkup(name),
                          escapedMarkup(value)));
}

void fact(Page& page, std::string_view name, std::string_view value, bool isCode = false)
{
    if (value.empty())
        return;
    const std::string_view tag = isCode ? "code" : "span";
    page.line(fmt::format("<dt>{}</dt><dd><{}>{}</{}></dd>", escapedMarkup(name), tag,
                          escapedMarkup(value), tag));
}

void writeTiles(Page& page, const Content& content)
{
    const ModelFacts& facts = *content.facts;
    std::set<std::string> classes;
    for (const ModuleFacts& module : facts.modules)
        classes.insert(module.row.class_name);
    page.line("<dl class=\"tiles\">");
    tile(page, "Parameters", shortCount(facts.parameters));
    tile(page, "Tensors in memory", bytesText(facts.tensorBytes));
    tile(page, "Modules", grouped(facts.modules.size()));
    tile(page, "Module classes", grouped(classes.size()));
    tile(page, "Functions", grouped(facts.functions.size()));
    tile(page, "Nodes", grouped(facts.nodeCount));
    if (!facts.runs.empty())
        tile(page, "Recorded runs", grouped(facts.runs.size()));
    page.line("</dl>");
}

void writeFile(Page& page, const Content& content)
{
    const Source& source = content.source;
    fact(page, "File", modelPathOf(content), true);
    if (source.file.string() != modelPathOf(content))
        fact(page, "Document", source.file.string(), true);
    if (source.fileSize != 0)
        fact(page, "Size",
             bytesText(source.fileSize) + fmt::format(" ({} bytes)", grouped(source.fileSize)));
    if (source.inspection) {
        const archive::Report& report = *source.inspection;
        fact(page, "Kind", kindText(report.kind));
        fact(page, "Producer", report.producer);
        if (report.fileFormatVersion)
            fact(page, "File format", std::to_string(*report.fileFormatVersion));
        if (report.kind == archive::Kind::TorchScript)
            fact(page, "Origin", archive::originName(report.origin));
        fact(page, "Byte order", report.byteOrder);
        fact(page, "Hash", report.modelHash, true);
        if (!report.records.empty())
            fact(page, "Records", grouped(report.records.size()));
    } else if (content.facts != nullptr) {
        fact(page, "Hash", content.facts->infoValue("model_hash"), true);
        fact(page, "Model file", "not where the document says; its own facts are missing here");
    }
    if (content.facts != nullptr) {
        const std::string version = content.facts->infoValue("torch_version");
        fact(page, "Read with", version.empty() ? version : "LibTorch " + version);
        fact(page, "Document made", content.facts->infoValue("created_at"));
    }
}

void writeMethods(Page& page, const ModelFacts& facts)
{
    constexpr std::size_t most = 20;
    std::size_t shown = 0;
    for (const document::MethodRow& method : facts.methods) {
        const ModuleFacts* module = facts.moduleWithId(method.module);
        const FunctionFacts* function = facts.function(method.function);
        if (module == nullptr || function == nullptr || !module->row.path.empty())
            continue;
        if (shown == 0)
            page.line("<h3>Methods of the model</h3>\n<ul>");
        if (++shown <= most)
            page.line(fmt::format("<li><code>{}</code></li>", escapedMarkup(function->row.schema)));
    }
    if (shown > 0)
        page.line("</ul>");
    if (shown > most)
        page.note(fmt::format("And {} more.", shown - most));
}

void writeStages(Page& page, const ModelFacts& facts)
{
    if (facts.stages.size() <= 1)
        return;
    page.line("<h3>Stages in the document</h3>");
    constexpr std::size_t most = 200;
    Table table(page, "Stages in the document",
                {{"Stage", ColumnKind::Number},
                 {"Made from", ColumnKind::Number},
                 {"Kind"},
                 {"What"},
                 {"Method", ColumnKind::Code},
                 {"Time", ColumnKind::Number}});
    for (std::size_t i = 0; i < std::min(facts.stages.size(), most); ++i) {
        const document::StageRow& stage = facts.stages[i];
        const std::string method =
            stage.module.empty() ? stage.method : stage.module + "." + stage.method;
        table.row({numberCell(static_cast<double>(stage.id), std::to_string(stage.id)),
                   numberCell(static_cast<double>(stage.parent),
                              stage.parent == 0 ? "" : std::to_string(stage.parent)),
                   textCell(stage.kind), textCell(stage.label), textCell(method),
                   numberCell(static_cast<double>(stage.duration_ns),
                              stage.duration_ns == 0 ? "" : durationText(stage.duration_ns))});
    }
}

} // namespace

std::string titleOf(const Content& content)
{
    return std::filesystem::path(modelPathOf(content)).filename().string() + " – Jitscope report";
}

std::string headerOf(const Content& content)
{
    const Badge badge = badgeOf(content);
    std::string lead;
    const auto add = [&lead](const std::string& part) {
        if (!part.empty())
            lead += (lead.empty() ? "" : " · ") + part;
    };
    if (content.source.inspection) {
        add(kindText(content.source.inspection->kind));
        if (content.source.inspection->kind == archive::Kind::TorchScript)
            add(std::string(archive::originName(content.source.inspection->origin)));
    }
    if (content.facts != nullptr && !content.facts->modules.empty()) {
        add(content.facts->modules.front().row.class_name);
        add(plural(content.facts->parameters, "parameter", "parameters"));
    }
    if (content.source.fileSize != 0)
        add(bytesText(content.source.fileSize));
    return fmt::format(
        "<header>\n<h1>{} <span class=\"badge {}\">{}</span></h1>\n"
        "<p class=\"lead\">{}</p>\n</header>\n",
        escapedMarkup(std::filesystem::path(modelPathOf(content)).filename().string()), badge.style,
        badge.text, escapedMarkup(lead));
}

void writeSummary(Page& page, const Content& content)
{
    page.beginSection("summary", "Summary");
    if (content.facts != nullptr)
        writeTiles(page, content);
    page.line("<dl class=\"facts\">");
    writeFile(page, content);
    page.line("</dl>");
    if (content.facts != nullptr) {
        writeMethods(page, *content.facts);
        writeStages(page, *content.facts);
    }
    page.endSection();
}

void writeRecords(Page& page, const Content& content)
{
    if (!content.source.inspection || content.source.inspection->records.empty())
        return;
    const auto& records = content.source.inspection->records;
    page.beginSection("records", "Records", grouped(records.size()));
    std::vector<const archive::Record*> sorted;
    sorted.reserve(records.size());
    for (const archive::Record& record : records)
        sorted.push_back(&record);
    const std::size_t most = content.limits.tensors;
    if (sorted.size() > most) {
        std::stable_sort(sorted.begin(), sorted.end(),
                         [](const auto* a, const auto* b) { return a->size > b->size; });
        sorted.resize(most);
        page.note(fmt::format("The {} largest of {}.", grouped(most), grouped(records.size())));
    }
    {
        Table table(page, "Records of the archive",
                    {{"Name", ColumnKind::Code},
                     {"Bytes", ColumnKind::Number},
                     {"In the file", ColumnKind::Number},
                     {"CRC-32", ColumnKind::Code}},
                    true);
        for (const archive::Record* record : sorted) {
            table.row(
                {textCell(record->name),
                 numberCell(static_cast<double>(record->size), grouped(record->size)),
                 numberCell(static_cast<double>(record->storedSize), grouped(record->storedSize)),
                 textCell(fmt::format("{:08x}", record->checksum))});
        }
    }
    page.endSection();
}

} // namespace jitscope::report
