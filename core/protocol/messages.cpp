#include "core/protocol/messages.h"

#include "core/protocol/message_fields_p.h"

#include <array>

namespace jitscope::protocol {

using nlohmann::json;

namespace {

constexpr int firstErrorCode = -32000;
constexpr std::array errorCodes{ErrorCode::InvalidArgument, ErrorCode::UnusableFile,
                                ErrorCode::ModelFailed,     ErrorCode::EngineLost,
                                ErrorCode::Cancelled,       ErrorCode::Unavailable,
                                ErrorCode::Internal};

std::string textOf(const json& from, const char* name)
{
    const auto found = from.find(name);
    return found != from.end() && found->is_string() ? found->get<std::string>() : std::string();
}

} // namespace

void to_json(json& out, const InitializeParams& value)
{
    out = {{"protocolVersion", value.protocolVersion}, {"client", value.client}};
}

void from_json(const json& in, InitializeParams& value)
{
    readRequired(in, "protocolVersion", value.protocolVersion);
    readOptional(in, "client", value.client);
}

void to_json(json& out, const InitializeResult& value)
{
    out = {{"protocolVersion", value.protocolVersion},
           {"engineVersion", value.engineVersion},
           {"torchVersion", value.torchVersion},
           {"devices", value.devices},
           {"cudaRecording", value.cudaRecording}};
}

void from_json(const json& in, InitializeResult& value)
{
    readRequired(in, "protocolVersion", value.protocolVersion);
    readRequired(in, "engineVersion", value.engineVersion);
    readRequired(in, "torchVersion", value.torchVersion);
    readRequired(in, "devices", value.devices);
    readRequired(in, "cudaRecording", value.cudaRecording);
}

void to_json(json& out, const OpenParams& value)
{
    out = {{"model", value.model},
           {"document", value.document},
           {"operatorLibraries", value.operatorLibraries}};
}

void from_json(const json& in, OpenParams& value)
{
    readRequired(in, "model", value.model);
    readRequired(in, "document", value.document);
    readOptional(in, "operatorLibraries", value.operatorLibraries);
}

void to_json(json& out, const MissingOperator& value)
{
    out = {{"name", value.name}, {"library", value.library}, {"neededBy", value.neededBy}};
}

void from_json(const json& in, MissingOperator& value)
{
    readRequired(in, "name", value.name);
    readRequired(in, "library", value.library);
    readRequired(in, "neededBy", value.neededBy);
}

void to_json(json& out, const OpenResult& value)
{
    out = {{"document", value.document},
           {"modelHash", value.modelHash},
           {"problems", value.problems},
           {"missingOperators", value.missingOperators},
           {"rights", value.rights}};
}

void from_json(const json& in, OpenResult& value)
{
    readRequired(in, "document", value.document);
    readRequired(in, "modelHash", value.modelHash);
    readRequired(in, "problems", value.problems);
    readObjects(in, "missingOperators", value.missingOperators);
    readRequired(in, "rights", value.rights);
}

void to_json(json& out, const InlineParams& value)
{
    out = {{"module", value.module}, {"method", value.method}};
}

void from_json(const json& in, InlineParams& value)
{
    readOptional(in, "module", value.module);
    readOptional(in, "method", value.method);
}

void to_json(json& out, const StageResult& value)
{
    out = {{"stage", value.stage}};
}

void from_json(const json& in, StageResult& value)
{
    readRequired(in, "stage", value.stage);
}

void to_json(json& out, const ApplyParams& value)
{
    out = {{"stage", value.stage}, {"pass", value.pass}, {"arguments", value.arguments}};
}

void from_json(const json& in, ApplyParams& value)
{
    readRequired(in, "stage", value.stage);
    readRequired(in, "pass", value.pass);
    readOptional(in, "arguments", value.arguments);
}

void to_json(json& out, const ApplyResult& value)
{
    out = {{"stage", value.stage}, {"changed", value.changed}, {"message", value.message}};
}

void from_json(const json& in, ApplyResult& value)
{
    readRequired(in, "stage", value.stage);
    readRequired(in, "changed", value.changed);
    readRequired(in, "message", value.message);
}

void to_json(json& out, const RunParams& value)
{
    out = {{"stage", value.stage},     {"inputs", value.inputs},
           {"device", value.device},   {"warmups", value.warmups},
           {"threads", value.threads}, {"iterations", value.iterations},
           {"mode", value.mode},       {"observeTypes", value.observeTypes}};
}

void from_json(const json& in, RunParams& value)
{
    readRequired(in, "stage", value.stage);
    readOptional(in, "inputs", value.inputs);
    readOptional(in, "device", value.device);
    readOptional(in, "warmups", value.warmups);
    readOptional(in, "iterations", value.iterations);
    readOptional(in, "threads", value.threads);
    readOptional(in, "mode", value.mode);
    readOptional(in, "observeTypes", value.observeTypes);
}

void to_json(json& out, const RunResult& value)
{
    out = {{"run", value.run}, {"executedStage", value.executedStage}};
}

void from_json(const json& in, RunResult& value)
{
    readRequired(in, "run", value.run);
    readRequired(in, "executedStage", value.executedStage);
}

void to_json(json& out, const PassDescription::Argument& value)
{
    out = {{"name", value.name},
           {"meaning", value.meaning},
           {"defaultValue", value.defaultValue},
           {"choices", value.choices}};
}

void from_json(const json& in, PassDescription::Argument& value)
{
    readRequired(in, "name", value.name);
    readRequired(in, "meaning", value.meaning);
    readRequired(in, "defaultValue", value.defaultValue);
    readOptional(in, "choices", value.choices);
}

void to_json(json& out, const PassDescription& value)
{
    out = {{"name", value.name},     {"label", value.label},        {"category", value.category},
           {"effect", value.effect}, {"needs", value.needs},        {"arguments", value.arguments},
           {"reason", value.reason}, {"available", value.available}};
}

void from_json(const json& in, PassDescription& value)
{
    readRequired(in, "name", value.name);
    readRequired(in, "label", value.label);
    readRequired(in, "category", value.category);
    readRequired(in, "effect", value.effect);
    readRequired(in, "needs", value.needs);
    readObjects(in, "arguments", value.arguments);
    readRequired(in, "available", value.available);
    readRequired(in, "reason", value.reason);
}

json errorToJson(const Error& error)
{
    return {{"code", firstErrorCode - static_cast<int>(error.code)},
            {"message", error.what},
            {"data",
             {{"kind", errorKind(error.code)}, {"where", error.where}, {"remedy", error.remedy}}}};
}

Error errorFromJson(const json& in)
{
    Error error;
    if (!in.is_object()) {
        error.what = "The answer is no proper error.";
        return error;
    }
    error.what = textOf(in, "message");
    if (error.what.empty())
        error.what = "The other end gave no reason.";
    const auto data = in.find("data");
    if (data == in.end() || !data->is_object()) {
        // An error of JSON-RPC itself: one end does not understand the other.
        return error;
    }
    error.where = textOf(*data, "where");
    error.remedy = textOf(*data, "remedy");
    const std::string kind = textOf(*data, "kind");
    for (const ErrorCode code : errorCodes) {
        if (errorKind(code) == kind)
            error.code = code;
    }
    return error;
}

} // namespace jitscope::protocol
