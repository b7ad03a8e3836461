// Declarations of operators that models use but LibTorch lacks, so that such a model opens for
// reading.
#pragma once

#include "core/torchscript/session.h"

#include <torch/library.h>

#include <memory>
#include <string_view>
#include <vector>

namespace jitscope::torchscript {

// Operators are registered for the whole process, so all sessions share one set of stubs; it goes
// when the last session that needs it goes.
class OperatorStubs
{
public:
    // The stubs in force, made when there are none: one for each known operator that no library
    // provides.
    [[nodiscard]] static std::shared_ptr<OperatorStubs> acquire();
    // Whether a session of this process holds stubs. A library that registers the same operators
    // must not be opened then.
    [[nodiscard]] static bool areInForce();

    [[nodiscard]] const std::vector<StubbedOperator>& operators() const { return m_operators; }

private:
    OperatorStubs();
    static std::weak_ptr<OperatorStubs>& shared();

    std::vector<std::unique_ptr<torch::Library>> m_libraries;
    std::vector<StubbedOperator> m_operators;
};

} // namespace jitscope::torchscript
