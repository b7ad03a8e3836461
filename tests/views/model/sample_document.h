// A document made without LibTorch, for tests of the views: a model M with the modules features
// (Sequential), features.0 (Conv2d) and features.1 (ReLU), the stages `loaded` (1), `inlined` (2)
// and two passes on it (3 and 4, the second a branch), and a run of stage 3 with one slice for each
// node.
#pragma once

#include "core/document/writer.h"

#include <filesystem>

namespace jitscope::test {

// Throws when the document cannot be written.
void writeSampleDocument(const std::filesystem::path& path);

// What a stage or a run adds to an open document.
std::int64_t addSampleStage(document::Writer& writer, std::int64_t parent, const char* label);
std::int64_t addSampleRun(document::Writer& writer, std::int64_t stage, const char* state = "done");

} // namespace jitscope::test
