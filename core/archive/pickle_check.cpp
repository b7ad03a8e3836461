#include "core/archive/pickle_check.h"

#include "core/archive/pickle_value_p.h"

#include <fmt/format.h>

namespace jitscope::archive {

Result<void> checkPickle(std::string bytes)
{
    const Result<PickleDocument> pickle = readPickle(std::move(bytes));
    if (!pickle)
        return tl::unexpected(pickle.error());
    return checkDepth(*pickle);
}

Result<void> checkDepth(const PickleDocument& pickle)
{
    const std::size_t depth = pickle.depth();
    if (depth == 0) {
        return fail(ErrorCode::UnusableFile,
                    "A value of the pickle holds itself, which LibTorch cannot take apart.");
    }
    if (depth > deepestValues) {
        return fail(ErrorCode::UnusableFile,
                    fmt::format("The values of the pickle are nested {} deep, on which LibTorch "
                                "overflows the stack.",
                                depth));
    }
    return {};
}

} // namespace jitscope::archive
