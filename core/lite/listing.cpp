// A method as the list of its instructions: as text, and as a graph where it is no more than that.

#include "core/lite/decompiler_p.h"

#include <fmt/format.h>

namespace jitscope::lite {

using archive::Instruction;
using archive::OpCode;

namespace {

// What an instruction refers to: an operator, a constant, a type, a target.
std::string meaning(const archive::BytecodeFunction& function, std::size_t at)
{
    const Instruction& instruction = function.instructions[at];
    const auto index = static_cast<std::size_t>(instruction.x);
    switch (instruction.code) {
    case OpCode::Op:
    case OpCode::OpN: {
        const archive::BytecodeOperator& op = function.operators[index];
        return op.overload.empty() ? op.name : op.name + "." + op.overload;
    }
    case OpCode::LoadC:
    case OpCode::InterfaceCall:
        return function.constants[index].text;
    case OpCode::ListConstruct:
    case OpCode::DictConstruct:
    case OpCode::NamedTupleConstruct:
    case OpCode::CreateObject:
        return function.types[index];
    case OpCode::IsInstance: {
        std::string types;
        for (std::size_t i = 0; i < static_cast<std::size_t>(instruction.n); ++i)
            types += (i == 0 ? "" : ", ") + function.types[index + i];
        return types;
    }
    case OpCode::Jf:
    case OpCode::Jmp:
    case OpCode::Loop:
        return fmt::format("to {}", static_cast<std::int64_t>(at) + instruction.x);
    default:
        return {};
    }
}

} // namespace

std::string listing(const archive::BytecodeFunction& function)
{
    std::string text;
    for (std::size_t at = 0; at < function.instructions.size(); ++at) {
        const std::string what = meaning(function, at);
        text += what.empty() ? fmt::format("{:>6}  {}\n", at, printed(function.instructions[at]))
                             : fmt::format("{:>6}  {:<24}  # {}\n", at,
                                           printed(function.instructions[at]), what);
    }
    return text;
}

GraphTree listed(const archive::BytecodeFunction& function)
{
    GraphTree tree;
    TreeValue last = tree.add("begin", "order");
    tree.block.parameters.push_back(last);
    for (std::size_t at = 0; at < function.instructions.size(); ++at) {
        const Instruction& instruction = function.instructions[at];
        auto node = std::make_unique<TreeNode>();
        node->kind = "bytecode::" + std::string(codeName(instruction.code));
        node->instruction = at;
        node->inputs = {last};
        node->attributes.push_back({"instruction", ir::AttributeKind::Int, std::to_string(at)});
        node->attributes.push_back({"X", ir::AttributeKind::Int, std::to_string(instruction.x)});
        node->attributes.push_back({"N", ir::AttributeKind::Int, std::to_string(instruction.n)});
        if (const std::string what = meaning(function, at); !what.empty())
            node->attributes.push_back({"meaning", ir::AttributeKind::Value, what});
        last = tree.add("", "order");
        node->outputs = {last};
        tree.block.nodes.push_back(std::move(node));
    }
    tree.block.returns = {last};
    return tree;
}

} // namespace jitscope::lite
