#include "core/pipeline/pipeline.h"

#include "core/pipeline/pipeline_json_p.h"
#include "core/support/near_names.h"
#include "core/support/trimmed.h"

#include <fmt/format.h>

#include <algorithm>

namespace jitscope::pipeline {

namespace {

constexpr std::string_view blanks = " \t\r\f\v";

// A # begins a comment at the start of a line or after a blank: values may hold one.
std::string_view withoutComment(std::string_view line)
{
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '#' && (i == 0 || blanks.find(line[i - 1]) != std::string_view::npos))
            return line.substr(0, i);
    }
    return line;
}

} // namespace

std::string placeOf(std::string_view file, int line)
{
    if (line == 0)
        return std::string(file);
    return file.empty() ? fmt::format("line {}", line) : fmt::format("{}, line {}", file, line);
}

Result<Step> readStep(std::string_view text)
{
    Step step;
    std::size_t colon = text.find(':');
    step.pass = trimmed(text.substr(0, colon), blanks);
    while (colon != std::string_view::npos) {
        const std::size_t next = text.find(':', colon + 1);
        const std::string_view argument = trimmed(
            text.substr(colon + 1, next == std::string_view::npos ? next : next - colon - 1),
            blanks);
        const std::size_t equals = argument.find('=');
        if (equals == std::string_view::npos ||
            trimmed(argument.substr(0, equals), blanks).empty()) {
            return fail(ErrorCode::InvalidArgument,
                        fmt::format("The argument '{}' of pass {} has no {}.", argument, step.pass,
                                    equals == std::string_view::npos ? "value" : "name"),
                        {}, "Write name:argument=value.");
        }
        const std::string name(trimmed(argument.substr(0, equals), blanks));
        if (!step.arguments.emplace(name, trimmed(argument.substr(equals + 1), blanks)).second) {
            return fail(
                ErrorCode::InvalidArgument,
                fmt::format("The argument '{}' of pass {} is given twice.", name, step.pass), {},
                "Leave one of them away.");
        }
        colon = next;
    }
    if (step.pass.empty()) {
        return fail(ErrorCode::InvalidArgument, "A pass has no name.", {},
                    "Write name or name:argument=value.");
    }
    return step;
}

namespace {

Result<std::vector<Step>> readLines(std::string_view text, std::string_view file)
{
    std::vector<Step> steps;
    int number = 0;
    while (!text.empty()) {
        ++number;
        const std::size_t end = text.find('\n');
        const std::string_view line = trimmed(withoutComment(text.substr(0, end)), blanks);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.empty())
            continue;
        Result<Step> step = readStep(line);
        if (!step) {
            step.error().where = placeOf(file, number);
            return tl::unexpected(step.error());
        }
        if (step->pass.find_first_of(" \t,;") != std::string::npos) {
            return fail(ErrorCode::InvalidArgument,
                        fmt::format("'{}' is more than one word.", step->pass),
                        placeOf(file, number),
                        "Write one pass a line, its arguments after colons, and comments after #.");
        }
        step->line = number;
        steps.push_back(*std::move(step));
    }
    return steps;
}

} // namespace

Result<std::vector<Step>> read(std::string_view text, std::string_view file)
{
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    if (text.size() > largestFile) {
        return fail(ErrorCode::InvalidArgument, "The list of passes is too large.",
                    std::string(file), "Check whether it is the right file.");
    }
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    const bool isJson =
        first != std::string_view::npos && (text[first] == '[' || text[first] == '{');
    Result<std::vector<Step>> steps = isJson ? readJson(text, file) : readLines(text, file);
    if (!steps)
        return steps;
    if (steps->empty()) {
        return fail(ErrorCode::InvalidArgument, "The file names no pass.", std::string(file),
                    "Write one pass a line.");
    }
    if (steps->size() > mostSteps) {
        return fail(
            ErrorCode::InvalidArgument,
            fmt::format("The file names {} passes; {} is the most.", steps->size(), mostSteps),
            std::string(file), "Apply them in several parts.");
    }
    return steps;
}

Result<void> check(std::span<const Step> steps, std::span<const KnownPass> known,
                   std::string_view file)
{
    for (const Step& step : steps) {
        const auto pass = std::find_if(known.begin(), known.end(), [&](const KnownPass& candidate) {
            return candidate.name == step.pass;
        });
        if (pass == known.end()) {
            std::vector<std::string> names;
            for (const KnownPass& candidate : known)
                names.push_back(candidate.name);
            return fail(ErrorCode::InvalidArgument,
                        fmt::format("There is no pass '{}'.", step.pass), placeOf(file, step.line),
                        didYouMean(step.pass, names) +
                            "`jitscope-cli passes --list` lists the passes.");
        }
        for (const auto& [name, value] : step.arguments) {
            if (std::find(pass->arguments.begin(), pass->arguments.end(), name) !=
                pass->arguments.end())
                continue;
            return fail(ErrorCode::InvalidArgument,
                        fmt::format("The pass {} has no argument '{}'.", step.pass, name),
                        placeOf(file, step.line),
                        pass->arguments.empty()
                            ? "It has none."
                            : fmt::format("{}It has {}.", didYouMean(name, pass->arguments),
                                          fmt::join(pass->arguments, ", ")));
        }
    }
    return {};
}

} // namespace jitscope::pipeline
