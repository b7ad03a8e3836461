// The tensors of a lite-interpreter file in flatbuffer form. Private to core/archive.
#pragma once

#include "core/archive/flat_module_p.h"
#include "core/archive/pickle_tensors_p.h"

namespace jitscope::archive {

// As a pickle would describe it; its record is "storages/12", by the
// number of its storage.
[[nodiscard]] PickledTensor described(const FlatModule& module, const flat::Tensor& tensor);

// The storage must be there; nothing else of the tensor needs to be in order.
[[nodiscard]] bool isWithinStorage(const FlatModule& module, const flat::Tensor& tensor);

[[nodiscard]] bool isPerChannel(const flat::QuantizedTensor& quantized);

// Those of the module by their names, then the constants.
[[nodiscard]] std::vector<DescribedTensor> describeTensors(const FlatModule& module);

} // namespace jitscope::archive
