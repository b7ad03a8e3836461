#include "core/lite/program.h"

#include "core/lite/decompiler_p.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace jitscope::lite {

namespace {

using archive::BytecodeFunction;
using archive::LiteModel;

template <typename Value>
const Value* find(const std::vector<std::pair<std::int64_t, Value>>& sorted, std::int64_t key)
{
    const auto found = std::lower_bound(sorted.begin(), sorted.end(), key,
                                        [](const std::pair<std::int64_t, Value>& entry,
                                           std::int64_t sought) { return entry.first < sought; });
    return found != sorted.end() && found->first == key ? &found->second : nullptr;
}

// The last part of "__torch__.torchvision.models.resnet.ResNet".
std::string lastPart(const std::string& name)
{
    return name.substr(name.rfind('.') + 1);
}

std::string argumentsText(const std::vector<archive::BytecodeArgument>& arguments)
{
    std::string text;
    for (const archive::BytecodeArgument& argument : arguments) {
        text += text.empty() ? "" : ", ";
        text += argument.type;
        if (!argument.name.empty())
            text += " " + argument.name;
        if (!argument.defaultValue.empty())
            text += "=" + argument.defaultValue;
    }
    return text;
}

class ProgramMaker
{
public:
    ProgramMaker(const LiteModel& model, const OperatorShapes& shapes, ir::NodeKey firstKey)
        : m_model(model), m_shapes(shapes), m_nextKey(firstKey)
    {}

    ir::Program make(const std::vector<archive::DescribedTensor>& tensors)
    {
        m_program.problems = m_model.problems;
        addModules();
        for (const BytecodeFunction& function : m_model.bytecode.functions)
            addFunction(function);
        for (const archive::DescribedTensor& tensor : tensors)
            addTensor(tensor);
        return std::move(m_program);
    }

private:
    void addModules()
    {
        std::vector<ir::ModuleId> ids(m_model.objects.size(), 0); // by object
        for (std::size_t i = 0; i < m_model.objects.size(); ++i) {
            const archive::LiteObject& object = m_model.objects[i];
            ids[i] = i == 0 ? 0 : ids[object.parent];
            if (i != 0 && !object.isModule)
                continue;
            ir::Module module;
            module.path = object.path;
            module.typeName = object.type;
            module.className = lastPart(object.type);
            module.parent = i == 0 ? ir::none : ids[object.parent];
            ids[i] = static_cast<ir::ModuleId>(m_program.modules.size());
            m_program.modules.push_back(std::move(module));
        }
        if (m_program.modules.empty())
            m_program.modules.push_back({{}, "__torch__.Module", "Module", ir::none, {}});
    }

    void addFunction(const BytecodeFunction& function)
    {
        ir::Function added;
        added.name = function.name;
        const std::string method = lastPart(function.name);
        const std::string type = function.name.substr(0, function.name.size() - method.size() - 1);
        added.schema = fmt::format("{}({}) -> ({})", method, argumentsText(function.arguments),
                                   argumentsText(function.returns));
        const auto id = static_cast<ir::FunctionId>(m_program.functions.size());
        for (ir::Module& module : m_program.modules) {
            if (module.typeName == type) {
                module.methods.push_back({method, id});
                added.isMethod = true;
            }
        }
        const std::vector<NodePlace> places = placesOf(function);
        Result<GraphTree> tree = decompile(function, m_model.objects, m_shapes);
        if (!tree) {
            m_program.problems.push_back(
                fmt::format("The bytecode of {} is shown as a list of instructions. {}",
                            function.name, tree.error().what));
            tree = listed(function);
        }
        added.graph = toGraph(*tree, places, m_nextKey);
        m_nextKey += static_cast<ir::NodeKey>(added.graph.nodes.size());
        m_program.code.push_back({"bytecode.pkl/" + function.name, listing(function)});
        m_program.functions.push_back(std::move(added));
    }

    // Where each instruction comes from.
    [[nodiscard]] std::vector<NodePlace> placesOf(const BytecodeFunction& function) const
    {
        std::vector<NodePlace> places(function.instructions.size());
        for (std::size_t at = 0; at < places.size(); ++at) {
            places[at].function = function.name;
            if (at < function.debugHandles.size()) {
                if (const auto* debug = find(m_model.debug, function.debugHandles[at]))
                    fill(places[at], *debug, function.name);
            }
        }
        return places;
    }

    void fill(NodePlace& place, const archive::LiteDebug& debug, const std::string& method) const
    {
        if (const archive::LitePlace* known = find(m_model.places, debug.place)) {
            place.file = known->file;
            place.line = known->line;
            place.column = known->column;
        }
        // The calls, outermost first, lead from the method into the module that the node is of.
        std::vector<std::string> chain;
        std::string caller = lastPart(method);
        for (const archive::LiteCall& call : debug.calls) {
            if (const archive::LitePlace* known = find(m_model.places, call.place))
                chain.push_back(fmt::format("{}({}): {}", known->file, known->line, caller));
            caller = call.function;
            place.function = call.type + "." + call.function;
            if (!call.instance.empty() && call.instance != "SELF")
                place.modulePath += (place.modulePath.empty() ? "" : ".") + call.instance;
        }
        if (!place.file.empty())
            chain.push_back(fmt::format("{}({}): {}", place.file, place.line, caller));
        std::reverse(chain.begin(), chain.end());
        place.callChain = fmt::format("{}", fmt::join(chain, "\n"));
    }

    void addTensor(const archive::DescribedTensor& tensor)
    {
        ir::Tensor added;
        added.name = tensor.name;
        added.role = tensor.isConstant    ? ir::TensorRole::Constant
                     : tensor.isParameter ? ir::TensorRole::Parameter
                                          : ir::TensorRole::Attribute;
        added.dtype = tensor.dtype;
        added.device = "cpu";
        added.shape = tensor.shape;
        added.strides = tensor.strides;
        added.bytes = tensor.bytes;
        added.storage = tensor.record;
        added.requiresGrad = tensor.isParameter;
        m_program.tensors.push_back(std::move(added));
    }

    const LiteModel& m_model;
    const OperatorShapes& m_shapes;
    ir::NodeKey m_nextKey;
    ir::Program m_program;
};

} // namespace

ir::Program programOf(const LiteModel& model, const std::vector<archive::DescribedTensor>& tensors,
                      const OperatorShapes& shapes, ir::NodeKey firstKey)
{
    return ProgramMaker(model, shapes, firstKey).make(tensors);
}

} // namespace jitscope::lite
