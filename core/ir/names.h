// Parts of the names that graphs and sources carry.
#pragma once

#include <string_view>

namespace jitscope::ir {

// After the last dot: "conv1" of "layer1.0.conv1".
[[nodiscard]] inline std::string_view lastPart(std::string_view qualified)
{
    const std::size_t dot = qualified.rfind('.');
    return dot == std::string_view::npos ? qualified : qualified.substr(dot + 1);
}

// Of a name space that LibTorch itself fills: no library adds to it.
[[nodiscard]] inline bool isOfLibTorch(std::string_view operatorName)
{
    return operatorName.starts_with("aten::") || operatorName.starts_with("prim::");
}

// Texts of attributes are printed in quotes.
[[nodiscard]] inline std::string_view unquoted(std::string_view text)
{
    return text.size() >= 2 && text.front() == '"' && text.back() == '"'
               ? text.substr(1, text.size() - 2)
               : text;
}

// The name of a source file; its path may come from any system.
[[nodiscard]] inline std::string_view fileName(std::string_view path)
{
    const std::size_t slash = path.find_last_of("/\\");
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

// A source file of an installed package as one imports it: "torchvision/ops/boxes.py". Other paths
// stay whole.
[[nodiscard]] inline std::string_view packagePath(std::string_view path)
{
    for (const std::string_view folder : {"/site-packages/", "/dist-packages/"}) {
        if (const std::size_t at = path.rfind(folder); at != std::string_view::npos)
            return path.substr(at + folder.size());
    }
    return path;
}

} // namespace jitscope::ir
