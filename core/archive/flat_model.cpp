#include "core/archive/flat_model_p.h"

#include "core/archive/flat_values_p.h"
#include "core/archive/instruction_set_p.h"
#include "core/archive/object_list_p.h"
#include "core/archive/shown_value_p.h"

#include <fmt/format.h>

namespace jitscope::archive {

namespace {

class BytecodeReader
{
public:
    explicit BytecodeReader(const FlatModule& module)
        : m_module(module), m_texts(TextBudget::ofFlat(module.bytes().size()))
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
            function.constants.push_back(shownWithin(m_texts, m_module, constant));
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
                argument.defaultValue = shownWithin(m_texts, m_module, from->default_value()).text;
            arguments.push_back(std::move(argument));
        }
        return arguments;
    }

    const FlatModule& m_module;
    TextBudget m_texts;
};

std::vector<LiteObject> objectsOf(const FlatModule& module)
{
    const auto typeOf = [&module](FlatId id) {
        const flat::Object* object = module.value(id).content_as_Object();
        return object == nullptr ? std::string_view() : textOf(module.classOf(*object).name());
    };
    LiteObjectList objects(TextBudget::ofFlat(module.bytes().size()));
    const FlatId root = module.root().root();
    objects.indexOf(root, typeOf(root), {}, 0);
    for (std::uint32_t index = 0; index < objects.size(); ++index) {
        const flat::Object& object = *module.value(objects.id(index)).content_as_Object();
        const flat::Class& type = module.classOf(object);
        if (type.form() != flat::ClassForm::WithFields)
            continue; // the class has its own __setstate__
        for (std::uint32_t i = 0; i < object.attributes()->size() && objects.hasRoom(); ++i) {
            const FlatId id = object.attributes()->Get(i);
            objects.addAttribute(index, textOf(textAt(*type.attributes(), i)),
                                 shownValue(module, id), id, typeOf(id));
        }
    }
    return objects.take();
}

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
    model.objects = objectsOf(module);
    return model;
}

} // namespace jitscope::archive
