// A list of passes with their arguments: written by hand in a text file, one pass a line, or as
// JSON; kept beside a model and applied again. Pure functions; any thread.
#pragma once

#include "core/support/result.h"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jitscope::pipeline {

struct Step
{
    std::string pass;
    std::map<std::string, std::string> arguments;
    int line = 0; // of the file it was read from, from 1; 0 for none
};

// What there is to be named.
struct KnownPass
{
    std::string name;
    std::vector<std::string> arguments;
};

inline constexpr std::size_t largestFile = 1U << 20U; // bytes
inline constexpr std::size_t mostSteps = 1000;

// A text that begins with [ is a JSON list of {"name": ..., "arguments": {...}} or of plain
// strings; any other has one pass a line, with comments from a # to the end of the line. `file` is
// for messages, which name the line. Errors are InvalidArgument.
[[nodiscard]] Result<std::vector<Step>> read(std::string_view text, std::string_view file);

// "freeze:mode=keep", the form of a line and of --apply.
[[nodiscard]] Result<Step> readStep(std::string_view text);

// Fails with the first pass or argument that is not known, and names those that are spelt alike.
[[nodiscard]] Result<void> check(std::span<const Step> steps, std::span<const KnownPass> known,
                                 std::string_view file);

// JSON that read() understands.
[[nodiscard]] std::string write(std::span<const Step> steps);

} // namespace jitscope::pipeline
