#include "core/archive/record_content.h"

#include <array>
#include <utility>

namespace jitscope::archive {

namespace {

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

constexpr std::array endings{
    Pair{".debug_pkl", "debug records of the code"},
};

constexpr std::array folders{
    Pair{"extra/", "extra file"},
    Pair{"data/", "weights"},
    Pair{"constants/", "constant"},
    Pair{"MAR-INF/", "for TorchServe"},
};

constexpr std::array lastEndings{
    Pair{".py", "Python code"},
    Pair{".pkl", "pickle"},
    Pair{".pt", "model"},
    Pair{".json", "JSON"},
};

} // namespace

std::string_view recordContent(std::string_view name)
{
    for (const auto& [whole, content] : wholeNames) {
        if (name == whole)
            return content;
    }
    for (const auto& [ending, content] : endings) {
        if (name.ends_with(ending))
            return content;
    }
    if (name.starts_with("code/") && name.ends_with(".py"))
        return "TorchScript code";
    for (const auto& [folder, content] : folders) {
        if (name.starts_with(folder))
            return content;
    }
    for (const auto& [ending, content] : lastEndings) {
        if (name.ends_with(ending))
            return content;
    }
    return "other data";
}

} // namespace jitscope::archive
