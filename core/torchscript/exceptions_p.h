// Exceptions of LibTorch stop here and become Errors.
#pragma once

#include "core/support/result.h"

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace jitscope::torchscript {

// The message of the exception that is being handled, as valid UTF-8, without the C++ stack that
// LibTorch appends. To be called inside a catch block.
[[nodiscard]] std::string currentExceptionMessage();

// The part of a LibTorch message that tells a person what happened: of a failure in the interpreter
// the last line
// ("RuntimeError: ..."), else the first paragraph.
[[nodiscard]] std::string summary(std::string_view message);

// The operator that the message says is missing ("torchvision::nms"); empty when it is about
// something else.
[[nodiscard]] std::string missingOperator(std::string_view message);

// The exception that is being handled while `file` was loaded.
[[nodiscard]] Error loadError(const std::string& file);

// The exception that is being handled while the model or a pass ran. `where` names it.
[[nodiscard]] Error modelError(const std::string& where);

// Calls `work` and turns whatever it throws into an Error made by `describe`, which runs while the
// exception is handled.
template <typename Work, typename Describe>
auto guarded(Work&& work, Describe&& describe) -> std::invoke_result_t<Work>
{
    try {
        return std::forward<Work>(work)();
    } catch (...) {
        return tl::unexpected<Error>(std::forward<Describe>(describe)());
    }
}

} // namespace jitscope::torchscript
