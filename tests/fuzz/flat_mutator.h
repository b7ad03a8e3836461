// Makes damaged and hostile flatbuffers out of whole ones, always the same for the same seed. Many
// still pass flatbuffers' verifier: what is changed are numbers, texts and instructions more than
// the tables.
#pragma once

#include "tests/fuzz/archive_mutator.h"

namespace jitscope::test {

// The same without its TorchScript code, as older versions of PyTorch wrote it.
[[nodiscard]] std::string withoutCode(std::string flatbuffer);

class FlatMutator
{
public:
    explicit FlatMutator(const std::vector<std::filesystem::path>& files);

    [[nodiscard]] Mutant mutant(std::uint64_t seed) const;

private:
    std::vector<std::string> m_originals; // the bytes
};

} // namespace jitscope::test
