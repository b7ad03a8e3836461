#include "profiler/record/npy_file_p.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <optional>
#include <string_view>

namespace jitscope::record {

namespace {

struct NumpyType
{
    std::string_view numpy;
    std::string_view torch;
    std::size_t bytes;
};

constexpr std::array types{
    NumpyType{"<f4", "float32", 4},      NumpyType{"<f8", "float64", 8},
    NumpyType{"<f2", "float16", 2},      NumpyType{"<i8", "int64", 8},
    NumpyType{"<i4", "int32", 4},        NumpyType{"<i2", "int16", 2},
    NumpyType{"|i1", "int8", 1},         NumpyType{"|u1", "uint8", 1},
    NumpyType{"|b1", "bool", 1},         NumpyType{"<c8", "complex64", 8},
    NumpyType{"<c16", "complex128", 16},
};

constexpr std::uint32_t longestHeader = 1 << 20;

tl::unexpected<Error> damaged(const std::filesystem::path& file, std::string what)
{
    return fail(ErrorCode::InvalidArgument, std::move(what), file.string(),
                "Save the array again with numpy.save.");
}

// What follows "'key': " up to a comma outside of parentheses or the closing brace.
std::string_view entry(std::string_view header, std::string_view key)
{
    auto at = header.find(key);
    if (at == std::string_view::npos)
        return {};
    at = header.find(':', at);
    if (at == std::string_view::npos)
        return {};
    header.remove_prefix(at + 1);
    header.remove_prefix(std::min(header.find_first_not_of(' '), header.size()));
    if (header.starts_with('('))
        return header.substr(0, header.find(')'));
    return header.substr(0, header.find_first_of(",}"));
}

std::optional<std::vector<std::int64_t>> shapeOf(std::string_view text)
{
    if (!text.starts_with('('))
        return std::nullopt;
    text.remove_prefix(1);
    std::vector<std::int64_t> shape;
    while (!text.empty()) {
        text.remove_prefix(std::min(text.find_first_not_of(" ,"), text.size()));
        if (text.empty())
            break;
        std::int64_t size = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
        if (error != std::errc{} || size < 0)
            return std::nullopt;
        shape.push_back(size);
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    }
    return shape;
}

} // namespace

Result<NpyArray> readNpy(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        return fail(ErrorCode::InvalidArgument, "The input file cannot be read.", file.string(),
                    "Check the path.");
    }
    std::array<unsigned char, 8> start{};
    stream.read(reinterpret_cast<char*>(start.data()), start.size()); // NOLINT: bytes
    constexpr std::string_view magic = "\x93NUMPY";
    if (!stream ||
        !std::equal(magic.begin(), magic.end(), start.begin(),
                    [](char a, unsigned char b) { return static_cast<unsigned char>(a) == b; }))
        return damaged(file, "The input file is no .npy file.");
    const std::size_t sizeBytes = start[6] == 1 ? 2 : 4;
    std::uint32_t headerSize = 0;
    for (std::size_t i = 0; i < sizeBytes; ++i)
        headerSize |= static_cast<std::uint32_t>(stream.get() & 0xff) << (8 * i);
    if (!stream || headerSize > longestHeader)
        return damaged(file, "The header of the .npy file is damaged.");
    std::string header(headerSize, ' ');
    stream.read(header.data(), headerSize);
    if (!stream)
        return damaged(file, "The .npy file is cut off.");

    std::string_view descr = entry(header, "'descr'");
    if (descr.size() >= 2 && descr.front() == '\'')
        descr = descr.substr(1, descr.find('\'', 1) - 1);
    const auto type = std::find_if(types.begin(), types.end(), [&](const NumpyType& candidate) {
        return candidate.numpy == descr;
    });
    if (type == types.end()) {
        return damaged(file, "The .npy file holds elements of type '" + std::string(descr) +
                                 "', which is not supported.");
    }
    const auto shape = shapeOf(entry(header, "'shape'"));
    if (!shape)
        return damaged(file, "The shape in the .npy file is damaged.");

    NpyArray array;
    array.dtype = std::string(type->torch);
    array.shape = *shape;
    array.columnMajor = entry(header, "'fortran_order'").starts_with("True");
    // The size of the rest of the file bounds that of the array.
    const auto dataStart = stream.tellg();
    stream.seekg(0, std::ios::end);
    const auto available = static_cast<std::uint64_t>(stream.tellg() - dataStart);
    stream.seekg(dataStart);
    std::uint64_t size = type->bytes;
    for (const std::int64_t side : array.shape) {
        if (side != 0 && size > available / static_cast<std::uint64_t>(side))
            return damaged(file, "The .npy file is cut off.");
        size *= static_cast<std::uint64_t>(side);
    }
    array.bytes.resize(size);
    stream.read(reinterpret_cast<char*>(array.bytes.data()), // NOLINT: bytes
                static_cast<std::streamsize>(size));
    if (!stream)
        return damaged(file, "The .npy file is cut off.");
    return array;
}

} // namespace jitscope::record
