#include "app/cli/session/printed_ir.h"

#include "core/ir/text_program.h"
#include "core/support/utf8.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace jitscope::cli {

namespace {

// The graph of ten million nodes. What is larger is a log of something else, or an attack.
constexpr std::uintmax_t largestFile = std::uintmax_t{1} << 30; // bytes

Result<std::string> readText(const std::filesystem::path& file)
{
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(file, error);
    std::ifstream stream(file, std::ios::binary);
    if (error || !stream) {
        return fail(ErrorCode::UnusableFile,
                    fmt::format("The file cannot be read: {}.",
                                error ? error.message() : std::strerror(errno)),
                    file.string(), "Check that you may read it.");
    }
    if (size > largestFile) {
        return fail(ErrorCode::UnusableFile, "The text is too large to be read as printed IR.",
                    file.string(),
                    "Cut the graphs of interest out of it into a file of their own.");
    }
    std::string text(static_cast<std::size_t>(size), '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    return isUtf8(text) ? text : toUtf8(text);
}

} // namespace

Result<ir::Program> readPrintedFile(const std::filesystem::path& file, const JobContext& job)
{
    job.progress("reading the printed graphs");
    const Result<std::string> text = readText(file);
    if (!text)
        return tl::unexpected(text.error());
    Result<ir::Program> program = ir::readPrintedProgram(*text, job.cancel);
    if (!program && program.error().code == ErrorCode::UnusableFile) {
        Error error = program.error();
        error.where =
            error.where.empty() ? file.string() : fmt::format("{}: {}", file.string(), error.where);
        return tl::unexpected(error);
    }
    return program;
}

Result<void> addScopedStages(document::Writer& writer, const ir::Program& program)
{
    for (const ir::Method& method : program.modules.front().methods) {
        const ir::Graph& graph = program.functions[method.function].graph;
        if (!ir::hasScopes(graph))
            continue;
        document::StageRow row;
        row.parent = 1;
        row.kind = "inlined";
        row.label = fmt::format("{} by scope", method.name);
        row.arguments = "{}";
        row.method = method.name;
        row.changed = 1;
        if (const Result<std::int64_t> added = writer.addStage(row, graph); !added)
            return tl::unexpected(added.error());
    }
    return {};
}

tl::unexpected<Error> noModel(const std::string& shown)
{
    return fail(
        ErrorCode::Unavailable,
        "The graphs were read from printed IR: there is no model to apply passes to or run.", shown,
        "Open the TorchScript model (.pt) that was printed.");
}

} // namespace jitscope::cli
