// Makes zip archives for tests.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace jitscope::test {

using ZipRecords = std::vector<std::pair<std::string, std::string>>; // name, content

void writeZip(const std::filesystem::path& file, const ZipRecords& records,
              bool isDeflated = false);

// The smallest archive that has all that a TorchScript model has.
[[nodiscard]] ZipRecords smallModel();

// The records with that one added, or in the place of the one with its name.
[[nodiscard]] ZipRecords with(ZipRecords records, const std::string& name,
                              const std::string& content);

} // namespace jitscope::test
