#include "core/torchscript/operator_shape.h"

#include <torch/csrc/jit/runtime/operator.h>

#include <sstream>

namespace jitscope::torchscript {

std::optional<lite::OperatorShape> registeredOperator(const std::string& name,
                                                      const std::string& overload)
{
    try {
        const auto op = torch::jit::findOperatorFor(c10::OperatorName(name, overload));
        if (!op)
            return std::nullopt;
        const c10::FunctionSchema& schema = op->schema();
        if (schema.is_vararg() || schema.is_varret())
            return std::nullopt;
        lite::OperatorShape found;
        std::ostringstream text;
        text << schema;
        found.schema = text.str();
        found.inputs = schema.arguments().size();
        for (const c10::Argument& output : schema.returns())
            found.outputs.push_back(output.type()->str());
        return found;
    } catch (...) {
        return std::nullopt; // a name that no operator can have
    }
}

} // namespace jitscope::torchscript
