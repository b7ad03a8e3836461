// Looks into the archive of a TorchScript model. Private to core/archive.
#pragma once

#include "core/archive/record_access_p.h"

namespace jitscope::archive {

// Fills in what the archive's code and pickles tell, and the problems. `hashed` begins with the
// text of the archive's directory; the content of code and pickles is added to it.
void inspectModel(RecordAccess& records, Report& report, bool hasTopFolder, std::string& hashed);

} // namespace jitscope::archive
