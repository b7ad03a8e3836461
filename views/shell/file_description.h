// The file that a document was made of, in words: what the check before loading it found.
#pragma once

#include "views/shell/node_description.h"

namespace jitscope::views {

// Empty for a document that does not tell, because an older Jitscope made it.
[[nodiscard]] Description describeFile(const DocumentContent& content);

// A problem as one sentence or two: what is wrong, the record, what to do.
[[nodiscard]] QString problemText(const document::ProblemRow& problem);

} // namespace jitscope::views
