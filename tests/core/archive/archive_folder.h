// A folder for archives that a test makes, and what the check says of them.
#pragma once

#include "core/archive/preflight.h"
#include "tests/core/archive/zip_file.h"

#include <QTemporaryDir>

#include <filesystem>
#include <fstream>
#include <string>

namespace jitscope::test {

class ArchiveFolder
{
public:
    [[nodiscard]] std::filesystem::path folder() const { return m_folder.path().toStdString(); }
    [[nodiscard]] std::filesystem::path path(const char* name) const
    {
        return m_folder.filePath(QString::fromUtf8(name)).toStdString();
    }
    [[nodiscard]] archive::Report inspectRecords(const ZipRecords& records) const
    {
        writeZip(path("records.pt"), records);
        return archive::inspect(path("records.pt")).value();
    }
    [[nodiscard]] archive::Report inspectBytes(const std::string& bytes) const
    {
        std::ofstream(path("bytes.pt"), std::ios::binary) << bytes;
        return archive::inspect(path("bytes.pt")).value();
    }

private:
    QTemporaryDir m_folder;
};

} // namespace jitscope::test
