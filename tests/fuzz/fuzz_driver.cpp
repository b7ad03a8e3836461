#include "tests/fuzz/fuzz_driver.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <random>

namespace jitscope::test {

namespace {

constexpr std::size_t maximumSize = 1 << 16;

// Bytes at the edges of what varints, sizes and signed numbers can be.
constexpr std::array<std::uint8_t, 8> edges{0x00, 0x01, 0x7f, 0x80, 0x81, 0xfe, 0xff, 0x0a};

class Mutator
{
public:
    explicit Mutator(std::uint32_t seed) : m_random(seed) {}

    FuzzInput mutate(const FuzzInput& input, const FuzzInput& other)
    {
        FuzzInput result = input;
        for (std::size_t round = 0; round <= below(4); ++round)
            once(result, other);
        if (result.size() > maximumSize)
            result.resize(maximumSize);
        return result;
    }

    std::size_t below(std::size_t limit) { return limit == 0 ? 0 : m_random() % limit; }

private:
    void once(FuzzInput& input, const FuzzInput& other)
    {
        if (input.empty()) {
            input.push_back(static_cast<std::uint8_t>(m_random()));
            return;
        }
        const std::size_t at = below(input.size());
        const auto place = input.begin() + static_cast<std::ptrdiff_t>(at);
        const std::size_t length = below(std::min<std::size_t>(input.size() - at, 64)) + 1;
        const auto end = place + static_cast<std::ptrdiff_t>(length);
        switch (below(7)) {
        case 0:
            input[at] ^= static_cast<std::uint8_t>(1U << below(8));
            break;
        case 1:
            input[at] = edges[below(edges.size())];
            break;
        case 2:
            input[at] = static_cast<std::uint8_t>(input[at] + (below(2) == 0 ? 1 : 255));
            break;
        case 3:
            input.erase(place, end);
            break;
        case 4: {
            const FuzzInput piece(place, end);
            input.insert(input.begin() + static_cast<std::ptrdiff_t>(below(input.size())),
                         piece.begin(), piece.end());
            break;
        }
        case 5:
            input.resize(at);
            break;
        default: {
            const std::size_t from = below(other.size());
            input.resize(at);
            input.insert(input.end(), other.begin() + static_cast<std::ptrdiff_t>(from),
                         other.end());
            break;
        }
        }
    }

    std::mt19937 m_random;
};

} // namespace

void runFuzzer(std::span<const FuzzInput> corpus, std::chrono::milliseconds time)
{
    for (const FuzzInput& input : corpus)
        LLVMFuzzerTestOneInput(input.data(), input.size());
    const auto end = std::chrono::steady_clock::now() + time;
    Mutator mutator(1);
    std::size_t tried = corpus.size();
    while (std::chrono::steady_clock::now() < end) {
        const FuzzInput& base = corpus[mutator.below(corpus.size())];
        const FuzzInput input = mutator.mutate(base, corpus[mutator.below(corpus.size())]);
        LLVMFuzzerTestOneInput(input.data(), input.size());
        ++tried;
    }
    std::printf("%zu inputs tried\n", tried);
}

} // namespace jitscope::test
