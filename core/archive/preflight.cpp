#include "core/archive/preflight.h"

#include "core/archive/file_signature_p.h"
#include "core/archive/flat_inspection_p.h"
#include "core/archive/legacy_pickle_p.h"
#include "core/archive/problem_list_p.h"
#include "core/archive/zip_inspection_p.h"
#include "core/ir/text_reader.h"
#include "core/support/content_hash.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace jitscope::archive {

namespace {

constexpr std::uint64_t hashedEnds = 1 << 20; // bytes
constexpr std::uint64_t longestSearched = 64 << 20;
constexpr std::uint64_t longestPickles = 16 << 20; // bytes, of a file of pickles

tl::unexpected<Error> noFile(const std::filesystem::path& file)
{
    std::error_code status;
    const auto type = std::filesystem::status(file, status).type();
    if (type == std::filesystem::file_type::not_found) {
        return fail(ErrorCode::UnusableFile, "The file does not exist.", file.string(),
                    "Check the path.");
    }
    if (type == std::filesystem::file_type::directory) {
        const bool isUnpacked = std::filesystem::exists(file / "data.pkl", status) ||
                                std::filesystem::exists(file / "constants.pkl", status);
        return fail(ErrorCode::UnusableFile, "The path is a folder.", file.string(),
                    isUnpacked ? "It looks like an unpacked model: zip the folder again without "
                                 "compression (zip -r0), or open the original file."
                               : "Give the path of a file.");
    }
    return fail(ErrorCode::UnusableFile, "The path is no regular file.", file.string(),
                "Copy the model into a file first.");
}

std::string readAt(std::ifstream& stream, std::uint64_t position, std::uint64_t count)
{
    std::string bytes(count, '\0');
    stream.clear();
    stream.seekg(static_cast<std::streamoff>(position));
    stream.read(bytes.data(), static_cast<std::streamsize>(count));
    bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(stream.gcount(), 0)));
    return bytes;
}

std::string hashOfEnds(std::ifstream& stream, std::uint64_t size)
{
    std::string bytes = fmt::format("{}\n", size);
    bytes += readAt(stream, 0, std::min(size, hashedEnds));
    if (size > hashedEnds) {
        const std::uint64_t tail = std::min(size - hashedEnds, hashedEnds);
        bytes += readAt(stream, size - tail, tail);
    }
    return contentHash(std::as_bytes(std::span(bytes)));
}

// A log may have much to say before the first graph.
bool holdsPrintedGraph(std::ifstream& stream, std::uint64_t size)
{
    return ir::holdsPrintedGraph(readAt(stream, 0, std::min(size, longestSearched)));
}

} // namespace

Result<Report> inspect(const std::filesystem::path& file, const InspectOptions& options)
{
    std::error_code status;
    if (!std::filesystem::is_regular_file(file, status))
        return noFile(file);
    const std::uint64_t size = std::filesystem::file_size(file, status);
    std::ifstream stream(file, std::ios::binary);
    if (!stream || status) {
        return fail(ErrorCode::UnusableFile,
                    fmt::format("The file cannot be read: {}.", std::strerror(errno)),
                    file.string(), "Check that you may read it.");
    }
    Report report;
    const std::string head = readAt(stream, 0, std::min<std::uint64_t>(size, signatureLength));
    const Signature signature = signatureOf(head, size);
    if (signature.kind == Kind::LiteInterpreter) {
        if (const Result<void> looked = inspectFlat(file, options, report); !looked)
            return tl::unexpected(looked.error());
    } else if (signature.kind == Kind::Zip) {
        inspectZip(file, options, report);
    } else if (signature.kind == Kind::EagerPickle) {
        inspectLegacyPickle(readAt(stream, 0, std::min(size, longestPickles)), report);
    } else {
        report.kind = signature.kind;
        report.verdict = signature.verdict;
        report.producer = signature.producer;
        if (signature.verdict != Verdict::Ok)
            report.problems.push_back({signature.code, {}, signature.message, signature.remedy});
    }
    if (signature.code == textCode && holdsPrintedGraph(stream, size)) {
        report.kind = Kind::PrintedIr;
        report.verdict = Verdict::Ok;
        report.problems.clear();
    }
    if (report.modelHash.empty())
        report.modelHash = hashOfEnds(stream, size);
    return report;
}

bool isDocument(const std::filesystem::path& file)
{
    std::error_code status;
    if (!std::filesystem::is_regular_file(file, status))
        return false;
    std::ifstream stream(file, std::ios::binary);
    const std::string head = readAt(stream, 0, signatureLength);
    return signatureOf(head, head.size()).kind == Kind::JitscopeDocument;
}

Result<void> checkLoadable(const Report& report, const std::filesystem::path& file)
{
    const bool isModel = report.kind == Kind::TorchScript || report.kind == Kind::LiteInterpreter;
    if (isModel && report.verdict == Verdict::Ok && report.hasCode)
        return {};
    if (isModel && report.verdict == Verdict::Ok) {
        return fail(ErrorCode::UnusableFile,
                    "The file holds bytecode for the mobile interpreter and no TorchScript code: "
                    "it can be read, but not changed or run.",
                    file.string(), "Save the original model with torch.jit.save.");
    }
    if (report.kind == Kind::TorchServe && report.verdict == Verdict::Ok) {
        return fail(ErrorCode::UnusableFile, "The file is a TorchServe archive.", file.string(),
                    "Open the model inside it.");
    }
    if (report.kind == Kind::JitscopeDocument) {
        return fail(ErrorCode::UnusableFile, "The file is a Jitscope document, not a model.",
                    file.string(), "Give the model it was made from.");
    }
    if (report.kind == Kind::PrintedIr) {
        return fail(ErrorCode::UnusableFile,
                    "The file is printed IR: text of graphs, without the model.", file.string(),
                    "It can be opened and looked at; for passes and runs give the model file.");
    }
    if (report.problems.empty())
        return fail(ErrorCode::UnusableFile, "The file is no TorchScript model.", file.string());
    const Problem& problem = report.problems.front();
    return tl::unexpected(
        withDamage({ErrorCode::UnusableFile, problem.message,
                    problem.record.empty() ? file.string()
                                           : fmt::format("{}: {}", file.string(), problem.record),
                    problem.remedy},
                   report));
}

Error withDamage(Error error, const Report& report)
{
    const auto damage =
        std::find_if(report.problems.begin(), report.problems.end(),
                     [](const Problem& problem) { return problem.code == checksumCode; });
    if (damage == report.problems.end() || error.what == damage->message)
        return error;
    error.what = fmt::format("The record {} does not fit its checksum: it was changed or damaged "
                             "after it was written. {}",
                             damage->record, error.what);
    error.remedy = damage->remedy;
    return error;
}

bool isFinding(std::string_view code)
{
    return code != customClassCode;
}

std::string_view kindName(Kind kind)
{
    switch (kind) {
    case Kind::TorchScript:
        return "torchscript";
    case Kind::LiteInterpreter:
        return "lite-interpreter";
    case Kind::ExportedProgram:
        return "exported-program";
    case Kind::StateDict:
        return "state-dict";
    case Kind::EagerPickle:
        return "eager-pickle";
    case Kind::TorchServe:
        return "torchserve";
    case Kind::Onnx:
        return "onnx";
    case Kind::SafeTensors:
        return "safetensors";
    case Kind::ExecuTorch:
        return "executorch";
    case Kind::JitscopeDocument:
        return "jitscope";
    case Kind::Zip:
        return "zip";
    case Kind::PrintedIr:
    case Kind::Unknown:
        break;
    }
    return "unknown";
}

std::string_view formatName(Kind kind)
{
    return kind == Kind::PrintedIr ? "printed-ir" : "";
}

std::string_view verdictName(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Ok:
        return "ok";
    case Verdict::Damaged:
        return "damaged";
    case Verdict::Refused:
        return "refused";
    case Verdict::Unsupported:
        break;
    }
    return "unsupported";
}

std::string_view originName(Origin origin)
{
    switch (origin) {
    case Origin::Traced:
        return "traced";
    case Origin::Scripted:
        return "scripted";
    case Origin::Mixed:
        return "mixed";
    case Origin::Unknown:
        break;
    }
    return "unknown";
}

} // namespace jitscope::archive
