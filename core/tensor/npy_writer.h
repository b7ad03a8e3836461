// Writes arrays as numpy.save does (https://numpy.org/doc/stable/reference/generated/
// numpy.lib.format.html), little-endian and in C order. Version 1.0 of the format; 2.0 where the
// header is too long for it.
#pragma once

#include "core/support/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace jitscope::tensor {

// Everything before the elements. `type` is NumPy's name of their type, such as "<f4".
[[nodiscard]] std::string npyHeader(std::string_view type, std::span<const std::int64_t> shape);

// One file. It appears under its name when it is complete; until then, and if it never is, there is
// nothing at that place but what was there before.
class NpyWriter
{
public:
    [[nodiscard]] static Result<NpyWriter> create(const std::filesystem::path& path,
                                                  std::string_view type,
                                                  std::span<const std::int64_t> shape);
    NpyWriter(NpyWriter&&) noexcept;
    NpyWriter& operator=(NpyWriter&&) noexcept;
    ~NpyWriter();

    [[nodiscard]] Result<void> append(std::span<const std::byte> elements);
    [[nodiscard]] Result<void> finish();

private:
    class File;
    explicit NpyWriter(std::unique_ptr<File> file);
    std::unique_ptr<File> m_file;
};

} // namespace jitscope::tensor
