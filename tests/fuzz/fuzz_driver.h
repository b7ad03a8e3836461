// Runs a libFuzzer entry point without libFuzzer: each input of a corpus, then mutations of it,
// always the same ones, for a given time. With Clang the same entry point links with
// -fsanitize=fuzzer and no driver.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

// libFuzzer's interface: returns 0, and crashes when it finds something.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace jitscope::test {

using FuzzInput = std::vector<std::uint8_t>;

// Prints how many inputs were tried.
void runFuzzer(std::span<const FuzzInput> corpus, std::chrono::milliseconds time);

} // namespace jitscope::test
