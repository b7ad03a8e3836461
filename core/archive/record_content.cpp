#include "core/archive/record_content.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

namespace jitscope::archive {

namespace {

constexpr std::string_view codeFolder = "code/";
constexpr std::string_view codeEnding = ".py";

using Pair = std::pair<std::string_view, std::string_view>;

constexpr std::array wholeNames{
    Pair{"data.pkl", "the model's objects"},
    Pair{"constants.pkl", "list of constants"},
    Pair{"bytecode.pkl", "bytecode for the mobile interpreter"},
    Pair{"mobile_debug_handles.pkl", "debug records of the bytecode"},
    Pair{"traced_inputs.pkl", "inputs of the trace"},
    Pair{"version", "version of the file format"},
    Pair{".format_version", "version of the file format"},
    Pair{".storage_alignment", "alignment of the weights"},
    Pair{"byteorder", "byte order of the weights"},
    Pair{".data/serialization_id", "identity of the file"},
    Pair{"MAR-INF/MANIFEST.json", "manifest of TorchServe"},
};

// The first that fits counts.
struct Rule
{
    std::string_view begin;
    std::string_view end;
    std::string_view content;
};

constexpr std::array rules{
    Rule{"", ".debug_pkl", "debug records of the code"},
    Rule{codeFolder, codeEnding, "TorchScript code"},
    Rule{"extra/", "", "extra file"},
    Rule{"data/", "", "weights"},
    Rule{"constants/", "", "constant"},
    Rule{"MAR-INF/", "", "for TorchServe"},
    Rule{"", ".py", "Python code"},
    Rule{"", ".pkl", "pickle"},
    Rule{"", ".pt", "model"},
    Rule{"", ".json", "JSON"},
};

} // namespace

std::string_view recordContent(std::string_view name)
{
    for (const auto& [whole, content] : wholeNames) {
        if (name == whole)
            return content;
    }
    for (const auto& [begin, end, content] : rules) {
        if (name.starts_with(begin) && name.ends_with(end))
            return content;
    }
    return "other data";
}

bool isCodeRecord(std::string_view name)
{
    return name.starts_with(codeFolder) && name.ends_with(codeEnding);
}

std::string codeModule(std::string_view record)
{
    assert(isCodeRecord(record));
    record.remove_prefix(codeFolder.size());
    record.remove_suffix(codeEnding.size());
    std::string module(record);
    std::replace(module.begin(), module.end(), '/', '.');
    return module;
}

} // namespace jitscope::archive
