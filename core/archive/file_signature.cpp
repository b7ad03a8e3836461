#include "core/archive/file_signature_p.h"

#include <algorithm>
#include <array>

namespace jitscope::archive {

namespace {

using namespace std::string_view_literals;

constexpr auto downloadAgain = "Download or copy the file again, in binary mode."sv;

bool isText(std::string_view head)
{
    return std::none_of(head.begin(), head.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t';
    });
}

// A safetensors file begins with the size of its JSON header, 8 bytes little-endian.
bool isSafeTensors(std::string_view head, std::uint64_t fileSize)
{
    if (head.size() < 9 || head[8] != '{')
        return false;
    std::uint64_t header = 0;
    for (int i = 7; i >= 0; --i)
        header = header << 8 | static_cast<unsigned char>(head[static_cast<std::size_t>(i)]);
    return header >= 2 && header <= fileSize - 8;
}

// An ONNX file is the protobuf message ModelProto: field 1 is ir_version (a small number), field 2
// the producer's name, or field 7 the graph, 8 the operator set. Gives the producer.
std::optional<std::string> onnxProducer(std::string_view head)
{
    if (head.size() < 4 || head[0] != 0x08 || static_cast<unsigned char>(head[1]) > 64 ||
        head[1] == 0)
        return std::nullopt;
    const auto tag = static_cast<unsigned char>(head[2]);
    if (tag == 0x12) { // producer_name
        const auto length = static_cast<unsigned char>(head[3]);
        if (length >= 0x80 || head.size() < 4u + length)
            return std::nullopt;
        const std::string_view name = head.substr(4, length);
        return isText(name) ? std::optional(std::string(name)) : std::nullopt;
    }
    if (tag == 0x3a || tag == 0x42)
        return "";
    return std::nullopt;
}

Signature known(Kind kind, std::string_view what, std::string_view remedy)
{
    return {kind, Verdict::Unsupported, "other-kind", std::string(what), std::string(remedy), {}};
}

Signature broken(std::string_view code, std::string_view what, std::string_view remedy)
{
    return {Kind::Unknown,     Verdict::Damaged,    std::string(code),
            std::string(what), std::string(remedy), {}};
}

// Files that are taken for models by mistake, by the bytes they begin with.
struct OtherFormat
{
    std::string_view mark;
    std::size_t position;
    std::string_view what;
    std::string_view remedy;
};

constexpr auto unpackFirst = "Unpack it first, and open the model in it."sv;
constexpr auto openModel = "Open a TorchScript model (.pt) or a .jitscope document."sv;
constexpr auto originalModel = "Open the TorchScript model it was made from."sv;
constexpr auto makeModel = "Load it in Python into the model, and save that with torch.jit.save."sv;

constexpr OtherFormat otherFormats[] = {
    {"\x1f\x8b"sv, 0, "The file is compressed with gzip."sv, unpackFirst},
    {"1AY&SY"sv, 4, "The file is compressed with bzip2."sv, unpackFirst},
    {"\xfd"
     "7zXZ\0"sv,
     0, "The file is compressed with xz."sv, unpackFirst},
    {"\x28\xb5\x2f\xfd"sv, 0, "The file is compressed with Zstandard."sv, unpackFirst},
    {"7z\xbc\xaf\x27\x1c"sv, 0, "The file is a 7-Zip archive."sv, unpackFirst},
    {"Rar!\x1a\x07"sv, 0, "The file is a RAR archive."sv, unpackFirst},
    {"ustar"sv, 257, "The file is a tar archive."sv, unpackFirst},
    {"\x93NUMPY"sv, 0, "The file is a NumPy array (.npy)."sv, makeModel},
    {"\x89HDF\r\n\x1a\n"sv, 0, "The file is an HDF5 file, as Keras writes them."sv, makeModel},
    {"GGUF"sv, 0, "The file holds tensors in the GGUF format; there is no code in it."sv,
     originalModel},
    {"TFL3"sv, 4, "The file is a TensorFlow Lite model."sv, originalModel},
    {"\x89PNG\r\n\x1a\n"sv, 0, "The file is a picture (PNG)."sv, openModel},
    {"\xff\xd8\xff"sv, 0, "The file is a picture (JPEG)."sv, openModel},
    {"GIF8"sv, 0, "The file is a picture (GIF)."sv, openModel},
    {"%PDF-"sv, 0, "The file is a PDF document."sv, openModel},
    {"\x7f"
     "ELF"sv,
     0, "The file is a program or a shared library, not a model."sv,
     "Open the model itself; a library with operators is given with --op-library."sv},
};

const OtherFormat* otherFormatOf(std::string_view head)
{
    const auto* const found =
        std::find_if(std::begin(otherFormats), std::end(otherFormats), [head](const auto& format) {
            return head.size() > format.position &&
                   head.substr(format.position).starts_with(format.mark);
        });
    return found == std::end(otherFormats) ? nullptr : found;
}

} // namespace

bool isFlatModule(std::string_view head)
{
    return head.size() >= 8 && head.substr(4, 4) == "PTMF"sv;
}

Signature signatureOf(std::string_view head, std::uint64_t fileSize)
{
    constexpr auto sqlite = "SQLite format 3\0"sv;
    if (head.empty())
        return broken("empty", "The file is empty.", downloadAgain);
    if (head.starts_with("PK\3\4"sv) || head.starts_with("PK\5\6"sv))
        return {Kind::Zip, Verdict::Ok, {}, {}, {}, {}};
    if (head.starts_with(sqlite)) {
        // The application id of a document, "JSCP", lies at byte 68 (fileformat2.html of SQLite).
        if (head.size() >= 72 && head.substr(68, 4) == "JSCP"sv)
            return {Kind::JitscopeDocument, Verdict::Ok, {}, {}, {}, "Jitscope"};
        return known(Kind::Unknown, "The file is an SQLite database, but no Jitscope document.",
                     "Open a TorchScript model (.pt) or a .jitscope document.");
    }
    if (isFlatModule(head))
        return {Kind::LiteInterpreter, Verdict::Ok, {}, {}, {}, {}};
    if (head.size() >= 8 && (head.substr(4, 2) == "ET"sv || head.substr(4, 2) == "eh"sv) &&
        std::all_of(head.begin() + 6, head.begin() + 8,
                    [](char c) { return c >= '0' && c <= '9'; })) {
        return known(Kind::ExecuTorch, "The file is an ExecuTorch program.",
                     "Open the TorchScript model it was made from.");
    }
    if (head.starts_with("version https://git-lfs"sv)) {
        return broken("lfs-pointer", "The file is a Git LFS pointer, not the model itself.",
                      "Run 'git lfs pull' in its repository.");
    }
    if (head.starts_with("PYTORCH1"sv)) {
        return known(Kind::TorchScript,
                     "The file has the format of the preview release of PyTorch 1.0.",
                     "Load it with PyTorch 1.0 and save it again.");
    }
    if (head.size() >= 2 && head[0] == '\x80' && head[1] >= 2 && head[1] <= 5)
        return known(Kind::EagerPickle, "The file is a Python pickle.", {});
    if (isSafeTensors(head, fileSize)) {
        return known(
            Kind::SafeTensors,
            "The file holds tensors in the safetensors format; there "
            "is no code in it.",
            "Load the tensors into the model in Python and save that with torch.jit.save.");
    }
    if (const OtherFormat* other = otherFormatOf(head))
        return known(Kind::Unknown, other->what, other->remedy);
    if (const auto producer = onnxProducer(head)) {
        Signature onnx = known(Kind::Onnx, "The file is an ONNX model.",
                               "Open the TorchScript model it was made from.");
        onnx.producer = *producer;
        return onnx;
    }
    if (isText(head)) {
        const std::size_t start = head.find_first_not_of(" \t\r\n");
        if (start != std::string_view::npos && head[start] == '<') {
            return broken("web-page", "The file is a web page or XML, not a model.",
                          "Download the model itself: the page may have asked for a login.");
        }
        return broken(textCode, "The file is text, not a model.",
                      "Open a file that torch.jit.save wrote.");
    }
    return broken("unknown-format", "The file has no format that Jitscope knows.",
                  "Open a TorchScript model (.pt) or a .jitscope document; if it should be one, "
                  "download or copy it again, in binary mode.");
}

} // namespace jitscope::archive
