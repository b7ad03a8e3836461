#include "core/archive/flat_model_p.h"

#include "core/archive/flat_values_p.h"
#include "core/archive/instruction_set_p.h"

#include <fmt/format.h>

#include <unordered_map>

namespace jitscope::archive {

namespace {

class BytecodeReader
{
public:
    explicit BytecodeReader(const FlatModule& module)
        : m_module(module), m_texts(module.bytes().size())
    {}

    Result<Bytecode> read()
    {
        Bytecode bytecode;
        bytecode.version = m_module.root().bytecode_version();
        std::vector<bool> seen(m_module.size(), false);
        for (const FlatId method : *m_module.root().methods()) {
            if (seen[method])
                continue;
            seen[method] = true;
            Result<BytecodeFunction> function =
                readFunction(*m_module.value(method).content_as_Function());
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

    Result<BytecodeFunction> readFunction(const flat::Function& from)
    {
        BytecodeFunction function;
        function.name = m_texts.take(textOf(from.name()));
        for (const flat::Operator* op : *from.operators()) {
            function.operators.push_back({m_texts.take(textOf(op->name())),
                                          m_texts.take(textOf(op->overload())), op->arguments()});
        }
        for (const FlatId constant : *from.constants())
            function.constants.push_back(shown(constant));
        if (const FlatTexts* types = from.types()) {
            for (std::uint32_t i = 0; i < types->size(); ++i)
                function.types.push_back(m_texts.take(textOf(textAt(*types, i))));
        }
        if (from.registers() < 0 || from.registers() > largestNumber)
            return wrong("the number of registers is missing");
        function.registers = static_cast<std::uint64_t>(from.registers());
        for (const flat::Instruction* instruction : *from.instructions()) {
            const std::optional<OpCode> code = codeNumbered(instruction->code());
            const Instruction read{code.value_or(OpCode::Ret), instruction->x(), instruction->n()};
            if (!code || !hasBoundedNumbers(read)) {
                return wrong(fmt::format("instruction {} of {} is unknown",
                                         function.instructions.size(), function.name));
            }
            function.instructions.push_back(read);
        }
        if (const std::string fault = instructionFault(function); !fault.empty())
            return wrong(fault);
        if (const flat::Schema* schema = from.schema()) {
            function.arguments = readArguments(*schema->arguments());
            function.returns = readArguments(*schema->returns());
        }
        readHandles(from, function);
        return function;
    }

    static void readHandles(const flat::Function& from, BytecodeFunction& function)
    {
        if (from.debug() == nullptr || from.debug()->handles() == nullptr ||
            from.debug()->handles()->size() != function.instructions.size())
            return;
        for (const std::int64_t handle : *from.debug()->handles())
            function.debugHandles.push_back(handle);
    }

    std::vector<BytecodeArgument>
    readArguments(const flatbuffers::Vector<flatbuffers::Offset<flat::Argument>>& list)
    {
        std::vector<BytecodeArgument> arguments;
        for (const flat::Argument* from : list) {
            BytecodeArgument argument{
                m_texts.take(textOf(from->name())), m_texts.take(textOf(from->type())), {}};
            if (m_module.value(from->default_value()).content_type() != flat::Content::NONE)
                argument.defaultValue = shown(from->default_value()).text;
            arguments.push_back(std::move(argument));
        }
        return arguments;
    }

    BytecodeConstant shown(FlatId id)
    {
        if (!m_texts.hasRoom())
            return {};
        BytecodeConstant constant = shownValue(m_module, id);
        constant.text = m_texts.take(constant.text);
        return constant;
    }

    const FlatModule& m_module;
    TextBudget m_texts;
};

// The objects that the module holds, each once, by the first way to it.
class FlatObjects
{
public:
    explicit FlatObjects(const FlatModule& module)
        : m_module(module), m_texts(module.bytes().size())
    {}

    std::vector<LiteObject> read()
    {
        if (indexOf(m_module.root().root(), {}, 0)) {
            // Objects are added while the loop runs.
            for (std::size_t i = 0; i < m_ids.size(); ++i)
                readAttributes(static_cast<std::uint32_t>(i));
        }
        return std::move(m_objects);
    }

private:
    std::optional<std::uint32_t> indexOf(FlatId id, const std::string& path, std::uint32_t parent)
    {
        const flat::Object* object = m_module.value(id).content_as_Object();
        if (object == nullptr)
            return std::nullopt;
        const flat::Class& type = m_module.classOf(*object);
        const std::string_view name = textOf(type.name());
        if (!name.starts_with("__torch__.") || name.starts_with("__torch__.torch.classes."))
            return std::nullopt;
        const auto [found, isNew] =
            m_indexes.emplace(id, static_cast<std::uint32_t>(m_objects.size()));
        if (isNew) {
            LiteObject added;
            added.path = m_texts.take(path);
            added.type = m_texts.take(name);
            added.parent = parent;
            m_objects.push_back(std::move(added));
            m_ids.push_back(id);
        }
        return found->second;
    }

    void readAttributes(std::uint32_t index)
    {
        const flat::Object& object = *m_module.value(m_ids[index]).content_as_Object();
        const flat::Class& type = m_module.classOf(object);
        if (type.form() != flat::ClassForm::WithFields)
            return; // the class has its own __setstate__
        for (std::uint32_t i = 0; i < object.attributes()->size() && m_texts.hasRoom(); ++i) {
            const FlatId id = object.attributes()->Get(i);
            const BytecodeConstant value = shownValue(m_module, id);
            LiteObject::Attribute attribute;
            attribute.name = m_texts.take(textOf(textAt(*type.attributes(), i)));
            attribute.type = m_texts.take(value.type);
            attribute.text = m_texts.take(value.text);
            const std::string& path = m_objects[index].path;
            attribute.object =
                indexOf(id, path.empty() ? attribute.name : path + "." + attribute.name, index);
            if (attribute.name == "training")
                m_objects[index].isModule = true;
            m_objects[index].attributes.push_back(std::move(attribute));
        }
    }

    const FlatModule& m_module;
    TextBudget m_texts;
    std::vector<LiteObject> m_objects;
    std::vector<FlatId> m_ids; // of the objects
    std::unordered_map<FlatId, std::uint32_t> m_indexes;
};

} // namespace

Result<Bytecode> readBytecode(const FlatModule& module)
{
    return BytecodeReader(module).read();
}

Result<LiteModel> readLiteModel(const FlatModule& module)
{
    Result<Bytecode> bytecode = readBytecode(module);
    if (!bytecode)
        return tl::unexpected(bytecode.error());
    LiteModel model;
    model.bytecode = *std::move(bytecode);
    model.objects = FlatObjects(module).read();
    return model;
}

} // namespace jitscope::archive
