// What a file is and whether LibTorch should see it at all, found out without LibTorch: it crashes
// on some damaged files and runs code from any. Trusts nothing in the file; time and memory are
// bounded by the size of the archive's directory and of its code. Weights are read only where
// InspectOptions asks for it.
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
    LiteInterpreter, // saved for the mobile interpreter, mostly with its TorchScript code beside
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

// With the verdict Ok all problems are remarks; isFinding() tells which are worth an exit code.
struct Problem
{
    std::string code;   // for programs: "missing-record"; docs/command-line.md lists them
    std::string record; // of the archive; empty for the file as a whole
    std::string message;
    std::string remedy;
};

struct Record
{
    std::string name;                       // without the archive's top folder
    std::uint64_t size = 0;                 // bytes
    std::uint64_t storedSize = 0;           // bytes in the file
    std::uint32_t checksum = 0;             // CRC-32 as the directory says
    std::optional<bool> checksumHolds = {}; // of its content; empty when that was not read
};

// A tensor as the archive's pickle describes it; what LibTorch makes of it is told by the model.
struct DescribedTensor
{
    std::string name;  // "layer1.0.conv1.weight"
    std::string dtype; // "float32"
    std::vector<std::int64_t> shape;
    std::vector<std::int64_t> strides;
    std::uint64_t bytes = 0; // of its elements
    std::string record;      // that holds its bytes: "data/12", "storages/12" in a flatbuffer
    bool isParameter = false;
    bool isConstant = false; // of the code or bytecode
};

struct NamedOperator
{
    std::string name;        // "aten::conv2d"
    std::uint64_t calls = 0; // in the code, or in the bytecode where there is no code
};

// The arguments with which a method was traced, without `self`: "float32 1x3x224x224", "int 3".
struct SampleInputs
{
    std::string method;
    std::vector<std::string> arguments;
};

struct Checksums
{
    std::uint64_t verified = 0;   // records whose content fits
    std::uint64_t failed = 0;     // and whose does not
    std::uint64_t unverified = 0; // that were not read
    std::uint64_t unverifiedBytes = 0;
};

// What a TorchServe archive says of itself, and the model in it.
struct ServedModel
{
    std::string name;
    std::string version;
    std::string handler; // a Python file of the archive, or a name of TorchServe's own
    std::string runtime;
    std::string archiver;   // version of torch-model-archiver
    std::string modelFile;  // Python file that defines an eager model; empty for TorchScript
    std::string serialized; // the record with the model; empty when there is none
};

// A method of a lite-interpreter file, as its bytecode has it.
struct BytecodeSummary
{
    std::string name; // "__torch__.Net.forward"
    std::uint64_t instructions = 0;
    std::uint64_t operators = 0; // rows of its table of operators
    std::uint64_t constants = 0;
    std::uint64_t types = 0;
    std::uint64_t registers = 0;
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
    // the contents of code and pickles, so that weights need not be read; of a flatbuffer of all;
    // else of the file's size and its first and last megabyte.
    std::string modelHash;

    // Of models, from their code and pickles; what a damaged record would have told is missing.
    std::vector<NamedOperator> operators; // by name
    std::vector<std::string> classes;     // that the code defines: "__torch__.torchvision.x.Y"
    std::vector<std::string> customClasses;
    std::vector<std::string> runAtLoad; // classes whose __setstate__ LibTorch runs while it loads
    std::vector<SampleInputs> sampleInputs;
    std::vector<DescribedTensor> tensors; // also of files that hold tensors only
    Checksums checksums;                  // of a zip archive
    std::optional<ServedModel> served;
    std::optional<std::int64_t> bytecodeVersion; // of lite-interpreter files
    std::vector<BytecodeSummary> bytecode;
    bool hasCode = false; // it holds TorchScript code, so LibTorch can load it
};

struct InspectOptions
{
    // Weights are read to check their checksums until this many bytes are read; code, pickles and
    // all other records that are looked into are always checked.
    std::uint64_t verifiedWeights = 0;
    // Of a flatbuffer only what is looked at is read, but a file that somebody cuts off meanwhile
    // ends the process: for the engine's process. Else all of it is read into memory.
    bool mapsFile = true;
};

// An Error (UnusableFile) only when there is no file to look at: missing, a folder, unreadable.
[[nodiscard]] Result<Report> inspect(const std::filesystem::path& file,
                                     const InspectOptions& options = {});

// Whether it is a Jitscope document; looks at its first bytes only.
[[nodiscard]] bool isDocument(const std::filesystem::path& file);

// The error of a file some of whose records do not fit their checksums leads with that, for it is
// the likely cause.
[[nodiscard]] Error withDamage(Error error, const Report& report);

// An Error (UnusableFile) that says what the file is and what to do, unless LibTorch can load it as
// a TorchScript model.
[[nodiscard]] Result<void> checkLoadable(const Report& report, const std::filesystem::path& file);

// Whether a remark of this code speaks against the file: it is not as it was written, lacks
// something, or does what a model need not do. Good models have the others: those with quantized
// layers use classes of a library.
[[nodiscard]] bool isFinding(std::string_view code);

// "torchscript", "lite-interpreter", ... as `jitscope-cli info` prints them. Printed IR is
// "unknown" there, for the names are fixed; formatName() says more.
[[nodiscard]] std::string_view kindName(Kind kind);
// "printed-ir"; empty for what kindName() names.
[[nodiscard]] std::string_view formatName(Kind kind);
[[nodiscard]] std::string_view verdictName(Verdict verdict);
[[nodiscard]] std::string_view originName(Origin origin);

} // namespace jitscope::archive
