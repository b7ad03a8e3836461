// Looks into a TorchServe archive. Private to core/archive.
#pragma once

#include "core/archive/record_access_p.h"

namespace jitscope::archive {

// Fills in what the manifest says. Ok where there is a record that may be a TorchScript model;
// whether it is one is told by inspecting that record itself.
void inspectServedModel(RecordAccess& records, Report& report, std::string& hashed);

} // namespace jitscope::archive
