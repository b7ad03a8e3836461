#include "core/ir/program.h"

namespace jitscope::ir {

std::optional<FunctionId> Program::functionNamed(std::string_view qualifiedName) const
{
    for (FunctionId id = 0; id < functions.size(); ++id) {
        if (functions[id].name == qualifiedName)
            return id;
    }
    return std::nullopt;
}

std::optional<ModuleId> Program::moduleAt(std::string_view path) const
{
    for (ModuleId id = 0; id < modules.size(); ++id) {
        if (modules[id].path == path)
            return id;
    }
    return std::nullopt;
}

} // namespace jitscope::ir
