#include "app/cli/session/report_json.h"

namespace jitscope::cli {

using nlohmann::json;

namespace {

void addContents(json& out, const archive::Report& report)
{
    if (report.records.empty())
        return;
    out["records"] = json::array();
    for (const archive::Record& record : report.records) {
        out["records"].push_back(
            {{"name", record.name}, {"bytes", record.size}, {"stored_bytes", record.storedSize}});
    }
    out["checksums"] = {{"verified", report.checksums.verified},
                        {"failed", report.checksums.failed},
                        {"unverified", report.checksums.unverified},
                        {"unverified_bytes", report.checksums.unverifiedBytes}};
}

void addModelFacts(json& out, const archive::Report& report)
{
    out["origin"] = archive::originName(report.origin);
    out["has_code"] = report.hasCode;
    out["called_operators"] = json::array();
    for (const archive::NamedOperator& op : report.operators)
        out["called_operators"].push_back({{"name", op.name}, {"calls", op.calls}});
    out["classes"] = report.classes;
    out["custom_classes"] = report.customClasses;
    out["runs_at_load"] = report.runAtLoad;
    out["sample_inputs"] = json::array();
    for (const archive::SampleInputs& inputs : report.sampleInputs)
        out["sample_inputs"].push_back(
            {{"method", inputs.method}, {"arguments", inputs.arguments}});
    if (!report.bytecodeVersion)
        return;
    json functions = json::array();
    for (const archive::BytecodeSummary& function : report.bytecode) {
        functions.push_back({{"name", function.name},
                             {"instructions", function.instructions},
                             {"operators", function.operators},
                             {"constants", function.constants},
                             {"types", function.types},
                             {"registers", function.registers}});
    }
    out["bytecode"] = {{"version", *report.bytecodeVersion}, {"functions", std::move(functions)}};
}

json toJson(const archive::ServedModel& served)
{
    return {{"name", served.name},
            {"version", served.version},
            {"handler", served.handler},
            {"runtime", served.runtime},
            {"archiver", served.archiver},
            {"model_file", served.modelFile},
            {"serialized", served.serialized}};
}

} // namespace

json toJson(const archive::Problem& problem)
{
    return {{"code", problem.code},
            {"record", problem.record},
            {"message", problem.message},
            {"remedy", problem.remedy}};
}

json toJson(const archive::Report& report)
{
    json out = {{"kind", archive::kindName(report.kind)},
                {"verdict", archive::verdictName(report.verdict)},
                {"problems", json::array()}};
    if (const std::string_view format = archive::formatName(report.kind); !format.empty())
        out["format"] = format;
    for (const archive::Problem& problem : report.problems)
        out["problems"].push_back(toJson(problem));
    if (!report.producer.empty())
        out["producer"] = report.producer;
    if (report.fileFormatVersion)
        out["file_format_version"] = *report.fileFormatVersion;
    if (!report.byteOrder.empty())
        out["byte_order"] = report.byteOrder;
    if (!report.modelHash.empty())
        out["model_hash"] = report.modelHash;
    addContents(out, report);
    if (report.kind == archive::Kind::TorchScript || report.kind == archive::Kind::LiteInterpreter)
        addModelFacts(out, report);
    if (report.served)
        out["served"] = toJson(*report.served);
    return out;
}

json describedTensors(const archive::Report& report)
{
    json tensors = json::array();
    for (const archive::DescribedTensor& tensor : report.tensors) {
        tensors.push_back({{"name", tensor.name},
                           {"role", tensor.isConstant    ? "constant"
                                    : tensor.isParameter ? "parameter"
                                                         : "attribute"},
                           {"dtype", tensor.dtype},
                           {"shape", tensor.shape},
                           {"bytes", tensor.bytes}});
    }
    return tensors;
}

} // namespace jitscope::cli
