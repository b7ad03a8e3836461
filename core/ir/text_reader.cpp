#include "core/ir/text_reader.h"

#include "core/ir/text_graph_p.h"
#include "core/support/trimmed.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace jitscope::ir {

namespace {

constexpr std::string_view graphStart = "graph(";
constexpr std::size_t longestShown = 120; // of a line, in an error

// Where a graph begins in the line: after nothing but blanks, or after what a log writes before it.
// A subgraph, "with prim::Group_0 = graph(", does not begin one.
std::optional<std::size_t> startIn(std::string_view line)
{
    const std::size_t at = line.find(graphStart);
    if (at == std::string_view::npos)
        return std::nullopt;
    const std::string_view after = trimmed(line.substr(at + graphStart.size()));
    const bool isGraph = after.empty() || after.starts_with("%") || after.starts_with("):");
    const std::string_view before = line.substr(0, at);
    const bool isFree = before.empty() || before.ends_with(" ") || before.ends_with("\t");
    if (!isGraph || !isFree || trimmed(before).ends_with("="))
        return std::nullopt;
    return at;
}

// A log of LibTorch has the same "[DUMP file.cpp:12] " before every line.
void skipPrefix(TextLine& line, std::string_view prefix)
{
    if (prefix.empty() || !line.text.starts_with(prefix))
        return;
    line.text.remove_prefix(prefix.size());
    line.skipped += static_cast<std::uint32_t>(prefix.size());
}

// From the line at which a graph begins up to the next such.
void skipPrefixes(std::span<TextLine> lines, std::size_t at, std::string_view prefix)
{
    if (prefix.empty())
        return;
    skipPrefix(lines[at], prefix);
    for (std::size_t i = at + 1; i < lines.size(); ++i) {
        if (startIn(lines[i].text))
            return;
        skipPrefix(lines[i], prefix);
    }
}

std::string titleBefore(std::span<const TextLine> lines, std::size_t at, std::string_view prefix)
{
    if (at == 0)
        return {};
    TextLine line = lines[at - 1];
    skipPrefix(line, prefix);
    const std::string_view text = trimmed(line.text);
    return text.ends_with(":") ? std::string(text.substr(0, text.size() - 1)) : std::string();
}

std::string shown(std::string_view line)
{
    line = trimmed(line);
    if (line.size() <= longestShown)
        return std::string(line);
    std::size_t end = longestShown;
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U)
        --end;
    return std::string(line.substr(0, end)) + "...";
}

tl::unexpected<Error> toError(const SyntaxError& error)
{
    return fail(ErrorCode::UnusableFile,
                fmt::format("Line {}, column {}: expected {}.", error.line.number,
                            error.line.skipped + error.column + 1, error.expected),
                shown(error.line.text),
                "Print the graph anew with print(graph), and copy all of its lines.");
}

} // namespace

bool holdsPrintedGraph(std::string_view text)
{
    for (std::size_t at = text.find(graphStart); at != std::string_view::npos;
         at = text.find(graphStart, at + 1)) {
        const std::size_t begin = at == 0 ? 0 : text.find_last_of('\n', at - 1) + 1;
        const std::size_t end = std::min(text.find('\n', at), text.size());
        if (startIn(text.substr(begin, end - begin)))
            return true;
    }
    return false;
}

Result<std::vector<ReadGraph>> readPrinted(std::string_view text, const CancelToken& cancel)
{
    std::vector<ReadGraph> graphs;
    std::vector<TextLine> lines = linesOf(text);
    NodeKey nextKey = 1;
    for (std::size_t at = 0; at < lines.size();) {
        const auto start = startIn(lines[at].text);
        if (!start) {
            ++at;
            continue;
        }
        if (cancel.isCancelled())
            return cancelled();
        const std::string_view prefix = lines[at].text.substr(0, *start);
        ReadGraph read;
        read.title = titleBefore(lines, at, prefix);
        read.line = lines[at].number;
        skipPrefixes(lines, at, prefix);
        try {
            TextGraphReader reader(lines, at, nextKey);
            read.graph = reader.read(LineCursor(lines[at]));
            at = reader.next();
        } catch (const SyntaxError& error) {
            return toError(error);
        }
        if (!read.graph.isConsistent())
            return fail(ErrorCode::Internal, "A printed graph was read into an unsound one.",
                        fmt::format("line {}", read.line), "Report this text as an error.");
        graphs.push_back(std::move(read));
    }
    if (graphs.empty()) {
        return fail(ErrorCode::UnusableFile, "The text holds no printed graph.", {},
                    "A graph begins with graph(%x : Tensor): as print(model.graph) writes it.");
    }
    return graphs;
}

} // namespace jitscope::ir
