#include "core/archive/bytecode_p.h"

#include "core/archive/pickle_tensors_p.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

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

constexpr std::int64_t largestNumber = 1 << 24; // of X and N
constexpr std::size_t longestText = 200;

std::string shortened(std::string_view text)
{
    return text.size() <= longestText ? std::string(text)
                                      : std::string(text.substr(0, longestText)) + "...";
}

class Reader
{
public:
    explicit Reader(const PickleDocument& pickle) : m_pickle(pickle) {}

    Result<Bytecode> read()
    {
        const std::span<const PickleId> top = m_pickle.items(m_pickle.root());
        if (top.empty() || !m_pickle.is(top[0], PickleKind::Int))
            return wrong("it does not begin with a version");
        Bytecode bytecode;
        bytecode.version = m_pickle.integer(top[0]);
        for (const PickleId method : top.subspan(1)) {
            Result<BytecodeFunction> function = readFunction(method);
            if (!function)
                return tl::unexpected(function.error());
            bytecode.functions.push_back(*std::move(function));
        }
        return bytecode;
    }

private:
    [[nodiscard]] static tl::unexpected<Error> wrong(std::string_view what)
    {
        return fail(ErrorCode::UnusableFile, fmt::format("The bytecode is damaged: {}.", what));
    }

    // The value of a name in a tuple of (name, value) pairs; none when it is not there.
    [[nodiscard]] std::optional<PickleId> field(PickleId table, std::string_view name) const
    {
        for (const PickleId row : m_pickle.items(table)) {
            const std::span<const PickleId> pair = m_pickle.items(row);
            if (pair.size() == 2 && m_pickle.text(pair[0]) == name)
                return pair[1];
        }
        return std::nullopt;
    }
    [[nodiscard]] std::span<const PickleId> rows(PickleId table, std::string_view name) const
    {
        const auto found = field(table, name);
        return found ? m_pickle.items(*found) : std::span<const PickleId>();
    }

    Result<BytecodeFunction> readFunction(PickleId method) const
    {
        const std::span<const PickleId> parts = m_pickle.items(method);
        if (parts.size() < 2 || !m_pickle.is(parts[0], PickleKind::Text))
            return wrong("a method has no name or no code");
        BytecodeFunction function;
        function.name = m_pickle.text(parts[0]);
        for (const PickleId row : rows(parts[1], "operators")) {
            const std::span<const PickleId> fields = m_pickle.items(row);
            if (fields.size() < 2)
                return wrong("an operator has no name");
            BytecodeOperator op{std::string(m_pickle.text(fields[0])),
                                std::string(m_pickle.text(fields[1])), -1};
            if (fields.size() > 2 && m_pickle.is(fields[2], PickleKind::Int))
                op.arguments = m_pickle.integer(fields[2]);
            function.operators.push_back(std::move(op));
        }
        for (const PickleId row : rows(parts[1], "constants"))
            function.constants.push_back(shownValue(m_pickle, row));
        for (const PickleId row : rows(parts[1], "types"))
            function.types.emplace_back(m_pickle.text(row));
        const auto registers = field(parts[1], "register_size");
        if (!registers || !m_pickle.is(*registers, PickleKind::Int) ||
            m_pickle.integer(*registers) < 0 || m_pickle.integer(*registers) > largestNumber)
            return wrong("the number of registers is missing");
        function.registers = static_cast<std::uint64_t>(m_pickle.integer(*registers));
        for (const PickleId row : rows(parts[1], "instructions")) {
            const auto instruction = readInstruction(row);
            if (!instruction)
                return wrong(fmt::format("instruction {} of {} is unknown",
                                         function.instructions.size(), function.name));
            function.instructions.push_back(*instruction);
        }
        if (function.instructions.empty())
            return wrong(fmt::format("{} has no instructions", function.name));
        for (std::size_t at = 0; at < function.instructions.size(); ++at) {
            if (!isInRange(function, at))
                return wrong(
                    fmt::format("instruction {} of {} points at nothing", at, function.name));
        }
        if (parts.size() > 2) {
            function.arguments = readArguments(rows(parts[2], "arguments"));
            function.returns = readArguments(rows(parts[2], "returns"));
        }
        return function;
    }

    [[nodiscard]] std::optional<Instruction> readInstruction(PickleId row) const
    {
        const std::span<const PickleId> fields = m_pickle.items(row);
        if (fields.size() != 3 || !m_pickle.is(fields[1], PickleKind::Int) ||
            !m_pickle.is(fields[2], PickleKind::Int))
            return std::nullopt;
        const std::string_view name = m_pickle.text(fields[0]);
        const auto* const found = std::find_if(
            codes.begin(), codes.end(), [&](const CodeRow& code) { return code.name == name; });
        Instruction instruction{static_cast<OpCode>(found - codes.begin()),
                                m_pickle.integer(fields[1]), m_pickle.integer(fields[2])};
        const bool isFine = found != codes.end() && instruction.n >= 0 &&
                            instruction.n <= largestNumber && instruction.x >= -largestNumber &&
                            instruction.x <= largestNumber;
        return isFine ? std::optional(instruction) : std::nullopt;
    }

    [[nodiscard]] static bool isInRange(const BytecodeFunction& function, std::size_t at)
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
            return instruction.x >= 1 &&
                   below(instruction.x - 1, instruction.n, function.registers);
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

    [[nodiscard]] std::vector<BytecodeArgument> readArguments(std::span<const PickleId> list) const
    {
        std::vector<BytecodeArgument> arguments;
        for (const PickleId row : list) {
            BytecodeArgument argument;
            if (const auto name = field(row, "name"))
                argument.name = m_pickle.text(*name);
            if (const auto type = field(row, "type"))
                argument.type = m_pickle.text(*type);
            if (const auto value = field(row, "default_value");
                value && !m_pickle.is(*value, PickleKind::None))
                argument.defaultValue = shownValue(m_pickle, *value).text;
            arguments.push_back(std::move(argument));
        }
        return arguments;
    }

    const PickleDocument& m_pickle;
};

std::string shownText(const PickleDocument& pickle, PickleId id, int depth);

std::string shownItems(const PickleDocument& pickle, std::span<const PickleId> items, int depth)
{
    constexpr std::size_t mostShown = 16;
    constexpr int deepestShown = 3;
    std::string text;
    for (std::size_t i = 0; i < items.size(); ++i) {
        text += i == 0 ? "" : ", ";
        if (i == mostShown || depth == deepestShown)
            return text + "...";
        text += shownText(pickle, items[i], depth + 1);
    }
    return text;
}

std::string shownText(const PickleDocument& pickle, PickleId id, int depth)
{
    constexpr int deepest = 8;
    if (depth > deepest)
        return "...";
    if (const auto tensor = tensorAt(pickle, id))
        return fmt::format("<{} [{}]>", tensor->dtype, fmt::join(tensor->shape, ", "));
    switch (pickle.kind(id)) {
    case PickleKind::None:
        return "None";
    case PickleKind::Bool:
        return pickle.integer(id) != 0 ? "True" : "False";
    case PickleKind::Int:
        return std::to_string(pickle.integer(id));
    case PickleKind::Float:
        return fmt::format("{}", pickle.real(id));
    case PickleKind::Text:
        return fmt::format("\"{}\"", shortened(pickle.text(id)));
    case PickleKind::Global:
        return shortened(pickle.text(id));
    case PickleKind::Tuple:
        return "(" + shownItems(pickle, pickle.items(id), depth) + ")";
    case PickleKind::List:
    case PickleKind::Set:
        return "[" + shownItems(pickle, pickle.items(id), depth) + "]";
    case PickleKind::Dict:
        return "{" + shownItems(pickle, pickle.items(id), depth) + "}";
    case PickleKind::Object:
        // build_intlist([1, 2]), restore_type_tag(value, type)
        return pickle.callee(id).starts_with("torch.jit._pickle.") && !pickle.arguments(id).empty()
                   ? shownText(pickle, pickle.arguments(id)[0], depth + 1)
                   : fmt::format("<{}>", shortened(pickle.callee(id)));
    case PickleKind::Persistent:
        break;
    }
    return "<storage>";
}

std::string typeOf(const PickleDocument& pickle, PickleId id)
{
    if (tensorAt(pickle, id))
        return "Tensor";
    switch (pickle.kind(id)) {
    case PickleKind::None:
        return "NoneType";
    case PickleKind::Bool:
        return "bool";
    case PickleKind::Int:
        return "int";
    case PickleKind::Float:
        return "float";
    case PickleKind::Text:
        return "str";
    case PickleKind::Tuple:
        return "tuple";
    case PickleKind::List:
        return "list";
    case PickleKind::Dict:
        return "dict";
    case PickleKind::Object: {
        const std::string_view callee = pickle.callee(id);
        const std::span<const PickleId> arguments = pickle.arguments(id);
        if (callee == "torch.jit._pickle.restore_type_tag" && arguments.size() == 2)
            return shortened(pickle.text(arguments[1]));
        if (callee == "torch.jit._pickle.build_intlist")
            return "List[int]";
        if (callee == "torch.jit._pickle.build_doublelist")
            return "List[float]";
        if (callee == "torch.jit._pickle.build_boollist")
            return "List[bool]";
        if (callee == "torch.jit._pickle.build_tensorlist")
            return "List[Tensor]";
        return shortened(callee);
    }
    default:
        return "object";
    }
}

} // namespace

BytecodeConstant shownValue(const PickleDocument& pickle, PickleId id)
{
    return {typeOf(pickle, id), shownText(pickle, id, 0)};
}

Result<Bytecode> readBytecode(const PickleDocument& pickle)
{
    return Reader(pickle).read();
}

void readDebugHandles(const PickleDocument& pickle, Bytecode& bytecode)
{
    // (version, (method, (("function_debug_handles", (build_intlist([...]),)),)), ...)
    for (const PickleId row : pickle.items(pickle.root())) {
        const std::span<const PickleId> method = pickle.items(row);
        if (method.size() != 2)
            continue;
        const auto function = std::find_if(
            bytecode.functions.begin(), bytecode.functions.end(),
            [&](const BytecodeFunction& known) { return known.name == pickle.text(method[0]); });
        if (function == bytecode.functions.end())
            continue;
        for (const PickleId table : pickle.items(method[1])) {
            const std::span<const PickleId> pair = pickle.items(table);
            if (pair.size() != 2 || pickle.text(pair[0]) != "function_debug_handles" ||
                pickle.items(pair[1]).empty())
                continue;
            const PickleId list = pickle.items(pair[1])[0];
            const auto handles = pickle.arguments(list).empty()
                                     ? pickle.items(list)
                                     : pickle.items(pickle.arguments(list)[0]);
            if (handles.size() != function->instructions.size())
                continue;
            function->debugHandles.clear();
            for (const PickleId handle : handles)
                function->debugHandles.push_back(pickle.integer(handle));
        }
    }
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
