#include "core/archive/flat_module_p.h"

#include "core/archive/flat_layout.h"
#include "core/archive/flat_tensors_p.h"
#include "core/archive/instruction_set_p.h"
#include "core/archive/pickle_value_p.h"
#include "core/archive/quantized_state_p.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

namespace jitscope::archive {

namespace {

constexpr std::size_t mostBytes = FLATBUFFERS_MAX_BUFFER_SIZE - 1;
// LibTorch reads no more tables, and none nested deeper.
constexpr flatbuffers::uoffset_t mostTables = 1'000'000;
constexpr flatbuffers::uoffset_t deepestTables = 64;
// LibTorch's parser of types is recursive.
constexpr std::ptrdiff_t deepestType = 200;
constexpr std::int64_t mostAttributes = 10'000;
// Attributes, constants, types, instructions: of each, something is made in memory.
constexpr std::size_t mostRows = 8u << 20;

class Checker
{
public:
    explicit Checker(std::span<const std::byte> bytes)
        : m_begin(reinterpret_cast<const std::uint8_t*>(bytes.data())),
          m_verifier(m_begin, bytes.size(), deepestTables, mostTables),
          // A list may be named by any number of tables. LibTorch writes each list once, in which
          // case all walks over them together are not longer than the file.
          m_budget(bytes.size()),
          m_rows(std::min(bytes.size(), mostRows))
    {}

    bool verifyTables() { return flat::VerifyModuleBuffer(m_verifier); }

    // None when all is well.
    std::optional<FlatFault> run(const FlatModule& module)
    {
        m_module = &module;
        checkStorages();
        checkClasses();
        m_depths.assign(module.size(), 0);
        for (FlatId id = 0; id < module.size() && !m_fault; ++id)
            checkValue(id);
        if (!m_fault)
            checkRoots();
        return std::move(m_fault);
    }

private:
    void wrong(std::string_view what)
    {
        if (!m_fault)
            m_fault = {Verdict::Damaged, "damaged-record",
                       fmt::format("The model is damaged: {}.", what)};
    }
    void refuse(std::string_view code, std::string message)
    {
        if (!m_fault)
            m_fault = {Verdict::Refused, std::string(code), std::move(message)};
    }

    bool spend(std::size_t count)
    {
        if (count > m_budget) {
            refuse("repeated-lists",
                   "Lists in the file are named again and again, so that reading them would take "
                   "without end.");
            return false;
        }
        m_budget -= count;
        return true;
    }
    bool spendRows(std::size_t count)
    {
        if (count > m_rows) {
            refuse("repeated-lists", "The file has more instructions and values than any model.");
            return false;
        }
        m_rows -= count;
        return spend(count);
    }

    void checkTexts(const FlatTexts* texts, bool areTypes)
    {
        if (texts == nullptr || !spendRows(texts->size()))
            return;
        for (std::uint32_t i = 0; i < texts->size(); ++i) {
            const auto* const place = texts->Data() + std::size_t{i} * sizeof(std::uint32_t);
            const bool isInside = m_verifier.VerifyOffset(place, 0) != 0;
            if (!isInside || !m_verifier.VerifyString(textAt(*texts, i)))
                return wrong("a text lies outside the file");
            if (areTypes)
                checkType(textAt(*texts, i));
        }
    }

    void checkType(const flatbuffers::String* type)
    {
        if (!m_types.insert(type).second)
            return;
        const std::string_view text = textOf(type);
        if (spend(text.size() / 64) && std::count(text.begin(), text.end(), '[') > deepestType)
            refuse("nesting",
                   "A type is nested so deep that LibTorch's parser overflows the stack.");
    }

    void checkStorages()
    {
        const auto* const storages = m_module->root().storages();
        const std::int64_t count = storages == nullptr ? 0 : storages->size();
        if (count != m_module->root().storage_count())
            refuse("storages", fmt::format("The file says that it has {} storages and has {}; "
                                           "LibTorch would read memory that is not the model's.",
                                           m_module->root().storage_count(), count));
    }

    void checkClasses()
    {
        const auto& classes = *m_module->root().classes();
        m_isMade.assign(classes.size(), false);
        for (const flat::Class* type : classes)
            checkTexts(type->attributes(), false);
    }

    // What a value holds comes before it, as LibTorch writes it: so none can hold itself.
    void checkHeld(FlatId id, FlatId held)
    {
        if (held >= id)
            return wrong(fmt::format("value {} holds value {}, which is not before it", id, held));
        m_depths[id] = std::max(m_depths[id], m_depths[held] + 1);
        if (m_depths[id] > deepestValues)
            refuse("nesting", "Values are nested so deep that LibTorch overflows the stack.");
    }
    void checkHeld(FlatId id, const flatbuffers::Vector<std::uint32_t>& list)
    {
        if (!spend(list.size()))
            return;
        for (const FlatId held : list)
            checkHeld(id, held);
    }

    void checkValue(FlatId id)
    {
        const flat::Value& value = m_module->value(id);
        if (value.content_type() > flat::Content::MAX)
            return wrong(fmt::format("value {} has no known kind", id));
        if (value.content_type() != flat::Content::NONE && value.content() == nullptr)
            return wrong(fmt::format("value {} has no content", id));
        switch (value.content_type()) {
        case flat::Content::Tensor:
            return checkTensor(id, *value.content_as_Tensor());
        case flat::Content::List:
            checkType(value.content_as_List()->type());
            return checkHeld(id, *value.content_as_List()->items());
        case flat::Content::Tuple:
            return checkHeld(id, *value.content_as_Tuple()->items());
        case flat::Content::Dict: {
            const flat::Dict& dict = *value.content_as_Dict();
            if (dict.keys()->size() != dict.values()->size())
                return wrong(fmt::format("value {} has keys without values", id));
            checkType(dict.type());
            checkHeld(id, *dict.keys());
            return checkHeld(id, *dict.values());
        }
        case flat::Content::Object:
            return checkObject(id, *value.content_as_Object());
        case flat::Content::EnumValue:
            return checkHeld(id, value.content_as_EnumValue()->value());
        case flat::Content::IntList:
            return checkNumbers(*value.content_as_IntList()->items());
        case flat::Content::DoubleList:
            return checkNumbers(*value.content_as_DoubleList()->items());
        case flat::Content::BoolList:
            return checkNumbers(*value.content_as_BoolList()->items());
        case flat::Content::Function:
            return checkFunction(id, *value.content_as_Function());
        default:
            return;
        }
    }

    template <typename Number>
    void checkNumbers(const flatbuffers::Vector<Number>& numbers)
    {
        // The verifier sees to it that the count before them is aligned, which is smaller.
        const auto place = numbers.Data() - m_begin;
        if (place % static_cast<std::ptrdiff_t>(alignof(Number)) != 0)
            return wrong("a list of numbers does not lie where it can be read");
        spend(numbers.size());
    }

    // Tensors whose elements lie outside their storage are read out of bounds by LibTorch.
    void checkTensor(FlatId id, const flat::Tensor& tensor)
    {
        const auto* const storages = m_module->root().storages();
        if (storages == nullptr || tensor.storage() >= storages->size())
            return wrong(fmt::format("the values of tensor {} are missing", id));
        if (!spend(std::size_t{tensor.sizes()->size()} + tensor.strides()->size()))
            return;
        if (!isWithinStorage(*m_module, tensor)) {
            return refuse("tensor-bounds",
                          fmt::format("The tensor of value {} reaches out of its storage; LibTorch "
                                      "would read memory that is not the model's.",
                                      id));
        }
        if (const flat::QuantizedTensor* quantized = tensor.quantized()) {
            if ((quantized->scales() == nullptr) != (quantized->zero_points() == nullptr) ||
                (isPerChannel(*quantized) && quantized->scales() == nullptr))
                return wrong(fmt::format("the scales of tensor {} are missing", id));
            if (quantized->scales() != nullptr) {
                checkTensor(id, *quantized->scales());
                checkTensor(id, *quantized->zero_points());
            }
        }
    }

    void checkObject(FlatId id, const flat::Object& object)
    {
        const auto& classes = *m_module->root().classes();
        if (object.class_index() >= classes.size())
            return wrong(fmt::format("value {} is of no class", id));
        const flat::Class& type = m_module->classOf(object);
        m_isMade[object.class_index()] = true;
        const std::size_t names = type.attributes() == nullptr ? 0 : type.attributes()->size();
        const std::size_t held = object.attributes() == nullptr ? 0 : object.attributes()->size();
        switch (type.form()) {
        case flat::ClassForm::WithFields:
            if (object.attributes() == nullptr || names != held)
                return wrong(
                    fmt::format("value {} has {} attributes and its class {}", id, held, names));
            return spendRows(held) ? checkHeld(id, *object.attributes()) : void();
        case flat::ClassForm::WithSetState:
            if (object.set_state() >= id ||
                m_module->value(object.set_state()).content_type() != flat::Content::Function)
                return wrong(fmt::format("value {} is made by no function", id));
            checkSetState(object.set_state());
            return checkState(id, object);
        case flat::ClassForm::Custom:
            return checkState(id, object);
        default:
            return wrong(fmt::format("the class of value {} has no known form", id));
        }
    }

    void checkState(FlatId id, const flat::Object& object)
    {
        checkHeld(id, object.state());
        if (!m_fault && dividesByZero(*m_module, object))
            refuse("set-state", std::string(dividesByZeroMessage));
    }

    // LibTorch runs such a function while it loads, and reads an attribute without asking whether
    // the object has it yet. Whether the rest of it is sound, core/torchscript asks core/lite.
    void checkSetState(FlatId id)
    {
        if (!m_setStates.insert(id).second)
            return;
        const flat::Function& function = *m_module->value(id).content_as_Function();
        if (!textOf(function.name()).ends_with(setStateName))
            return wrong(fmt::format("value {} does not make objects", id));
        std::int64_t attributes = 0;
        for (const flat::Instruction* instruction : *function.instructions()) {
            const std::optional<OpCode> code = codeNumbered(instruction->code());
            if (code == OpCode::SetAttr)
                attributes = std::max<std::int64_t>(attributes, std::int64_t{instruction->x()} + 1);
            const bool isOutside = instruction->x() < 0 || instruction->x() >= attributes ||
                                   attributes > mostAttributes;
            if ((code == OpCode::GetAttr || code == OpCode::SetAttr) && isOutside) {
                return refuse(
                    "set-state",
                    fmt::format("{}, which LibTorch runs while it loads, reads attributes "
                                "that are not there: memory that is not the model's.",
                                textOf(function.name())));
            }
        }
    }

    void checkFunction(FlatId id, const flat::Function& function)
    {
        std::size_t rows = std::size_t{function.constants()->size()} +
                           function.instructions()->size() + function.operators()->size();
        if (function.debug() != nullptr && function.debug()->handles() != nullptr) {
            checkNumbers(*function.debug()->handles());
            rows += function.debug()->handles()->size();
        }
        if (!spendRows(rows))
            return;
        checkTexts(function.types(), true);
        checkHeld(id, *function.constants());
        if (function.schema() == nullptr)
            return;
        for (const auto* list : {function.schema()->arguments(), function.schema()->returns()}) {
            if (!spendRows(list->size()))
                return;
            for (const flat::Argument* argument : *list) {
                checkType(argument->type());
                checkHeld(id, argument->default_value());
            }
        }
    }

    void checkRoots()
    {
        const flat::Module& module = m_module->root();
        // What runs while it loads is among the methods, where it is seen.
        for (const FlatId method : *module.methods())
            m_setStates.erase(method);
        if (!m_setStates.empty())
            return wrong("a function that makes objects is no method");
        if (module.root() >= m_module->size() ||
            m_module->value(module.root()).content_type() != flat::Content::Object)
            return wrong("it has no module");
        for (const FlatId method : *module.methods()) {
            if (method >= m_module->size() ||
                m_module->value(method).content_type() != flat::Content::Function)
                return wrong("a method is no function");
        }
        if (module.constants() != nullptr) {
            for (const FlatId constant : *module.constants()) {
                if (constant >= m_module->size())
                    return wrong("a constant of the code is missing");
            }
        }
        // LibTorch adds each function to its class, which it makes with the first object of it.
        for (FlatId id = 0; id < m_module->size(); ++id) {
            const flat::Function* function = m_module->value(id).content_as_Function();
            if (function != nullptr &&
                (function->class_index() >= m_isMade.size() || !m_isMade[function->class_index()]))
                return wrong(fmt::format("the class of {} is missing", textOf(function->name())));
        }
    }

    const std::uint8_t* m_begin;
    flatbuffers::Verifier m_verifier;
    std::size_t m_budget;
    std::size_t m_rows;
    const FlatModule* m_module = nullptr;
    std::unordered_set<const flatbuffers::String*> m_types; // that were looked at
    std::unordered_set<FlatId> m_setStates;                 // that were looked at
    std::vector<std::size_t> m_depths;                      // by value
    std::vector<bool> m_isMade;                             // by class: an object of it is there
    std::optional<FlatFault> m_fault;
};

} // namespace

const flatbuffers::String* textAt(const FlatTexts& texts, std::uint32_t index)
{
    return reinterpret_cast<const flatbuffers::Vector<flatbuffers::Offset<flatbuffers::String>>*>(
               &texts)
        ->Get(index);
}

std::string codeRecord(std::string_view module)
{
    std::string path(module);
    std::replace(path.begin(), path.end(), '.', '/');
    return "code/" + path + ".py";
}

std::string storageRecord(std::uint32_t index)
{
    return fmt::format("storages/{}", index);
}

FlatModule::FlatModule(std::span<const std::byte> bytes)
    : m_bytes(bytes), m_root(flat::GetModule(bytes.data()))
{}

std::optional<FlatFault> FlatModule::checkSize(std::uint64_t bytes)
{
    if (bytes <= mostBytes)
        return std::nullopt;
    return FlatFault{Verdict::Damaged, "damaged-record",
                     "The file is larger than a flatbuffer can be (2 GiB)."};
}

tl::expected<FlatModule, FlatFault> FlatModule::check(std::span<const std::byte> bytes)
{
    if (std::optional<FlatFault> fault = checkSize(bytes.size()))
        return tl::unexpected(*std::move(fault));
    Checker checker(bytes);
    if (!checker.verifyTables()) {
        return tl::unexpected(FlatFault{
            Verdict::Damaged, "damaged-record",
            "The model is damaged: its tables do not fit into the file, or one lacks a part."});
    }
    const FlatModule module(bytes);
    if (std::optional<FlatFault> fault = checker.run(module))
        return tl::unexpected(*std::move(fault));
    return module;
}

std::uint64_t FlatModule::storageBytes(const flat::Tensor& tensor) const
{
    return m_root->storages()->Get(tensor.storage())->data()->size();
}

} // namespace jitscope::archive
