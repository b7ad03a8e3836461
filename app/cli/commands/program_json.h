// What `info` and `open` tell of a model as JSON, by the field names of docs/command-line.md.
#pragma once

#include "core/document/reader.h"
#include "core/ir/program.h"

#include <nlohmann/json.hpp>

#include <vector>

namespace jitscope::cli {

// Of a model: functions, methods, tensors, interface_calls, missing_operators; added to `out`.
void addProgram(nlohmann::json& out, const ir::Program& program);

// The same of a document.
[[nodiscard]] Result<void> addProgram(nlohmann::json& out, const document::Reader& reader);

[[nodiscard]] nlohmann::json missingToJson(const std::vector<ir::MissingOperator>& operators);

// "torchvision::nms can be read but not run without ...", of an entry of that list.
[[nodiscard]] std::string missingSentence(const nlohmann::json& missing);

} // namespace jitscope::cli
