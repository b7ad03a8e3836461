// Where the tests find their models.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace test {

inline std::filesystem::path sourceFolder()
{
    const char* folder = std::getenv("JITSCOPE_SOURCE_DIR");
    return folder != nullptr ? folder : ".";
}

inline std::filesystem::path sample(const std::string& name)
{
    return sourceFolder() / "resources/samples" / (name + ".pt");
}

inline std::vector<std::string> sampleNames()
{
    return {"residual_cnn_scripted",
            "residual_cnn_traced",
            "transformer_scripted",
            "transformer_traced",
            "nested_if_loop",
            "lstm",
            "fork_wait",
            "several_methods",
            "frozen_cnn",
            "pointwise",
            "interface_calls"};
}

// The large models are made by scripts/make_models.py; empty when this one is not
// there.
inline std::filesystem::path largeModel(const std::string& name)
{
    std::filesystem::path folder;
    if (const char* given = std::getenv("JITSCOPE_MODELS"))
        folder = given;
    else if (const char* home = std::getenv("HOME"))
        folder = std::filesystem::path(home) / ".cache/jitscope/models";
    const auto model = folder / (name + ".pt");
    return std::filesystem::exists(model) ? model : std::filesystem::path();
}

inline std::vector<std::string> largeModelNames()
{
    return {"resnet18_scripted",
            "resnet18_traced",
            "resnet50_scripted",
            "resnet50_traced",
            "densenet201_scripted",
            "densenet201_traced",
            "mobilenet_v3_large_scripted",
            "mobilenet_v3_large_traced",
            "vit_b_16_scripted",
            "vit_b_16_traced",
            "maskrcnn_resnet50_fpn_scripted",
            "maskrcnn_resnet50_fpn_traced",
            "raft_small_scripted",
            "raft_small_traced",
            "quantized_mobilenet_v2_scripted",
            "quantized_mobilenet_v2_traced",
            "transformer_scripted"};
}

} // namespace test
