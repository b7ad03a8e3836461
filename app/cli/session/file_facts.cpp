#include "app/cli/session/file_facts.h"

#include "app/cli/session/report_json.h"

#include "core/archive/record_content.h"

namespace jitscope::cli {

using nlohmann::json;

namespace {

void addRecords(std::vector<document::ArchiveRecordRow>& rows, const archive::Report& report,
                const std::string& archive)
{
    const auto number = [](std::uint64_t n) { return static_cast<std::int64_t>(n); };
    for (const archive::Record& record : report.records) {
        const char* checksum = !record.checksumHolds   ? "unread"
                               : *record.checksumHolds ? "holds"
                                                       : "fails";
        rows.push_back({0, archive, record.name, number(record.size), number(record.storedSize),
                        number(record.checksum), checksum,
                        std::string(archive::recordContent(record.name))});
    }
}

void addProblems(std::vector<document::ProblemRow>& rows, const archive::Report& report)
{
    for (const archive::Problem& problem : report.problems)
        rows.push_back({0, problem.code, problem.record, problem.message, problem.remedy});
}

// Of the model, with what an archive around it says of itself. The records are rows.
json factsOf(const ModelFile& model)
{
    json facts = toJson(model.report);
    if (model.archive) {
        const json around = toJson(*model.archive);
        for (const char* field : {"served", "model_hash"}) {
            if (around.contains(field))
                facts[field] = around[field];
        }
        facts["served"]["kind"] = facts["kind"];
        facts["kind"] = around["kind"];
    }
    facts.erase("records");
    facts.erase("problems");
    return facts;
}

} // namespace

Result<void> writeFileFacts(document::Writer& writer, const ModelFile& model,
                            const std::vector<std::string>& unreadable)
{
    std::vector<document::ProblemRow> problems;
    if (model.archive)
        addProblems(problems, *model.archive);
    addProblems(problems, model.report);
    for (const std::string& sentence : unreadable)
        problems.push_back({0, "unreadable-part", {}, sentence, {}});
    std::vector<document::ArchiveRecordRow> records;
    if (model.archive)
        addRecords(records, *model.archive, {});
    addRecords(records, model.report, model.insideOf);
    if (const Result<void> written = writer.writeFile(problems, records); !written)
        return written;
    return writer.setInfo("file_facts",
                          factsOf(model).dump(-1, ' ', false, json::error_handler_t::replace));
}

} // namespace jitscope::cli
