// Operators of a model that no library provides here: stubs for them, and what is told of them.
#pragma once

#include "core/ir/program.h"
#include "core/torchscript/archive_p.h"
#include "core/torchscript/operator_stubs_p.h"

#include <string_view>
#include <vector>

namespace jitscope::torchscript {

// To be asked when the model in the archive did not load, with the message of the exception: true
// when it lacked operators for which there are stubs now, so that loading may be tried again.
[[nodiscard]] bool stubMissing(OperatorStubs& stubs, const Archive& archive,
                               std::string_view message);

// Those of the stubs that the functions call, with the first call of each.
[[nodiscard]] std::vector<ir::MissingOperator>
describeMissing(const OperatorStubs& stubs, const std::vector<ir::Function>& functions);

} // namespace jitscope::torchscript
