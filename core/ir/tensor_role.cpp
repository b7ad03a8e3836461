#include "core/ir/tensor_role.h"

namespace jitscope::ir {

std::string_view roleName(TensorRole role)
{
    switch (role) {
    case TensorRole::Parameter:
        return "parameter";
    case TensorRole::Buffer:
        return "buffer";
    case TensorRole::Constant:
        return "constant";
    case TensorRole::Attribute:
        return "attribute";
    }
    return "attribute";
}

} // namespace jitscope::ir
