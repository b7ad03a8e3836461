// Declarations of operators that models use but LibTorch lacks, so that such a model opens for
// reading.
#pragma once

#include "core/archive/operator_calls.h"
#include "core/support/result.h"

#include <torch/library.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jitscope::torchscript {

struct OperatorStub
{
    std::string library;    // what provides the operator; empty if nobody knows
    bool isGuessed = false; // from its calls
};

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

    // Makes up schemas for those operators of the calls that nothing provides, whose namespace is
    // not LibTorch's own or whose name is `needed`: any arguments of these numbers and names, and
    // tensors as results. True when there is a new one.
    bool guess(const std::vector<archive::OperatorCall>& calls, std::string_view needed);

    [[nodiscard]] const std::map<std::string, OperatorStub>& operators() const { return m_stubs; }

private:
    OperatorStubs();
    static std::weak_ptr<OperatorStubs>& shared();

    std::vector<std::unique_ptr<torch::Library>> m_libraries;
    std::map<std::string, OperatorStub> m_stubs; // by name
    std::vector<archive::OperatorCall> m_guessed;
};

// What a stub said when it was run, if that is what the message of an exception is about.
[[nodiscard]] std::optional<Error> stubRefusal(std::string_view message);

} // namespace jitscope::torchscript
