#include "core/archive/instruction_set_p.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace jitscope::archive {

namespace {

// What the numbers of an instruction mean.
enum class Meaning : std::uint8_t
{
    Nothing,
    Operator,
    Register,
    Registers, // n of them
    Constant,
    Jump,
    Type,
    Types, // n of them
    Count,
};

struct CodeRow
{
    std::string_view name;
    Meaning meaning;
};

constexpr std::array<CodeRow, 51> codes{{
    {"OP", Meaning::Operator},
    {"OPN", Meaning::Operator},
    {"LOAD", Meaning::Register},
    {"MOVE", Meaning::Register},
    {"STOREN", Meaning::Registers},
    {"STORE", Meaning::Register},
    {"DROP", Meaning::Nothing},
    {"DROPR", Meaning::Register},
    {"LOADC", Meaning::Constant},
    {"JF", Meaning::Jump},
    {"JMP", Meaning::Jump},
    {"LOOP", Meaning::Jump},
    {"RET", Meaning::Nothing},
    {"WAIT", Meaning::Nothing},
    {"CALL", Meaning::Nothing},
    {"GUARD", Meaning::Nothing},
    {"TYPECHECK", Meaning::Nothing},
    {"FAIL_GUARD", Meaning::Nothing},
    {"PROFILE_OP", Meaning::Nothing},
    {"TAIL_CALL", Meaning::Nothing},
    {"INTERFACE_CALL", Meaning::Constant},
    {"GET_ATTR", Meaning::Nothing},
    {"SET_ATTR", Meaning::Nothing},
    {"LIST_UNPACK", Meaning::Count},
    {"TUPLE_CONSTRUCT", Meaning::Count},
    {"NAMED_TUPLE_CONSTRUCT", Meaning::Type},
    {"LIST_CONSTRUCT", Meaning::Type},
    {"DICT_CONSTRUCT", Meaning::Type},
    {"CREATE_OBJECT", Meaning::Type},
    {"ISINSTANCE", Meaning::Types},
    {"TUPLE_SLICE", Meaning::Nothing},
    {"TUPLE_INDEX", Meaning::Nothing},
    {"RAISE_EXCEPTION", Meaning::Nothing},
    {"DICT_INDEX", Meaning::Nothing},
    {"UNCHECKED_CAST", Meaning::Nothing},
    {"__IS__", Meaning::Nothing},
    {"UN_INITIALIZED", Meaning::Nothing},
    {"__ISNOT__", Meaning::Nothing},
    {"FORMAT", Meaning::Count},
    {"DEVICE", Meaning::Nothing},
    {"DTYPE", Meaning::Nothing},
    {"DIM", Meaning::Nothing},
    {"__NOT__", Meaning::Nothing},
    {"TO_LIST", Meaning::Nothing},
    {"NUM_TO_TENSOR", Meaning::Nothing},
    {"IS_CUDA", Meaning::Nothing},
    {"FORK", Meaning::Nothing},
    {"WARN", Meaning::Count},
    {"ENTER", Meaning::Nothing},
    {"EXIT", Meaning::Nothing},
    {"AWAITABLE", Meaning::Nothing},
}};

bool isInRange(const BytecodeFunction& function, std::size_t at)
{
    const Instruction& instruction = function.instructions[at];
    const auto below = [](std::int64_t first, std::int64_t count, std::size_t limit) {
        return first >= 0 &&
               static_cast<std::uint64_t>(first) + static_cast<std::uint64_t>(count) <= limit;
    };
    const auto size = function.instructions.size();
    switch (codes[static_cast<std::size_t>(instruction.code)].meaning) {
    case Meaning::Operator:
        return below(instruction.x, 1, function.operators.size());
    case Meaning::Register:
        return instruction.x >= 1 && below(instruction.x, 0, function.registers);
    case Meaning::Registers:
        return instruction.x >= 1 && below(instruction.x - 1, instruction.n, function.registers);
    case Meaning::Constant:
        return below(instruction.x, 1, function.constants.size());
    case Meaning::Jump: {
        const std::int64_t target = static_cast<std::int64_t>(at) + instruction.x;
        return target >= 0 && static_cast<std::uint64_t>(target) < size;
    }
    case Meaning::Type:
        return below(instruction.x, 1, function.types.size());
    case Meaning::Types:
        return below(instruction.x, instruction.n, function.types.size());
    case Meaning::Count:
        return instruction.x >= 0;
    case Meaning::Nothing:
        break;
    }
    return instruction.x >= 0;
}

} // namespace

std::optional<OpCode> codeNamed(std::string_view name)
{
    const auto* const found = std::find_if(codes.begin(), codes.end(),
                                           [&](const CodeRow& code) { return code.name == name; });
    return found == codes.end() ? std::nullopt
                                : std::optional(static_cast<OpCode>(found - codes.begin()));
}

std::optional<OpCode> codeNumbered(std::int64_t number)
{
    return number >= 0 && static_cast<std::uint64_t>(number) < codes.size()
               ? std::optional(static_cast<OpCode>(number))
               : std::nullopt;
}

bool hasBoundedNumbers(const Instruction& instruction)
{
    return instruction.n >= 0 && instruction.n <= largestNumber &&
           instruction.x >= -largestNumber && instruction.x <= largestNumber;
}

std::string instructionFault(const BytecodeFunction& function)
{
    if (function.instructions.empty())
        return fmt::format("{} has no instructions", function.name);
    for (std::size_t at = 0; at < function.instructions.size(); ++at) {
        if (!isInRange(function, at))
            return fmt::format("instruction {} of {} points at nothing", at, function.name);
    }
    return {};
}

std::string_view codeName(OpCode code)
{
    return codes[static_cast<std::size_t>(code)].name;
}

bool isOperatorCall(const Instruction& instruction)
{
    return instruction.code == OpCode::Op || instruction.code == OpCode::OpN;
}

std::string printed(const Instruction& instruction)
{
    const std::string_view name = codeName(instruction.code);
    switch (codes[static_cast<std::size_t>(instruction.code)].meaning) {
    case Meaning::Nothing:
        break;
    case Meaning::Registers:
    case Meaning::Types:
        return fmt::format("{} {} {}", name, instruction.x, instruction.n);
    default:
        return instruction.n == 0 ? fmt::format("{} {}", name, instruction.x)
                                  : fmt::format("{} {} {}", name, instruction.x, instruction.n);
    }
    return instruction.x == 0 && instruction.n == 0 ? std::string(name)
                                                    : fmt::format("{} {}", name, instruction.x);
}

} // namespace jitscope::archive
