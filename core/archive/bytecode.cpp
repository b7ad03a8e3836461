#include "core/archive/bytecode_p.h"

#include "core/archive/instruction_set_p.h"
#include "core/archive/pickle_tensors_p.h"
#include "core/archive/shown_value_p.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace jitscope::archive {

namespace {

// "Dict[str, int]", as everything else has it, where bytecode has "Dict[str,int]".
std::string shownType(std::string_view type)
{
    std::string shown;
    for (std::size_t i = 0; i < type.size(); ++i) {
        shown += type[i];
        if (type[i] == ',' && type.substr(i + 1, 1) != " ")
            shown += ' ';
    }
    return shown;
}

class Reader
{
public:
    explicit Reader(const PickleDocument& pickle)
        : m_pickle(pickle), m_texts(TextBudget::ofPickle(pickle.end()))
    {}

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

    Result<BytecodeFunction> readFunction(PickleId method)
    {
        const std::span<const PickleId> parts = m_pickle.items(method);
        if (parts.size() < 2 || !m_pickle.is(parts[0], PickleKind::Text))
            return wrong("a method has no name or no code");
        BytecodeFunction function;
        function.name = m_texts.take(m_pickle.text(parts[0]));
        for (const PickleId row : rows(parts[1], "operators")) {
            const std::span<const PickleId> fields = m_pickle.items(row);
            if (fields.size() < 2)
                return wrong("an operator has no name");
            BytecodeOperator op{m_texts.take(m_pickle.text(fields[0])),
                                m_texts.take(m_pickle.text(fields[1])), -1};
            if (fields.size() > 2 && m_pickle.is(fields[2], PickleKind::Int))
                op.arguments = m_pickle.integer(fields[2]);
            function.operators.push_back(std::move(op));
        }
        for (const PickleId row : rows(parts[1], "constants"))
            function.constants.push_back(shownWithin(m_texts, m_pickle, row));
        for (const PickleId row : rows(parts[1], "types"))
            function.types.push_back(shownType(m_texts.take(m_pickle.text(row))));
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
        if (const std::string fault = instructionFault(function); !fault.empty())
            return wrong(fault);
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
        const std::optional<OpCode> code = codeNamed(m_pickle.text(fields[0]));
        if (!code)
            return std::nullopt;
        const Instruction instruction{*code, m_pickle.integer(fields[1]),
                                      m_pickle.integer(fields[2])};
        return hasBoundedNumbers(instruction) ? std::optional(instruction) : std::nullopt;
    }

    [[nodiscard]] std::vector<BytecodeArgument> readArguments(std::span<const PickleId> list)
    {
        std::vector<BytecodeArgument> arguments;
        for (const PickleId row : list) {
            BytecodeArgument argument;
            if (const auto name = field(row, "name"))
                argument.name = m_texts.take(m_pickle.text(*name));
            if (const auto type = field(row, "type"))
                argument.type = m_texts.take(m_pickle.text(*type));
            if (const auto value = field(row, "default_value");
                value && !m_pickle.is(*value, PickleKind::None))
                argument.defaultValue = shownWithin(m_texts, m_pickle, *value).text;
            arguments.push_back(std::move(argument));
        }
        return arguments;
    }

    const PickleDocument& m_pickle;
    TextBudget m_texts;
};

std::string shownText(const PickleDocument& pickle, PickleId id, int depth);

std::string itemsText(const PickleDocument& pickle, std::span<const PickleId> items, int depth)
{
    return shownItems(items.size(), depth,
                      [&](std::size_t i) { return shownText(pickle, items[i], depth + 1); });
}

std::string shownText(const PickleDocument& pickle, PickleId id, int depth)
{
    if (depth > deepestText)
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
        return "(" + itemsText(pickle, pickle.items(id), depth) + ")";
    case PickleKind::List:
    case PickleKind::Set:
        return "[" + itemsText(pickle, pickle.items(id), depth) + "]";
    case PickleKind::Dict:
        return "{" + itemsText(pickle, pickle.items(id), depth) + "}";
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

} // namespace jitscope::archive
