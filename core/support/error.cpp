#include "core/support/error.h"

#include <fmt/format.h>

namespace jitscope {

std::string Error::message() const
{
    std::string text = what;
    if (!where.empty())
        text += fmt::format(" ({})", where);
    if (!remedy.empty())
        text += fmt::format(" {}", remedy);
    return text;
}

std::string_view errorKind(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidArgument:
        return "invalid-argument";
    case ErrorCode::UnusableFile:
        return "unusable-file";
    case ErrorCode::ModelFailed:
        return "model-failed";
    case ErrorCode::EngineLost:
        return "engine-lost";
    case ErrorCode::Cancelled:
        return "cancelled";
    case ErrorCode::Unavailable:
        return "unavailable";
    case ErrorCode::Internal:
        return "internal";
    }
    return "internal";
}

int exitCode(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidArgument:
        return 2;
    case ErrorCode::UnusableFile:
        return 3;
    case ErrorCode::ModelFailed:
    case ErrorCode::Unavailable:
        return 4;
    case ErrorCode::EngineLost:
    case ErrorCode::Internal:
        return 5;
    case ErrorCode::Cancelled:
        return 6;
    }
    return 5;
}

} // namespace jitscope
