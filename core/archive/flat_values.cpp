#include "core/archive/flat_values_p.h"

#include "core/archive/flat_tensors_p.h"
#include "core/archive/shown_value_p.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace jitscope::archive {

namespace {

class Shower
{
public:
    explicit Shower(const FlatModule& module) : m_module(module) {}

    [[nodiscard]] std::string text(FlatId id, int depth) const
    {
        if (depth > deepestText)
            return "...";
        const flat::Value& value = m_module.value(id);
        switch (value.content_type()) {
        case flat::Content::NONE:
            return "None";
        case flat::Content::Int:
            return std::to_string(value.content_as_Int()->value());
        case flat::Content::Bool:
            return boolText(value.content_as_Bool()->value());
        case flat::Content::Double:
            return fmt::format("{}", value.content_as_Double()->value());
        case flat::Content::Complex:
            return fmt::format("{}{:+}j", value.content_as_Complex()->real(),
                               value.content_as_Complex()->imaginary());
        case flat::Content::Tensor: {
            const PickledTensor tensor = described(m_module, *value.content_as_Tensor());
            return fmt::format("<{} [{}]>", tensor.dtype, fmt::join(tensor.shape, ", "));
        }
        case flat::Content::Text:
            return fmt::format("\"{}\"", shortened(textOf(value.content_as_Text()->data())));
        case flat::Content::List:
            return "[" + values(*value.content_as_List()->items(), depth) + "]";
        case flat::Content::Tuple:
            return "(" + values(*value.content_as_Tuple()->items(), depth) + ")";
        case flat::Content::IntList:
            return "[" +
                   items(*value.content_as_IntList()->items(), depth,
                         [](std::int64_t number) { return std::to_string(number); }) +
                   "]";
        case flat::Content::DoubleList:
            return "[" +
                   items(*value.content_as_DoubleList()->items(), depth,
                         [](double number) { return fmt::format("{}", number); }) +
                   "]";
        case flat::Content::BoolList:
            return "[" +
                   items(*value.content_as_BoolList()->items(), depth,
                         [](std::uint8_t truth) { return boolText(truth != 0); }) +
                   "]";
        case flat::Content::Dict:
            return "{" + entries(*value.content_as_Dict(), depth) + "}";
        case flat::Content::Device:
            return shortened(textOf(value.content_as_Device()->name()));
        case flat::Content::EnumValue:
            return fmt::format("{}({})",
                               shortened(textOf(value.content_as_EnumValue()->class_name())),
                               text(value.content_as_EnumValue()->value(), depth + 1));
        case flat::Content::Object:
        case flat::Content::Function:
            break;
        }
        return fmt::format("<{}>", type(id));
    }

    [[nodiscard]] std::string type(FlatId id) const
    {
        const flat::Value& value = m_module.value(id);
        switch (value.content_type()) {
        case flat::Content::NONE:
            return "NoneType";
        case flat::Content::Int:
            return "int";
        case flat::Content::Bool:
            return "bool";
        case flat::Content::Double:
            return "float";
        case flat::Content::Complex:
            return "complex";
        case flat::Content::Tensor:
            return "Tensor";
        case flat::Content::Text:
            return "str";
        case flat::Content::List:
            return shortened(textOf(value.content_as_List()->type()));
        case flat::Content::Tuple:
            return "tuple";
        case flat::Content::IntList:
            return "List[int]";
        case flat::Content::DoubleList:
            return "List[float]";
        case flat::Content::BoolList:
            return "List[bool]";
        case flat::Content::Dict:
            return shortened(textOf(value.content_as_Dict()->type()));
        case flat::Content::Device:
            return "Device";
        case flat::Content::EnumValue:
            return shortened(textOf(value.content_as_EnumValue()->class_name()));
        case flat::Content::Object:
            return shortened(textOf(m_module.classOf(*value.content_as_Object()).name()));
        case flat::Content::Function:
            return shortened(textOf(value.content_as_Function()->name()));
        }
        return "object";
    }

private:
    [[nodiscard]] static std::string boolText(bool truth) { return truth ? "True" : "False"; }

    template <typename Vector, typename Write>
    [[nodiscard]] static std::string items(const Vector& list, int depth, const Write& write)
    {
        return shownItems(list.size(), depth, [&](std::size_t i) {
            return write(list.Get(static_cast<std::uint32_t>(i)));
        });
    }

    [[nodiscard]] std::string values(const flatbuffers::Vector<FlatId>& list, int depth) const
    {
        return items(list, depth, [&](FlatId id) { return text(id, depth + 1); });
    }

    // As a pickle has them: keys and values in turn.
    [[nodiscard]] std::string entries(const flat::Dict& dict, int depth) const
    {
        const auto& keys = *dict.keys();
        return shownItems(std::size_t{keys.size()} * 2, depth, [&](std::size_t i) {
            const auto entry = static_cast<std::uint32_t>(i / 2);
            return text(i % 2 == 0 ? keys.Get(entry) : dict.values()->Get(entry), depth + 1);
        });
    }

    const FlatModule& m_module;
};

} // namespace

BytecodeConstant shownValue(const FlatModule& module, FlatId id)
{
    const Shower shower(module);
    return {shower.type(id), shower.text(id, 0)};
}

} // namespace jitscope::archive
