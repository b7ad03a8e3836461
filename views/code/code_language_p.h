// The kinds of text that the code view shows. Private to views/code.
#pragma once

#include <cstdint>

namespace jitscope::views {

enum class CodeLanguage : std::uint8_t
{
    Python,     // original source
    Serialized, // TorchScript's own, which is Python to the eye
    Ir,
};

} // namespace jitscope::views
