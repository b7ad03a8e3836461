// What the check of a model's file found, for the document that is made of it.
#pragma once

#include "app/cli/session/model_file.h"

#include "core/document/writer.h"

#include <string>
#include <vector>

namespace jitscope::cli {

// `unreadable` are the parts of the program that could not be read, a sentence each.
[[nodiscard]] Result<void> writeFileFacts(document::Writer& writer, const ModelFile& model,
                                          const std::vector<std::string>& unreadable);

} // namespace jitscope::cli
