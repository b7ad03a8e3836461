#include "app/cli/session/bytecode_program.h"

#include "core/lite/program.h"
#include "core/torchscript/operator_shape.h"

#include <algorithm>
#include <iterator>

namespace jitscope::cli {

Result<ir::Program> readBytecodeProgram(const std::filesystem::path& file,
                                        const archive::Report& report, ir::NodeKey firstKey)
{
    const Result<archive::LiteModel> model = archive::readLiteModel(file);
    if (!model)
        return tl::unexpected(model.error());
    return lite::programOf(*model, report.tensors, torchscript::registeredOperator, firstKey);
}

void addBytecode(ir::Program& program, ir::Program bytecode)
{
    const auto first = static_cast<ir::FunctionId>(program.functions.size());
    for (ir::Function& function : bytecode.functions) {
        function.name += bytecodeMark;
        program.functions.push_back(std::move(function));
    }
    for (const ir::Module& from : bytecode.modules) {
        const auto module = program.moduleAt(from.path);
        if (!module)
            continue;
        for (const ir::Method& method : from.methods) {
            program.modules[*module].methods.push_back(
                {method.name + std::string(bytecodeMark), first + method.function});
        }
    }
    std::move(bytecode.code.begin(), bytecode.code.end(), std::back_inserter(program.code));
    std::move(bytecode.problems.begin(), bytecode.problems.end(),
              std::back_inserter(program.problems));
}

ir::NodeKey nextKey(const ir::Program& program)
{
    ir::NodeKey last = 0;
    for (const ir::Function& function : program.functions) {
        for (const ir::Node& node : function.graph.nodes)
            last = std::max(last, node.key);
    }
    return last + 1;
}

} // namespace jitscope::cli
