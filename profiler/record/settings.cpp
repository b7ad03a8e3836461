#include "profiler/record/settings_p.h"

#include <c10/util/Flags.h>

C10_DECLARE_bool(torch_jit_enable_rethrow_caught_exception);

namespace jitscope::record {

OwnExceptions::OwnExceptions() : m_before(FLAGS_torch_jit_enable_rethrow_caught_exception)
{
    FLAGS_torch_jit_enable_rethrow_caught_exception = true;
}

OwnExceptions::~OwnExceptions()
{
    FLAGS_torch_jit_enable_rethrow_caught_exception = m_before;
}

} // namespace jitscope::record
