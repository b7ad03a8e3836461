#include "profiler/record/failure_p.h"

#include "core/torchscript/exceptions_p.h"
#include "core/torchscript/operator_stubs_p.h"

#include <torch/csrc/jit/runtime/jit_exception.h>

namespace jitscope::record {

namespace {

std::string joined(const std::vector<std::string>& parts, const char* separator)
{
    std::string text;
    for (const std::string& part : parts)
        text += (text.empty() ? "" : separator) + part;
    return text;
}

std::string message()
{
    try {
        throw;
    } catch (const torch::jit::JITException& exception) {
        // What the model itself raised.
        const std::string name = exception.getPythonClassName().value_or("");
        const std::string text = exception.getOriginalMsg().value_or(exception.what());
        const auto dot = name.rfind('.');
        const std::string shortName = dot == std::string::npos ? name : name.substr(dot + 1);
        return "The model raised " + (shortName.empty() ? "an exception" : shortName) + ": " + text;
    } catch (...) {
        return torchscript::summary(torchscript::currentExceptionMessage());
    }
}

std::string place(ir::NodeKey node, const std::string& kind, torchscript::NodeIdentity& identity)
{
    const torchscript::NodeRecord& record = identity.record(node);
    const std::string path(identity.strings().at(record.modulePath));
    std::string text = kind;
    if (!path.empty())
        text += (text.empty() ? "" : " in ") + path;
    if (record.python != 0) {
        const auto& location = identity.sources().location(record.python);
        const auto& file = identity.sources().fragment(location.fragment).file;
        text += (text.empty() ? "" : ", ") + file + ":" + std::to_string(location.line);
    }
    return text;
}

} // namespace

Error modelFailure(ir::NodeKey node, const std::string& kind, torchscript::NodeIdentity& identity,
                   const Inputs& inputs)
{
    Error error{ErrorCode::ModelFailed, message(), place(node, kind, identity), {}};
    if (auto refusal = torchscript::stubRefusal(error.what)) {
        refusal->where = error.where;
        return *std::move(refusal);
    }
    if (!inputs.guessed.empty()) {
        error.remedy = "The inputs were guessed for " + joined(inputs.guessed, ", ") +
                       "; give them with --input if the guess is wrong. Used were: " +
                       joined(inputs.specs, "  ") + ". " + std::string(inputSpecSyntax());
    } else if (!inputs.specs.empty()) {
        error.remedy = "The inputs were: " + joined(inputs.specs, "  ");
    }
    return error;
}

} // namespace jitscope::record
