#include "core/lite/decompiler_p.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

namespace jitscope::lite {

namespace {

using archive::Instruction;
using archive::OpCode;

constexpr std::size_t deepestBlocks = 200;
// Registers that no instruction could fill come from no compiler.
constexpr std::uint64_t registersPerInstruction = 64;

// Operators that give nothing back; where no schema is known.
constexpr std::array<std::string_view, 10> silentOperators{
    "prim::Print",   "aten::warn",   "aten::save",   "prim::RaiseException", "aten::clear",
    "aten::reverse", "aten::insert", "aten::extend", "aten::Delete",         "aten::manual_seed"};

// Instructions that take a number of values from the stack and give some back, as nodes.
struct PlainRow
{
    OpCode code;
    std::string_view kind;
    std::size_t inputs;
    std::size_t outputs;
    std::string_view type; // of the output
};
constexpr std::array<PlainRow, 16> plainRows{{
    {OpCode::Wait, "aten::wait", 1, 1, ""},
    {OpCode::TupleSlice, "prim::TupleSlice", 1, 1, ""},
    {OpCode::TupleIndex, "prim::TupleIndex", 2, 1, ""},
    {OpCode::DictIndex, "aten::__getitem__", 2, 1, ""},
    {OpCode::UncheckedCast, "prim::unchecked_cast", 1, 1, ""},
    {OpCode::Is, "aten::__is__", 2, 1, "bool"},
    {OpCode::IsNot, "aten::__isnot__", 2, 1, "bool"},
    {OpCode::UnInitialized, "prim::Uninitialized", 0, 1, ""},
    {OpCode::Device, "prim::device", 1, 1, "Device"},
    {OpCode::DType, "prim::dtype", 1, 1, "int"},
    {OpCode::Dim, "aten::dim", 1, 1, "int"},
    {OpCode::Not, "aten::__not__", 1, 1, "bool"},
    {OpCode::ToList, "prim::tolist", 3, 1, ""},
    {OpCode::NumToTensor, "prim::NumToTensor", 1, 1, "Tensor"},
    {OpCode::IsCuda, "prim::is_cuda", 1, 1, "bool"},
    {OpCode::Warn, "aten::warn", 2, 0, ""},
}};

ir::AttributeKind attributeKindOf(const std::string& type)
{
    if (type == "int" || type == "bool")
        return ir::AttributeKind::Int;
    if (type == "float")
        return ir::AttributeKind::Float;
    if (type == "str")
        return ir::AttributeKind::String;
    return ir::AttributeKind::Value;
}

class Decompiler
{
public:
    Decompiler(const archive::BytecodeFunction& function,
               const std::vector<archive::LiteObject>& objects, const OperatorShapes& shapes)
        : m_function(function), m_objects(objects), m_shapes(shapes)
    {}

    Result<GraphTree> run()
    {
        if (m_function.registers > registersPerInstruction * m_function.instructions.size()) {
            stop(0, "there are more registers than instructions fill");
        } else {
            m_registers.assign(m_function.registers + 1, unset);
            addArguments();
            m_block = &m_tree.block;
            const std::size_t last = m_function.instructions.size() - 1;
            follow(0, last, 0);
            if (m_function.instructions[last].code != OpCode::Ret)
                stop(last, "the method does not end with a return");
            m_tree.block.returns = m_stack;
        }
        if (!m_error.empty())
            return fail(ErrorCode::UnusableFile, m_error, m_function.name);
        return std::move(m_tree);
    }

private:
    static constexpr TreeValue unset = ir::none;

    void stop(std::size_t at, std::string_view what)
    {
        if (m_error.empty())
            m_error = fmt::format("At instruction {} {}.", at, what);
    }

    void addArguments()
    {
        // The first instruction stores them; files before version 5 do not say their names.
        std::size_t count = m_function.arguments.size();
        const Instruction& first = m_function.instructions.front();
        if (count == 0 && first.code == OpCode::StoreN)
            count = static_cast<std::size_t>(first.n);
        else if (count == 0 && first.code == OpCode::Store)
            count = 1;
        for (std::size_t i = 0; i < count; ++i) {
            const bool isKnown = i < m_function.arguments.size();
            const TreeValue value = m_tree.add(isKnown  ? m_function.arguments[i].name
                                               : i == 0 ? "self"
                                                        : "",
                                               isKnown ? m_function.arguments[i].type : "");
            m_tree.block.parameters.push_back(value);
            m_stack.push_back(value);
        }
        if (count != 0 && !m_objects.empty())
            m_objectOf[m_stack.front()] = 0;
    }

    // The stack and the registers.

    void push(TreeValue value) { m_stack.push_back(value); }
    TreeValue pop(std::size_t at)
    {
        if (m_stack.size() <= m_floor) {
            stop(at, "the stack is empty");
            return m_tree.add("", "");
        }
        const TreeValue value = m_stack.back();
        m_stack.pop_back();
        return value;
    }
    std::vector<TreeValue> popMany(std::size_t at, std::size_t count)
    {
        if (m_stack.size() - m_floor < count) {
            stop(at, "the stack holds too little");
            return {};
        }
        const auto begin = m_stack.end() - static_cast<std::ptrdiff_t>(count);
        std::vector<TreeValue> values(begin, m_stack.end());
        m_stack.erase(begin, m_stack.end());
        return values;
    }
    void setRegister(std::int64_t number, TreeValue value)
    {
        TreeValue& place = m_registers[static_cast<std::size_t>(number)];
        m_changes.emplace_back(number, place);
        place = value;
    }
    // What a block stores is not seen after it.
    void undoChanges(std::size_t since)
    {
        while (m_changes.size() > since) {
            const auto& [number, before] = m_changes.back();
            m_registers[static_cast<std::size_t>(number)] = before;
            m_changes.pop_back();
        }
    }

    // Nodes.

    TreeNode& addNode(std::size_t at, std::string kind, std::vector<TreeValue> inputs)
    {
        auto node = std::make_unique<TreeNode>();
        node->kind = std::move(kind);
        node->instruction = at;
        node->inputs = std::move(inputs);
        node->attributes.push_back({"instruction", ir::AttributeKind::Int, std::to_string(at)});
        m_block->nodes.push_back(std::move(node));
        return *m_block->nodes.back();
    }
    TreeValue addOutput(TreeNode& node, std::string type)
    {
        const TreeValue value = m_tree.add("", std::move(type));
        node.outputs.push_back(value);
        push(value);
        return value;
    }
    [[nodiscard]] const std::string& typeOf(TreeValue value) const
    {
        return m_tree.values[value].type;
    }

    // Follows the instructions from `at` to before `end`.
    void follow(std::size_t at, std::size_t end, std::size_t depth)
    {
        if (depth > deepestBlocks)
            return stop(at, "blocks are nested too deep");
        while (at < end && m_error.empty()) {
            const Instruction& instruction = m_function.instructions[at];
            if (instruction.code == OpCode::Jf) {
                at = followIf(at, end, depth);
            } else if (instruction.code == OpCode::Loop) {
                at = followLoop(at, end, depth);
            } else {
                step(at, instruction);
                ++at;
            }
        }
    }

    // JF to the else part, before which a JMP leads behind it.
    std::size_t followIf(std::size_t at, std::size_t end, std::size_t depth)
    {
        const auto& instructions = m_function.instructions;
        const std::size_t otherwise = at + static_cast<std::size_t>(instructions[at].x);
        if (instructions[at].x < 2 || otherwise > end ||
            instructions[otherwise - 1].code != OpCode::Jmp || instructions[otherwise - 1].x < 1 ||
            otherwise - 1 + static_cast<std::size_t>(instructions[otherwise - 1].x) > end) {
            stop(at, "a jump does not belong to a condition");
            return end;
        }
        const std::size_t after =
            otherwise - 1 + static_cast<std::size_t>(instructions[otherwise - 1].x);
        TreeNode& node = addNode(at, "prim::If", popMany(at, 1));
        const std::vector<TreeValue> then = followBlock(node, at + 1, otherwise - 1, depth, {});
        const std::vector<TreeValue> other = followBlock(node, otherwise, after, depth, {});
        if (then.size() != other.size()) {
            stop(at, "the branches leave different numbers of values");
            return end;
        }
        for (std::size_t i = 0; i < then.size(); ++i)
            addOutput(node, typeOf(then[i]) == typeOf(other[i]) ? typeOf(then[i]) : "");
        return after;
    }

    // Returns what the block leaves on the stack.
    std::vector<TreeValue> followBlock(TreeNode& node, std::size_t at, std::size_t end,
                                       std::size_t depth, std::vector<TreeValue> parameters)
    {
        TreeBlock* const outer = m_block;
        const std::size_t floor = m_floor;
        const std::size_t changes = m_changes.size();
        node.blocks.push_back(std::make_unique<TreeBlock>());
        m_block = node.blocks.back().get();
        m_floor = m_stack.size();
        m_stack.insert(m_stack.end(), parameters.begin(), parameters.end());
        m_block->parameters = std::move(parameters);
        follow(at, end, depth + 1);
        std::vector<TreeValue> left(m_stack.begin() + static_cast<std::ptrdiff_t>(m_floor),
                                    m_stack.end());
        m_stack.resize(m_floor);
        m_block->returns = left;
        undoChanges(changes);
        m_floor = floor;
        m_block = outer;
        return left;
    }

    // The stack holds the number of turns done, the most turns, the condition and what is carried;
    // the block ends with a JMP back here.
    std::size_t followLoop(std::size_t at, std::size_t end, std::size_t depth)
    {
        const auto& instructions = m_function.instructions;
        const Instruction& loop = instructions[at];
        const std::size_t after = at + static_cast<std::size_t>(loop.x);
        if (loop.x < 2 || after > end || loop.n < 2 ||
            instructions[after - 1].code != OpCode::Jmp ||
            static_cast<std::int64_t>(after - 1) + instructions[after - 1].x !=
                static_cast<std::int64_t>(at)) {
            stop(at, "a loop does not come back");
            return end;
        }
        std::vector<TreeValue> inputs = popMany(at, static_cast<std::size_t>(loop.n) + 1);
        if (inputs.empty())
            return end;
        leaveOut(inputs.front()); // that the turns begin with 0
        inputs.erase(inputs.begin());
        TreeNode& node = addNode(at, "prim::Loop", inputs);
        std::vector<TreeValue> parameters{m_tree.add("", "int")};
        for (std::size_t i = 2; i < inputs.size(); ++i)
            parameters.push_back(m_tree.add("", typeOf(inputs[i])));
        const std::vector<TreeValue> left =
            followBlock(node, at + 1, after - 1, depth, std::move(parameters));
        if (left.size() != inputs.size() - 1) {
            stop(at, "a turn of a loop leaves another number of values than it takes");
            return end;
        }
        for (std::size_t i = 2; i < inputs.size(); ++i)
            addOutput(node, typeOf(inputs[i]));
        return after;
    }

    void leaveOut(TreeValue value)
    {
        if (const auto found = m_constants.find(value); found != m_constants.end())
            found->second->isLeftOut = true;
    }

    void step(std::size_t at, const Instruction& instruction)
    {
        if (movesValues(at, instruction) || callsOperator(at, instruction) ||
            usesObject(at, instruction) || makesContainer(at, instruction))
            return;
        for (const PlainRow& row : plainRows) {
            if (row.code != instruction.code)
                continue;
            TreeNode& node = addNode(at, std::string(row.kind), popMany(at, row.inputs));
            if (row.outputs != 0)
                addOutput(node, std::string(row.type));
            return;
        }
        if (instruction.code == OpCode::RaiseException) {
            // The message, and the class since version 1.13.
            addNode(at, "prim::RaiseException",
                    popMany(at, std::min<std::size_t>(2, m_stack.size() - m_floor)));
            return;
        }
        stop(at, fmt::format("{} is not expected", archive::codeName(instruction.code)));
    }

    bool movesValues(std::size_t at, const Instruction& instruction)
    {
        switch (instruction.code) {
        case OpCode::Load:
        case OpCode::Move: {
            const TreeValue value = m_registers[static_cast<std::size_t>(instruction.x)];
            if (value == unset)
                stop(at, "an empty register is read");
            else
                push(value);
            return true;
        }
        case OpCode::Store:
            setRegister(instruction.x, pop(at));
            return true;
        case OpCode::StoreN: {
            const auto values = popMany(at, static_cast<std::size_t>(instruction.n));
            for (std::size_t i = 0; i < values.size(); ++i)
                setRegister(instruction.x + static_cast<std::int64_t>(i), values[i]);
            return true;
        }
        case OpCode::Drop:
            pop(at);
            return true;
        case OpCode::DropR:
            return true;
        case OpCode::LoadC: {
            const auto& constant = m_function.constants[static_cast<std::size_t>(instruction.x)];
            TreeNode& node = addNode(at, "prim::Constant", {});
            if (constant.type != "NoneType") {
                node.attributes.push_back({"value", attributeKindOf(constant.type), constant.text});
            }
            m_constants[addOutput(node, constant.type)] = &node;
            return true;
        }
        default:
            return false;
        }
    }

    bool callsOperator(std::size_t at, const Instruction& instruction)
    {
        if (!archive::isOperatorCall(instruction))
            return false;
        const auto& op = m_function.operators[static_cast<std::size_t>(instruction.x)];
        std::optional<OperatorShape> shape;
        if (m_shapes)
            shape = m_shapes(op.name, op.overload);
        std::size_t inputs = 0;
        if (instruction.code == OpCode::OpN) {
            inputs = static_cast<std::size_t>(instruction.n);
        } else if (op.arguments >= 0) {
            inputs = static_cast<std::size_t>(op.arguments);
        } else if (shape) {
            inputs = shape->inputs;
        } else {
            stop(at, fmt::format("{} takes an unknown number of values", op.name));
            return true;
        }
        TreeNode& node = addNode(at, op.name, popMany(at, inputs));
        if (shape)
            node.schema = shape->schema;
        if (!op.overload.empty())
            node.attributes.push_back(
                {"overload", ir::AttributeKind::String, fmt::format("\"{}\"", op.overload)});
        for (std::string& type : outputsOf(at, op.name, shape))
            addOutput(node, std::move(type));
        return true;
    }

    // LibTorch's compiler stores the outputs at once, unless there is one and it is used at once.
    std::vector<std::string> outputsOf(std::size_t at, const std::string& name,
                                       const std::optional<OperatorShape>& shape) const
    {
        if (shape)
            return shape->outputs;
        const Instruction& next = m_function.instructions[at + 1];
        if (next.code == OpCode::StoreN)
            return std::vector<std::string>(static_cast<std::size_t>(next.n));
        const bool isSilent = std::find(silentOperators.begin(), silentOperators.end(), name) !=
                              silentOperators.end();
        return std::vector<std::string>(isSilent && next.code != OpCode::Store ? 0 : 1);
    }

    bool usesObject(std::size_t at, const Instruction& instruction)
    {
        switch (instruction.code) {
        case OpCode::GetAttr: {
            const TreeValue object = pop(at);
            const archive::LiteObject::Attribute* attribute = slotOf(object, instruction.x);
            TreeNode& node = addNode(at, "prim::GetAttr", {object});
            node.attributes.push_back(nameOf(attribute, instruction.x));
            const TreeValue value = addOutput(node, typeOf(attribute));
            if (attribute != nullptr && attribute->object)
                m_objectOf[value] = *attribute->object;
            return true;
        }
        case OpCode::SetAttr: {
            const std::vector<TreeValue> both = popMany(at, 2);
            if (both.empty())
                return true;
            addNode(at, "prim::SetAttr", both)
                .attributes.push_back(nameOf(slotOf(both[0], instruction.x), instruction.x));
            return true;
        }
        case OpCode::InterfaceCall: {
            const std::string name =
                m_function.constants[static_cast<std::size_t>(instruction.x)].text;
            TreeNode& node = addNode(at, "prim::CallMethod",
                                     popMany(at, static_cast<std::size_t>(instruction.n)));
            node.attributes.push_back({"name", ir::AttributeKind::String, name});
            addOutput(node, "");
            return true;
        }
        case OpCode::CreateObject:
            addOutput(addNode(at, "prim::CreateObject", {}), typeNamed(instruction.x));
            return true;
        case OpCode::IsInstance: {
            TreeNode& node = addNode(at, "prim::isinstance", popMany(at, 1));
            std::string types;
            for (std::int64_t i = 0; i < instruction.n; ++i)
                types += (i == 0 ? "" : ", ") + typeNamed(instruction.x + i);
            node.attributes.push_back({"types", ir::AttributeKind::Types, "[" + types + "]"});
            addOutput(node, "bool");
            return true;
        }
        default:
            return false;
        }
    }

    bool makesContainer(std::size_t at, const Instruction& instruction)
    {
        const auto make = [&](const char* kind, std::int64_t count, std::string type) {
            addOutput(addNode(at, kind, popMany(at, static_cast<std::size_t>(count))),
                      std::move(type));
            return true;
        };
        switch (instruction.code) {
        case OpCode::TupleConstruct:
            return make("prim::TupleConstruct", instruction.x, "");
        case OpCode::NamedTupleConstruct:
            return make("prim::TupleConstruct", instruction.n, typeNamed(instruction.x));
        case OpCode::ListConstruct:
            return make("prim::ListConstruct", instruction.n, typeNamed(instruction.x));
        case OpCode::DictConstruct:
            return make("prim::DictConstruct", instruction.n, typeNamed(instruction.x));
        case OpCode::Format:
            return make("aten::format", instruction.x, "str");
        case OpCode::ListUnpack: {
            TreeNode& node = addNode(at, "prim::ListUnpack", popMany(at, 1));
            constexpr std::int64_t mostUnpacked = 10'000;
            if (instruction.x > mostUnpacked)
                stop(at, "a list is unpacked into too many values");
            for (std::int64_t i = 0; i < instruction.x && m_error.empty(); ++i)
                addOutput(node, "");
            return true;
        }
        default:
            return false;
        }
    }

    [[nodiscard]] const std::string& typeNamed(std::int64_t index) const
    {
        return m_function.types[static_cast<std::size_t>(index)];
    }

    [[nodiscard]] const archive::LiteObject::Attribute* slotOf(TreeValue object,
                                                               std::int64_t slot) const
    {
        const auto found = m_objectOf.find(object);
        if (found == m_objectOf.end() || slot < 0)
            return nullptr;
        const auto& attributes = m_objects[found->second].attributes;
        return static_cast<std::size_t>(slot) < attributes.size()
                   ? &attributes[static_cast<std::size_t>(slot)]
                   : nullptr;
    }
    [[nodiscard]] static TreeAttribute nameOf(const archive::LiteObject::Attribute* attribute,
                                              std::int64_t slot)
    {
        return {"name", ir::AttributeKind::String,
                attribute != nullptr ? fmt::format("\"{}\"", attribute->name)
                                     : fmt::format("\"slot {}\"", slot)};
    }
    [[nodiscard]] static std::string typeOf(const archive::LiteObject::Attribute* attribute)
    {
        return attribute != nullptr ? attribute->type : std::string();
    }

    const archive::BytecodeFunction& m_function;
    const std::vector<archive::LiteObject>& m_objects;
    const OperatorShapes& m_shapes;
    GraphTree m_tree;
    TreeBlock* m_block = nullptr;
    std::vector<TreeValue> m_stack;
    std::size_t m_floor = 0; // of the stack in this block
    std::vector<TreeValue> m_registers;
    std::vector<std::pair<std::int64_t, TreeValue>> m_changes; // of registers: what was before
    std::unordered_map<TreeValue, std::uint32_t> m_objectOf;
    std::unordered_map<TreeValue, TreeNode*> m_constants;
    std::string m_error;
};

} // namespace

Result<GraphTree> decompile(const archive::BytecodeFunction& function,
                            const std::vector<archive::LiteObject>& objects,
                            const OperatorShapes& shapes)
{
    return Decompiler(function, objects, shapes).run();
}

} // namespace jitscope::lite
