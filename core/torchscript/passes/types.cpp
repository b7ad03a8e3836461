#include "core/torchscript/passes/passes_p.h"

#include <ATen/core/jit_type.h>
#include <torch/csrc/jit/passes/device_type_analysis.h>
#include <torch/csrc/jit/passes/dtype_analysis.h>
#include <torch/csrc/jit/passes/shape_analysis.h>
#include <torch/csrc/jit/passes/symbolic_shape_analysis.h>

#include <string>
#include <string_view>
#include <vector>

namespace jitscope::torchscript::passes {

namespace {

using torch::jit::Block;
using torch::jit::Node;
namespace prim = torch::jit::prim;

// "1x3x224x224"
std::vector<std::int64_t> shape(std::string_view text)
{
    std::vector<std::int64_t> sizes;
    while (!text.empty()) {
        const auto end = text.find('x');
        const std::string number(text.substr(0, end));
        TORCH_CHECK(!number.empty() && number.size() < 19 &&
                        number.find_first_not_of("0123456789") == std::string::npos,
                    "'", number, "' is no size. A shape is written as 1x3x224x224.");
        sizes.push_back(std::stoll(number));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return sizes;
}

// "1x3x224x224", or with a dtype before it: "int64:1x12"
c10::TypePtr tensorType(std::string_view text)
{
    c10::ScalarType dtype = c10::kFloat;
    if (const auto colon = text.find(':'); colon != std::string_view::npos) {
        const std::string name(text.substr(0, colon));
        const auto& dtypes = c10::getStringToDtypeMap();
        const auto found = dtypes.find(name);
        TORCH_CHECK(found != dtypes.end(), "'", name,
                    "' is no dtype. A shape with one is written as int64:1x12.");
        dtype = found->second;
        text.remove_prefix(colon + 1);
    }
    return c10::TensorType::createContiguous(dtype, c10::kCPU, shape(text));
}

// The shapes of the arguments after self, separated by commas; an argument without one is left
// empty.
void typeInputs(torch::jit::Graph& graph, std::string_view shapes)
{
    std::size_t index = 1;
    while (!shapes.empty()) {
        const auto end = shapes.find(',');
        const std::string_view one = shapes.substr(0, end);
        TORCH_CHECK(index < graph.inputs().size(),
                    "The method has fewer arguments than shapes were given.");
        auto* input = graph.inputs()[index++];
        if (!one.empty()) {
            TORCH_CHECK(input->type()->isSubtypeOf(*c10::TensorType::get()), "The argument %",
                        input->debugName(), " is no tensor but a ", input->type()->str(),
                        "; leave its shape empty.");
            input->setType(tensorType(one));
        }
        shapes.remove_prefix(end == std::string_view::npos ? shapes.size() : end + 1);
    }
}

// The object that a chain of attribute reads gives, or nothing.
c10::IValue read(const torch::jit::Value& value, const torch::jit::Graph& graph,
                 const c10::IValue& self)
{
    if (&value == graph.inputs().at(0))
        return self;
    const Node& node = *value.node();
    if (node.kind() != prim::GetAttr)
        return {};
    const c10::IValue object = read(*node.input(), graph, self);
    return object.isObject() ? object.toObjectRef().getAttr(node.s(torch::jit::attr::name))
                             : c10::IValue();
}

void typeAttributes(Block& block, const torch::jit::Graph& graph, const c10::IValue& self)
{
    for (Node* node : block.nodes()) {
        for (Block* child : node->blocks())
            typeAttributes(*child, graph, self);
        if (node->kind() != prim::GetAttr ||
            node->output()->type()->kind() != c10::TypeKind::TensorType)
            continue;
        const c10::IValue value = read(*node->output(), graph, self);
        if (value.isTensor() && value.toTensor().defined())
            node->output()->inferTypeFrom(value.toTensor());
    }
}

// Shape analysis leaves strides open, and the fusers want them. Those of contiguous tensors are
// what nearly all nodes produce; fused groups check them when they run.
void assumeContiguous(Block& block)
{
    for (Node* node : block.nodes()) {
        for (Block* child : node->blocks())
            assumeContiguous(*child);
        for (torch::jit::Value* output : node->outputs()) {
            const auto type = output->type()->cast<c10::TensorType>();
            if (!type || type->strides().concrete_sizes())
                continue;
            const auto sizes = type->sizes().concrete_sizes();
            if (sizes && type->scalarType() && type->device())
                output->setType(c10::TensorType::createContiguous(*type->scalarType(),
                                                                  *type->device(), *sizes));
        }
    }
}

} // namespace

void propagateShapes(PassContext& context)
{
    typeInputs(*context.graph, context.arguments.at(std::string(shapesArgument)));
    typeAttributes(*context.graph->block(), *context.graph, context.self._ivalue());
    torch::jit::PropagateShapesOnGraph(context.graph);
    torch::jit::DeviceTypePropagation(context.graph);
    // It throws on every attribute read, and leaves what it has done so far.
    auto typed = context.graph->copy();
    try {
        torch::jit::DtypePropagation(typed);
        context.graph = typed;
    } catch (...) {
        context.message = "Dtypes are not propagated through this graph; they are in a frozen one.";
    }
    assumeContiguous(*context.graph->block());
}

void eraseShapes(PassContext& context)
{
    torch::jit::EraseShapeInformation(context.graph);
}

} // namespace jitscope::torchscript::passes
