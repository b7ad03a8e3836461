// What opening a model costs at the least with LibTorch alone: torch::jit::load and Inline of its
// forward, in a fresh process; with --load-only the load alone. Prints the milliseconds. Peer of
// the benchmarks open_window and engine_memory.

#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/passes/inliner.h>
#include <torch/csrc/jit/serialization/import.h>

#include <chrono>
#include <cstdio>
#include <exception>
#include <string_view>

int main(int argc, char** argv)
{
    const bool loadOnly = argc == 3 && std::string_view(argv[1]) == "--load-only";
    if (argc != 2 && !loadOnly) {
        std::fprintf(stderr, "usage: bench_open_floor [--load-only] MODEL\n");
        return 2;
    }
    try {
        const auto start = std::chrono::steady_clock::now();
        const torch::jit::Module module = torch::jit::load(argv[argc - 1], c10::Device(c10::kCPU));
        if (!loadOnly) {
            const auto graph = module.get_method("forward").graph()->copy();
            torch::jit::Inline(*graph);
        }
        const std::chrono::duration<double, std::milli> elapsed =
            std::chrono::steady_clock::now() - start;
        std::printf("%.3f\n", elapsed.count());
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 3;
    }
    return 0;
}
