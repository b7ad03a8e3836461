// What a file is and whether LibTorch should see it at all, found out without LibTorch: it crashes
// on some damaged files and runs code from any. Trusts nothing in the file; time and memory are
// bounded by the size of the archive's directory and of its code, weights are never read.
#pragma once

#include "core/support/result.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jitscope::archive {

enum class Kind
{
    TorchScript,
    LiteInterpreter, // saved for the mobile interpreter; a zip of it is also a TorchScript file
    ExportedProgram, // torch.export.save or an AOTInductor package
    StateDict,       // tensors by name, no code
    EagerPickle,     // torch.save of Python objects, or torch.package
    TorchServe,      // a .mar archive
    Onnx,
    SafeTensors,
    ExecuTorch,
    JitscopeDocument,
    Zip,       // another archive
    PrintedIr, // a text with printed graphs, which needs no LibTorch
    Unknown,
};

enum class Verdict
{
    Ok,          // of its kind, it is whole as far as was looked
    Damaged,     // something is missing or broken
    Refused,     // it could harm: it would crash LibTorch or leads out of the archive
    Unsupported, // whole, but nothing that Jitscope can open
};

// How the model was made. Told by the debug records that LibTorch writes beside the code (a traced
// node carries a Python stack, a scripted one its source text), else by traced_inputs.pkl and by
// control flow in the code, which only scripting keeps. A heuristic: records can be stripped.
enum class Origin
{
    Traced,
    Scripted,
    Mixed,
    Unknown,
};

struct Problem
{
    std::string code;   // for programs: "missing-record"; docs/command-line.md lists them
    std::string record; // of the archive; empty for the file as a whole
    std::string message;
    std::string remedy;
};

struct Record
{
    std::string name;             // without the archive's top folder
    std::uint64_t size = 0;       // bytes
    std::uint64_t storedSize = 0; // bytes in the file
    std::uint32_t checksum = 0;   // CRC-32 as the directory says
};

struct Report
{
    Kind kind = Kind::Unknown;
    Verdict verdict = Verdict::Ok;
    std::vector<Problem> problems; // those that decided the verdict first
    std::string producer;          // what wrote it, as far as can be told; may be empty
    std::optional<std::int64_t> fileFormatVersion; // of TorchScript archives
    std::string byteOrder;                         // "little", "big", or empty when not recorded
    Origin origin = Origin::Unknown;
    std::vector<Record> records; // of a zip archive, in its order
    // Recognises the model again. For a zip archive of the directory (names, sizes, checksums) and
    // the contents of code and pickles, so that weights need not be read; else of the file's size
    // and its first and last megabyte.
    std::string modelHash;
};

// An Error (UnusableFile) only when there is no file to look at: missing, a folder, unreadable.
[[nodiscard]] Result<Report> inspect(const std::filesystem::path& file);

// An Error (UnusableFile) that says what the file is and what to do, unless LibTorch can load it as
// a TorchScript model.
[[nodiscard]] Result<void> checkLoadable(const Report& report, const std::filesystem::path& file);

// "torchscript", "lite-interpreter", ... as `jitscope-cli info` prints them. Printed IR is
// "unknown" there, for the names are fixed; formatName() says more.
[[nodiscard]] std::string_view kindName(Kind kind);
// "printed-ir"; empty for what kindName() names.
[[nodiscard]] std::string_view formatName(Kind kind);
[[nodiscard]] std::string_view verdictName(Verdict verdict);
[[nodiscard]] std::string_view originName(Origin origin);

} // namespace jitscope::archive
