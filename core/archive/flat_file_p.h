// A lite-interpreter file in flatbuffer form, checked and open. Private to core/archive.
#pragma once

#include "core/archive/flat_module_p.h"
#include "core/archive/mapped_file_p.h"

namespace jitscope::archive {

[[nodiscard]] bool isFlatFile(const std::filesystem::path& file); // by its first bytes

class FlatFile
{
public:
    // The Error says what is wrong with the file.
    [[nodiscard]] static Result<FlatFile> open(const std::filesystem::path& file);

    [[nodiscard]] const FlatModule& module() const { return m_module; }

private:
    FlatFile(MappedFile file, const FlatModule& module) : m_file(std::move(file)), m_module(module)
    {}

    MappedFile m_file;
    FlatModule m_module;
};

} // namespace jitscope::archive
