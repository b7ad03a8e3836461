// `jitscope-cli serve`: the engine. Speaks docs/protocol.md over its standard input and output.
#pragma once

namespace jitscope::cli {

// Returns only when the input cannot be understood; the end of the input or the notification
// `exit` ends the process at once, also in the middle of a job. Gives the exit code. To be called
// on the main thread before any other is started.
[[nodiscard]] int runServe();

} // namespace jitscope::cli
