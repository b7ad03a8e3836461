// Loads lite-interpreter files in flatbuffer form, whose code LibTorch takes from the file as it
// takes that of an archive.
#pragma once

#include <torch/csrc/jit/api/module.h>

#include <filesystem>
#include <vector>

namespace jitscope::torchscript {

struct FlatModel
{
    torch::jit::Module module;
    std::vector<c10::IValue> constants; // of the code
    // The file in memory. The tensors lie in it, so it stays as long as they do.
    std::shared_ptr<char> bytes;
    std::size_t size = 0;
};

// The file must have passed the check of core/archive: LibTorch does not look at the indexes in it.
// Throws what LibTorch throws. What is written to the tensors does not reach the file.
[[nodiscard]] FlatModel loadFlatModel(const std::filesystem::path& file);

// Throws c10::Error when the functions that LibTorch runs while it loads take more from the stack
// than is there, which its interpreter does not notice.
void requireSoundSetStates(const std::filesystem::path& file);

} // namespace jitscope::torchscript
