// The catalogue of passes as the protocol and `passes --list --json` give it.
#pragma once

#include "core/protocol/messages.h"

namespace jitscope::cli {

[[nodiscard]] std::vector<protocol::PassDescription> passDescriptions();

} // namespace jitscope::cli
