// What goes to standard error: messages, and progress where a person is looking.
#pragma once

#include "core/support/job.h"

namespace jitscope::cli {

void tellError(const Error& error);

// A job whose log goes to standard error, and whose progress does if that is a terminal.
[[nodiscard]] JobContext jobForTerminal();
// Takes the line with the progress away.
void clearProgress();

} // namespace jitscope::cli
