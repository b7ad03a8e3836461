// Result<T>: a value or an Error. Exceptions of libraries are turned into one where the library is
// called.
#pragma once

#include "core/support/error.h"

#include <tl/expected.hpp>

#include <utility>

namespace jitscope {

template <typename T>
using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, std::string what,
                                                std::string where = {}, std::string remedy = {})
{
    return tl::unexpected<Error>(Error{code, std::move(what), std::move(where), std::move(remedy)});
}

} // namespace jitscope
