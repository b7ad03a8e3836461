// What went wrong, for a person: what, where, and what to do about it.
#pragma once

#include <string>
#include <string_view>

namespace jitscope {

// Decides the exit code of the command line and the error code of the protocol.
enum class ErrorCode
{
    InvalidArgument, // wrong use: an unknown option, pass, method or stage
    UnusableFile,    // the file cannot be read, is damaged, or is no model
    ModelFailed,     // the model or a pass raised an error
    EngineLost,      // the engine crashed or was ended
    Cancelled,       // the user asked to stop; shown as no error
    Unavailable,     // the machine lacks something: a GPU, a library, a right
    Internal,        // a broken promise of our own code
};

struct Error
{
    ErrorCode code = ErrorCode::Internal;
    std::string what;   // one sentence
    std::string where;  // a path, a record of an archive, a node, a line; may be empty
    std::string remedy; // what the user can do; may be empty

    // All parts in one readable paragraph.
    [[nodiscard]] std::string message() const;
};

// "unusable-file" and the like, for JSON. (Not called toString: QtTest would take it for its own.)
[[nodiscard]] std::string_view errorKind(ErrorCode code);

// The exit code of the command line for an error (documented in docs/command-line.md).
[[nodiscard]] int exitCode(ErrorCode code);

} // namespace jitscope
