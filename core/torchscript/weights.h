// The elements of a model's tensors: statistics, values and files of them. Only the tensor that is
// asked for is read, from the model file where it lies there as it is in memory, block by block,
// and nothing of it is kept. Belongs to the thread of its session.
#pragma once

#include "core/support/job.h"
#include "core/tensor/statistics.h"
#include "core/tensor/values.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace jitscope::torchscript {

class Session;

class Weights
{
public:
    // The session outlives it.
    explicit Weights(Session& session) : m_session(session) {}

    // Tensors are named by their place and name in Program::tensors. An Error when they are none of
    // this model, or have no elements that can be read: other layouts than strided, packed types,
    // weights that are cut off in the file.

    struct Measured
    {
        tensor::Statistics statistics;
        std::string_view measure; // value, magnitude or dequantized
    };
    [[nodiscard]] Result<Measured> statistics(std::size_t place, std::string_view name,
                                              const JobContext& job);

    [[nodiscard]] Result<tensor::Values> values(std::size_t place, std::string_view name,
                                                const tensor::Slice& slice);

    // Types that NumPy lacks become the next one that holds every value: bfloat16 and the 8-bit
    // floating-point types float32, complex32 complex64; quantized tensors are dequantized to
    // float32.
    [[nodiscard]] Result<void> exportNpy(std::size_t place, std::string_view name,
                                         const std::filesystem::path& file, const JobContext& job);

private:
    Session& m_session;
};

} // namespace jitscope::torchscript
