// The tensors that a pickle of PyTorch describes. Private to core/archive.
#pragma once

#include "core/archive/pickle_value_p.h"
#include "core/archive/preflight.h"

#include <optional>

namespace jitscope::archive {

struct PickledTensor
{
    std::string name;   // where it lies in the pickle, such as "layer1.0.conv1.weight"
    std::string record; // the storage's name: "12" for the record data/12
    std::string device;
    std::string dtype;             // "float32"; as the pickle says where it is unknown here
    std::uint64_t elementSize = 0; // bytes; 0 where the type is unknown here
    std::vector<std::int64_t> shape;
    std::vector<std::int64_t> strides;
    std::int64_t offset = 0;   // elements
    std::int64_t elements = 0; // of the storage
    bool isParameter = false;
    bool isWellFormed = true; // the numbers are numbers, and none is negative or out of range
};

// All tensors, each once, by the first way to it. In the order in which they are met.
[[nodiscard]] std::vector<PickledTensor> tensorsOf(const PickleDocument& pickle);

// The tensor at a value, if it is one.
[[nodiscard]] std::optional<PickledTensor> tensorAt(const PickleDocument& pickle, PickleId id);

// How many bytes of its storage a tensor reaches over, counted from the storage's begin; none when
// the numbers leave 64 bits.
[[nodiscard]] std::optional<std::uint64_t> reach(const PickledTensor& tensor);

// Of its elements.
[[nodiscard]] std::uint64_t bytesOf(const PickledTensor& tensor);

// Adds all of them to the report of a file that holds tensors and no code.
void describeTensors(const PickleDocument& pickle, Report& report);

// Whether the pickle holds tensors by name and nothing that needs code to rebuild.
[[nodiscard]] bool isStateDict(const PickleDocument& pickle);

} // namespace jitscope::archive
