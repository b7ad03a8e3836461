#include "profiler/record/input_guess_p.h"

#include <ATen/core/Tensor.h>
#include <torch/csrc/jit/ir/constants.h>

#include <algorithm>
#include <array>
#include <deque>
#include <unordered_map>
#include <unordered_set>

namespace jitscope::record {

namespace {

using torch::jit::Node;
using torch::jit::Value;
namespace aten = c10::aten;
namespace prim = c10::prim;

constexpr std::int64_t sequence = 8;
constexpr std::size_t mostSteps = 10'000;

struct Context
{
    c10::IValue self;
    // The inputs of the bodies of forks, and what the forks give them.
    std::unordered_map<const Value*, const Value*> given;
};

// The object or tensor that a value holds when it can be told without running: a chain of attribute
// reads from self, or a constant.
std::optional<c10::IValue> known(const Value* value, const Context& context, int depth = 0)
{
    if (depth > 100)
        return std::nullopt;
    const Node* node = value->node();
    if (node->kind() == prim::Param) {
        if (const auto outer = context.given.find(value); outer != context.given.end())
            return known(outer->second, context, depth + 1);
        const auto inputs = value->owningGraph()->inputs();
        if (!inputs.empty() && inputs[0] == value)
            return context.self;
        return std::nullopt;
    }
    if (node->kind() == prim::GetAttr) {
        const auto object = known(node->inputs()[0], context, depth + 1);
        if (!object || !object->isObject())
            return std::nullopt;
        const auto slot = object->toObject()->type()->findAttributeSlot(node->s(c10::attr::name));
        if (!slot)
            return std::nullopt;
        return object->toObject()->getSlot(*slot);
    }
    return torch::jit::toIValue(value);
}

std::optional<at::Tensor> knownTensor(const Value* value, const Context& context)
{
    const auto found = known(value, context);
    if (!found || !found->isTensor() || !found->toTensor().defined())
        return std::nullopt;
    return found->toTensor();
}

std::optional<TensorSpec> convolution(const Node* node, const Context& context)
{
    const auto weight = knownTensor(node->inputs()[1], context);
    if (!weight || weight->dim() < 3)
        return std::nullopt;
    std::int64_t channels = weight->size(1);
    for (std::size_t i = 2; i < node->inputs().size(); ++i) {
        // `groups` is the last plain int of all convolutions' schemas.
        if (node->inputs()[i]->type()->kind() == c10::TypeKind::IntType) {
            if (const auto groups = known(node->inputs()[i], context); groups && groups->isInt())
                channels = weight->size(1) * groups->toInt();
        }
    }
    switch (weight->dim()) {
    case 3:
        return TensorSpec{"float32", {1, channels, 1000}, Fill::Default, {}};
    case 4:
        return TensorSpec{"float32", {1, channels, 224, 224}, Fill::Default, {}};
    default:
        return TensorSpec{"float32", {1, channels, 16, 112, 112}, Fill::Default, {}};
    }
}

TensorSpec features(std::int64_t count)
{
    return {"float32", {1, sequence, count}, Fill::Default, {}};
}

// What the node says of its input number `index`.
std::optional<TensorSpec> wanted(const Node* node, std::size_t index, const Context& context)
{
    static const auto isOf = [](const Node* candidate, std::string_view name) {
        return name == candidate->kind().toUnqualString();
    };
    const std::string_view kind = node->kind().toUnqualString();
    if (index == 0 &&
        (kind.starts_with("conv1d") || kind.starts_with("conv2d") || kind.starts_with("conv3d") ||
         kind == "_convolution" || kind == "convolution"))
        return convolution(node, context);
    if (index == 0 && isOf(node, "linear")) {
        if (const auto weight = knownTensor(node->inputs()[1], context);
            weight && weight->dim() == 2)
            return features(weight->size(1));
    }
    if (index == 0 && (isOf(node, "matmul") || isOf(node, "mm"))) {
        if (const auto other = knownTensor(node->inputs()[1], context); other && other->dim() == 2)
            return isOf(node, "mm")
                       ? TensorSpec{"float32", {sequence, other->size(0)}, Fill::Default, {}}
                       : features(other->size(0));
    }
    if (index == 1 && isOf(node, "addmm")) {
        if (const auto other = knownTensor(node->inputs()[2], context); other && other->dim() == 2)
            return TensorSpec{"float32", {1, other->size(0)}, Fill::Default, {}};
    }
    if (index == 1 && isOf(node, "embedding")) {
        if (const auto table = knownTensor(node->inputs()[0], context); table && table->dim() == 2)
            return TensorSpec{
                "int64", {1, sequence}, Fill::Default, std::pair{std::int64_t{0}, table->size(0)}};
    }
    if (index == 0 && (isOf(node, "lstm") || isOf(node, "gru") || isOf(node, "rnn_tanh") ||
                       isOf(node, "rnn_relu"))) {
        for (const Value* input : node->inputs()) {
            if (input->node()->kind() != prim::ListConstruct)
                continue;
            for (const Value* item : input->node()->inputs()) {
                if (const auto weight = knownTensor(item, context); weight && weight->dim() == 2)
                    return features(weight->size(1));
            }
        }
    }
    if (index == 0 && (isOf(node, "lstm_cell") || isOf(node, "gru_cell"))) {
        if (const auto weight = knownTensor(node->inputs()[2], context);
            weight && weight->dim() == 2)
            return features(weight->size(1));
    }
    if (index < 2 &&
        (isOf(node, "add") || isOf(node, "sub") || isOf(node, "mul") || isOf(node, "div"))) {
        if (const auto other = knownTensor(node->inputs()[1 - index], context);
            other && other->dim() == 1 && other->size(0) > 1)
            return TensorSpec{"float32", {sequence, other->size(0)}, Fill::Default, {}};
    }
    if (index == 0 && isOf(node, "layer_norm")) {
        if (const auto weight = knownTensor(node->inputs()[2], context);
            weight && weight->dim() == 1)
            return features(weight->size(0));
    }
    if (index == 0 && isOf(node, "batch_norm")) {
        if (const auto weight = knownTensor(node->inputs()[1], context))
            return TensorSpec{"float32", {1, weight->size(0), 224, 224}, Fill::Default, {}};
    }
    return std::nullopt;
}

// Whether the last side of the node's result, or its channels, are those of its first input.
bool keepsShape(const Node* node)
{
    static constexpr std::array names{
        "relu",       "relu_",      "gelu",     "silu",           "sigmoid", "tanh",  "dropout",
        "contiguous", "to",         "float",    "clone",          "detach",  "add",   "add_",
        "sub",        "sub_",       "mul",      "mul_",           "div",     "div_",  "pad",
        "clamp",      "neg",        "hardtanh", "select",         "slice",   "alias", "abs",
        "type_as",    "leaky_relu", "elu",      "feature_dropout"};
    if (node->kind() == prim::unchecked_cast)
        return true;
    return node->kind().is_aten() &&
           std::find(names.begin(), names.end(), std::string_view(node->kind().toUnqualString())) !=
               names.end();
}

std::optional<TensorSpec> followed(const Value* start, const c10::IValue& self)
{
    Context context{self, {}};
    std::deque<const Value*> queue{start};
    std::unordered_set<const Value*> seen{start};
    const auto visit = [&](const Value* value) {
        if (seen.insert(value).second)
            queue.push_back(value);
    };
    while (!queue.empty() && seen.size() < mostSteps) {
        const Value* value = queue.front();
        queue.pop_front();
        for (const torch::jit::Use& use : value->uses()) {
            if (auto spec = wanted(use.user, use.offset, context))
                return spec;
            Node* user = use.user;
            if (user->hasAttribute(c10::attr::Subgraph)) {
                // Of a fork: its body's inputs are the node's.
                const auto inside = user->g(c10::attr::Subgraph)->inputs();
                for (std::size_t i = 0; i < inside.size(); ++i)
                    context.given.emplace(inside[i], user->inputs()[i]);
                visit(inside[use.offset]);
            } else if (user->kind() == prim::Return) {
                Node* owner = user->owningBlock()->owningNode();
                if (owner != nullptr && owner->kind() == prim::If)
                    visit(owner->outputs()[use.offset]);
            } else if (user->kind() == prim::Loop && use.offset >= 2) {
                visit(user->blocks()[0]->inputs()[use.offset - 1]);
                visit(user->outputs()[use.offset - 2]);
            } else if (use.offset == 0 && keepsShape(user)) {
                visit(user->outputs()[0]);
            }
        }
    }
    return std::nullopt;
}

std::string dtypeName(std::optional<c10::ScalarType> type)
{
    switch (type.value_or(c10::ScalarType::Float)) {
    case c10::ScalarType::Double:
        return "float64";
    case c10::ScalarType::Half:
        return "float16";
    case c10::ScalarType::BFloat16:
        return "bfloat16";
    case c10::ScalarType::Long:
        return "int64";
    case c10::ScalarType::Int:
        return "int32";
    case c10::ScalarType::Byte:
        return "uint8";
    case c10::ScalarType::Bool:
        return "bool";
    default:
        return "float32";
    }
}

InputSpec image(std::int64_t height, std::int64_t width)
{
    return {TensorSpec{"float32", {3, height, width}, Fill::Default, {}}};
}

std::optional<InputSpec> ofType(const c10::TypePtr& type)
{
    switch (type->kind()) {
    case c10::TypeKind::TensorType:
        return InputSpec{TensorSpec{"float32", {sequence, sequence}, Fill::Default, {}}};
    case c10::TypeKind::IntType:
    case c10::TypeKind::NumberType:
        return InputSpec{std::int64_t{2}};
    case c10::TypeKind::FloatType:
        return InputSpec{1.0};
    case c10::TypeKind::BoolType:
        return InputSpec{false};
    case c10::TypeKind::StringType:
        return InputSpec{std::string()};
    case c10::TypeKind::NoneType:
    case c10::TypeKind::OptionalType:
        return InputSpec{};
    case c10::TypeKind::ListType: {
        const c10::TypePtr element = type->expectRef<c10::ListType>().getElementType();
        if (element->kind() == c10::TypeKind::TensorType)
            return InputSpec{ListSpec{{image(240, 320), image(200, 256)}}};
        const auto item = ofType(element);
        if (!item)
            return std::nullopt;
        return InputSpec{ListSpec{{*item, *item}}};
    }
    case c10::TypeKind::TupleType: {
        TupleSpec tuple;
        for (const c10::TypePtr& element : type->expectRef<c10::TupleType>().elements()) {
            auto item = ofType(element);
            if (!item)
                return std::nullopt;
            tuple.items.push_back(*std::move(item));
        }
        return InputSpec{std::move(tuple)};
    }
    default:
        return std::nullopt;
    }
}

} // namespace

std::optional<InputSpec> guessInput(const torchscript::StageGraph& stage, std::size_t argument,
                                    const c10::TypePtr& type,
                                    const std::optional<TensorSpec>& before)
{
    if (argument >= stage.graph->inputs().size() || type->kind() != c10::TypeKind::TensorType)
        return ofType(type);
    const Value* input = stage.graph->inputs()[argument];
    if (const auto tensor = input->type()->cast<c10::TensorType>()) {
        if (const auto sizes = tensor->sizes().concrete_sizes())
            return InputSpec{
                TensorSpec{dtypeName(tensor->scalarType()), *sizes, Fill::Default, {}}};
    }
    if (auto spec = followed(input, stage.self._ivalue()))
        return InputSpec{*std::move(spec)};
    if (before)
        return InputSpec{*before};
    return ofType(type);
}

} // namespace jitscope::record
