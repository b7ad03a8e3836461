// Guesses what a method wants for an argument that nobody gave. LibTorch's types; private to
// profiler/record.
//
// A tensor takes the shape that the graph states, if it states one. Else the graph is followed from
// the argument to the first weight that reads it, which decides rank and channels:
//   convolution      1 x channels x 224 x 224 (1-D: x 1000; 3-D: x 16 x 112 x 112)
//   linear, addmm    1 x 8 x features (1 x features where the rank matters)
//   embedding        int64 of 1 x 8, below the number of embeddings
//   LSTM, GRU, RNN   1 x 8 x features (their cells likewise)
//   sum, product     8 x features with a vector
//   normalisation    1 x 8 x features, or as a convolution
// and else that of the argument before it, or 8 x 8. A list of tensors gets two images of three
// channels, which is what detection models take. Numbers are 2 and 1.0, truth values false,
// optional arguments none.
#pragma once

#include "core/torchscript/session_p.h"
#include "profiler/record/input_spec.h"

#include <optional>

namespace jitscope::record {

// `argument` counts the graph's inputs, self being 0; `before` is the tensor before it, if any.
// Nothing when the type has no guess.
[[nodiscard]] std::optional<InputSpec> guessInput(const torchscript::StageGraph& stage,
                                                  std::size_t argument, const c10::TypePtr& type,
                                                  const std::optional<TensorSpec>& before);

} // namespace jitscope::record
