// What the first bytes of a file say it is. Private to core/archive.
#pragma once

#include "core/archive/preflight.h"

namespace jitscope::archive {

struct Signature
{
    Kind kind = Kind::Unknown; // Zip for every zip archive, LiteInterpreter for a flatbuffer only
    Verdict verdict = Verdict::Unsupported;
    std::string code; // of the problem, if there is one
    std::string message;
    std::string remedy;
    std::string producer;
};

inline constexpr std::string_view textCode = "text"; // the code of what is text, of no kind known

// `head` is the beginning of the file, of up to signatureLength bytes.
inline constexpr std::size_t signatureLength = 4096;
// Whether it is a lite-interpreter file in flatbuffer form; the first 8 bytes suffice.
[[nodiscard]] bool isFlatModule(std::string_view head);
[[nodiscard]] Signature signatureOf(std::string_view head, std::uint64_t fileSize);

} // namespace jitscope::archive
