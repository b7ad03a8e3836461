#include "app/cli/commands/info_text.h"

#include "app/cli/commands/program_json.h"

#include "core/support/counted.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <iterator>

namespace jitscope::cli {

using nlohmann::json;

namespace {

std::uint64_t sumOf(const json& list, const char* field)
{
    std::uint64_t sum = 0;
    for (const json& entry : list)
        sum += entry.value(field, std::uint64_t{0});
    return sum;
}

// What only some kinds of file have.
std::string factsAsText(const json& out)
{
    std::string text;
    if (out.contains("served") && !out["served"]["name"].get<std::string>().empty()) {
        const json& served = out["served"];
        text += fmt::format("  serves {} {} with handler {}; model {}\n",
                            served["name"].get<std::string>(), served["version"].get<std::string>(),
                            served["handler"].get<std::string>(),
                            served["serialized"].get<std::string>());
    }
    if (out.contains("bytecode")) {
        text += fmt::format("  bytecode of version {}{}\n",
                            out["bytecode"]["version"].get<std::int64_t>(),
                            out.value("has_code", false)
                                ? "; the file holds the TorchScript code as well, which is shown"
                                : " and no TorchScript code");
        for (const json& function : out["bytecode"]["functions"]) {
            text += fmt::format("  {:>7} instructions  {}\n",
                                function["instructions"].get<std::uint64_t>(),
                                function["name"].get<std::string>());
        }
    }
    for (const json& inputs : out.value("sample_inputs", json::array())) {
        std::string arguments;
        for (const json& argument : inputs["arguments"])
            arguments += (arguments.empty() ? "" : ", ") + argument.get<std::string>();
        text +=
            fmt::format("  traced {} with ({})\n", inputs["method"].get<std::string>(), arguments);
    }
    if (out.contains("checksums")) {
        const json& sums = out["checksums"];
        const auto failed = sums["failed"].get<std::uint64_t>();
        const auto unverified = sums["unverified"].get<std::uint64_t>();
        if (failed != 0 || unverified != 0)
            text += fmt::format("  checksums: {} hold, {} {} not, {} ({} MB) not looked at{}\n",
                                sums["verified"].get<std::uint64_t>(), failed,
                                failed == 1 ? "does" : "do", unverified,
                                sums["unverified_bytes"].get<std::uint64_t>() >> 20U,
                                unverified == 0 ? "" : " (--verify does)");
    }
    return text;
}

// Ids are what --stage takes.
std::string historyAsText(const json& document)
{
    std::string text = "stages:\n";
    for (const json& stage : document["stages"]) {
        const auto module = stage["module"].get<std::string>();
        const auto method = stage["method"].get<std::string>();
        const auto parent = stage["parent"].get<std::int64_t>();
        text += fmt::format(
            "  {:>4}  {:<8}  {}{}{}\n", stage["id"].get<std::int64_t>(),
            stage["kind"].get<std::string>(), stage["label"].get<std::string>(),
            method.empty() ? std::string()
                           : fmt::format(" of {}{}{}", module, module.empty() ? "" : ".", method),
            parent == 0 ? std::string() : fmt::format(", from stage {}", parent));
    }
    if (!document["runs"].empty())
        text += "runs:\n";
    for (const json& run : document["runs"]) {
        const auto verdict = run["verdict"].get<std::string>();
        text += fmt::format("  {:>4}  {}  {} on {}, stage {}{}{}\n", run["id"].get<std::int64_t>(),
                            run["state"].get<std::string>(),
                            counted(run["iterations"].get<std::int64_t>(), "iteration"),
                            run["device"].get<std::string>(), run["stage"].get<std::int64_t>(),
                            verdict.empty() ? "" : ": ", verdict);
    }
    return text;
}

} // namespace

std::string infoText(const json& out)
{
    std::string text =
        fmt::format("{}: {}", out[out.contains("format") ? "format" : "kind"].get<std::string>(),
                    out["verdict"].get<std::string>());
    if (out.contains("origin"))
        text += ", " + out["origin"].get<std::string>();
    if (out.contains("file_format_version"))
        text += fmt::format(", file format {}", out["file_format_version"].get<std::int64_t>());
    if (out.contains("producer"))
        text += ", written by " + out["producer"].get<std::string>();
    text += "\n" + factsAsText(out);
    for (const json& problem : out["problems"]) {
        const auto record = problem["record"].get<std::string>();
        text += fmt::format("  {}{} {}\n", problem["message"].get<std::string>(),
                            record.empty() ? "" : " (" + record + ")",
                            problem["remedy"].get<std::string>());
    }
    if (out.contains("tensors")) {
        text +=
            fmt::format("{}, {}\n", counted(std::ssize(out["tensors"]), "tensor"),
                        counted(static_cast<std::int64_t>(sumOf(out["tensors"], "bytes")), "byte"));
    }
    if (out.contains("functions")) {
        text += fmt::format(
            "{}, {}; {} of module instances\n", counted(std::ssize(out["functions"]), "function"),
            counted(static_cast<std::int64_t>(sumOf(out["functions"], "nodes")), "node"),
            counted(std::ssize(out["methods"]), "method"));
        for (const json& function : out["functions"]) {
            text += fmt::format("  {:>7} nodes  {}\n", function["nodes"].get<std::uint64_t>(),
                                function["name"].get<std::string>());
        }
    }
    if (out.contains("document"))
        text += historyAsText(out["document"]);
    if (out.contains("missing_operators")) {
        for (const json& missing : out["missing_operators"])
            text += missingSentence(missing) + "\n";
    }
    if (out.contains("operators")) {
        text += "operators:\n";
        for (const json& entry : out["operators"]) {
            text += fmt::format(
                "  {:>7} x  {}\n             {}\n", entry["count"].get<std::uint64_t>(),
                entry["kind"].get<std::string>(), entry.value("note", "There is no note on it."));
        }
    }
    return text;
}

} // namespace jitscope::cli
