// The models that tests of the scene and of the graph view share.
#include "tests/core/scene/graph_maker.h"

#include <fmt/format.h>

namespace jitscope::tests {

namespace {

constexpr std::string_view convSchema = "aten::conv2d(Tensor input, Tensor weight, Tensor? "
                                        "bias=None, int[2] stride=1, int[2] padding=0, int[2] "
                                        "dilation=1, int groups=1) -> Tensor";
constexpr std::string_view normSchema =
    "aten::batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? "
    "running_var, bool "
    "training, float momentum, float eps, bool cudnn_enabled) -> Tensor";
constexpr std::string_view addSchema =
    "aten::add_.Tensor(Tensor(a!) self, Tensor other, *, Scalar alpha=1) -> Tensor(a!)";
constexpr std::string_view reluSchema = "aten::relu(Tensor self) -> Tensor";

class NetworkMaker
{
public:
    ir::Program run(int stages, int blocks)
    {
        m_program.modules.push_back({"", "__torch__.ResNet", "ResNet", ir::none, {}});
        const ir::FunctionId conv = convolution();
        const ir::FunctionId norm = normalisation();
        const ir::FunctionId relu = simple("ReLU", "aten::relu", reluSchema);
        const ir::FunctionId pool =
            simple("AdaptiveAvgPool2d", "aten::adaptive_avg_pool2d",
                   "aten::adaptive_avg_pool2d(Tensor self, int[2] output_size) -> Tensor");
        const ir::FunctionId linear =
            simple("Linear", "aten::linear",
                   "aten::linear(Tensor input, Tensor weight, Tensor? bias=None) -> Tensor");
        const ir::FunctionId block = basicBlock();
        addModule("conv1", "Conv2d", 0, conv);
        addTensor("conv1.weight", {64, 3, 7, 7});
        addNorm("bn1", 0, norm);
        addModule("relu", "ReLU", 0, relu);
        std::vector<std::string> layers;
        for (int s = 1; s <= stages; ++s) {
            const std::string name = fmt::format("layer{}", s);
            layers.push_back(name);
            const ir::FunctionId body = sequential(s, blocks);
            const ir::ModuleId stage = addModule(name, "Sequential", 0, body);
            for (int b = 0; b < blocks; ++b) {
                const std::string path = fmt::format("{}.{}", name, b);
                const ir::ModuleId parent = addModule(path, "BasicBlock", stage, block);
                for (int c = 1; c <= 2; ++c) {
                    addModule(fmt::format("{}.conv{}", path, c), "Conv2d", parent, conv);
                    addTensor(fmt::format("{}.conv{}.weight", path, c),
                              {64 << (s - 1), 64 << (s - 1), 3, 3});
                    addNorm(fmt::format("{}.bn{}", path, c), parent, norm);
                }
                addModule(path + ".relu", "ReLU", parent, relu);
            }
        }
        addModule("avgpool", "AdaptiveAvgPool2d", 0, pool);
        addModule("fc", "Linear", 0, linear);
        addTensor("fc.weight", {1000, 512});
        addTensor("fc.bias", {1000});
        m_program.modules[0].methods.push_back({"forward", root(layers)});
        return std::move(m_program);
    }

private:
    static std::string typeOf(std::string_view className)
    {
        return fmt::format("__torch__.{}", className);
    }

    ir::FunctionId addFunction(const std::string& className, GraphMaker& maker)
    {
        ir::Function function;
        function.name = fmt::format("__torch__.{}.forward", className);
        function.schema =
            fmt::format("forward(__torch__.{} self, Tensor input) -> Tensor", className);
        function.isMethod = true;
        m_key = maker.nextKey();
        function.graph = maker.take();
        m_program.functions.push_back(std::move(function));
        return static_cast<ir::FunctionId>(m_program.functions.size() - 1);
    }

    ir::ModuleId addModule(const std::string& path, const std::string& className,
                           ir::ModuleId parent, ir::FunctionId body)
    {
        m_program.modules.push_back(
            {path, typeOf(className), className, parent, {{"forward", body}}});
        return static_cast<ir::ModuleId>(m_program.modules.size() - 1);
    }

    void addTensor(const std::string& name, std::vector<std::int64_t> shape)
    {
        ir::Tensor tensor;
        tensor.name = name;
        tensor.dtype = "float32";
        tensor.device = "cpu";
        tensor.shape = std::move(shape);
        m_program.tensors.push_back(std::move(tensor));
    }

    void addNorm(const std::string& path, ir::ModuleId parent, ir::FunctionId body)
    {
        addModule(path, "BatchNorm2d", parent, body);
        for (const char* name : {"weight", "bias", "running_mean", "running_var"})
            addTensor(fmt::format("{}.{}", path, name), {64});
    }

    GraphMaker maker(const std::string& className)
    {
        return GraphMaker(m_key, fmt::format("__torch__.{}.forward", className));
    }

    ir::FunctionId convolution()
    {
        GraphMaker m = maker("Conv2d");
        const auto self = m.parameter("self", typeOf("Conv2d"));
        const auto x = m.parameter("input.1", "Tensor");
        const auto weight = m.attribute(self, "weight", "Tensor");
        const auto two = m.constant("2");
        const auto one = m.constant("1");
        const auto stride = m.node("prim::ListConstruct", {two, two});
        const auto ones = m.node("prim::ListConstruct", {one, one});
        const auto y =
            m.node("aten::conv2d", {x, weight, m.none(), stride, ones, ones, one}, convSchema);
        m.setType(
            y,
            "Float(1, 64, 112, 112, strides=[802816, 12544, 112, 1], requires_grad=0, device=cpu)");
        m.returns({y});
        return addFunction("Conv2d", m);
    }

    ir::FunctionId normalisation()
    {
        GraphMaker m = maker("BatchNorm2d");
        const auto self = m.parameter("self", typeOf("BatchNorm2d"));
        const auto x = m.parameter("input.1", "Tensor");
        std::vector<ir::ValueId> inputs{x};
        for (const char* name : {"weight", "bias", "running_mean", "running_var"})
            inputs.push_back(m.attribute(self, name, "Tensor"));
        inputs.push_back(m.constant("0", "bool"));
        inputs.push_back(m.constant("0.10000000000000001", "float"));
        inputs.push_back(m.constant("1.0000000000000001e-05", "float"));
        inputs.push_back(m.constant("1", "bool"));
        m.returns({m.node("aten::batch_norm", inputs, normSchema)});
        return addFunction("BatchNorm2d", m);
    }

    ir::FunctionId simple(const std::string& className, std::string_view kind,
                          std::string_view schema)
    {
        GraphMaker m = maker(className);
        const auto self = m.parameter("self", typeOf(className));
        const auto x = m.parameter("input.1", "Tensor");
        std::vector<ir::ValueId> inputs{x};
        if (className == "Linear") {
            inputs.push_back(m.attribute(self, "weight", "Tensor"));
            inputs.push_back(m.attribute(self, "bias", "Tensor"));
        } else if (className == "AdaptiveAvgPool2d") {
            const auto one = m.constant("1");
            inputs.push_back(m.node("prim::ListConstruct", {one, one}));
        }
        m.returns({m.node(kind, inputs, schema)});
        return addFunction(className, m);
    }

    ir::FunctionId basicBlock()
    {
        GraphMaker m = maker("BasicBlock");
        const auto self = m.parameter("self", typeOf("BasicBlock"));
        const auto x = m.parameter("x.1", "Tensor");
        auto y = m.call(m.attribute(self, "conv1", typeOf("Conv2d")), "forward", {x});
        y = m.call(m.attribute(self, "bn1", typeOf("BatchNorm2d")), "forward", {y});
        const auto relu = m.attribute(self, "relu", typeOf("ReLU"));
        y = m.call(relu, "forward", {y});
        y = m.call(m.attribute(self, "conv2", typeOf("Conv2d")), "forward", {y});
        y = m.call(m.attribute(self, "bn2", typeOf("BatchNorm2d")), "forward", {y});
        y = m.node("aten::add_", {y, x, m.constant("1")}, addSchema);
        m.returns({m.call(relu, "forward", {y})});
        return addFunction("BasicBlock", m);
    }

    ir::FunctionId sequential(int stage, int blocks)
    {
        const std::string className = fmt::format("Sequential{}", stage);
        GraphMaker m = maker(className);
        const auto self = m.parameter("self", typeOf("Sequential"));
        auto x = m.parameter("input.1", "Tensor");
        for (int b = 0; b < blocks; ++b)
            x = m.call(m.attribute(self, std::to_string(b), typeOf("BasicBlock")), "forward", {x});
        m.returns({x});
        return addFunction(className, m);
    }

    ir::FunctionId root(const std::vector<std::string>& layers)
    {
        GraphMaker m = maker("ResNet");
        const auto self = m.parameter("self", typeOf("ResNet"));
        auto x = m.parameter("x.1", "Tensor");
        for (const char* name : {"conv1", "bn1", "relu"})
            x = m.call(m.attribute(self, name, typeOf(name)), "forward", {x});
        for (const std::string& name : layers)
            x = m.call(m.attribute(self, name, typeOf("Sequential")), "forward", {x});
        x = m.call(m.attribute(self, "avgpool", typeOf("AdaptiveAvgPool2d")), "forward", {x});
        const auto one = m.constant("1");
        const auto last = m.constant("-1");
        x = m.node("aten::flatten", {x, one, last},
                   "aten::flatten.using_ints(Tensor(a) self, int start_dim=0, int end_dim=-1) -> "
                   "Tensor(a)");
        x = m.call(m.attribute(self, "fc", typeOf("Linear")), "forward", {x});
        m.setType(x, "Float(1, 1000, strides=[1000, 1], requires_grad=0, device=cpu)");
        m.returns({x});
        return addFunction("ResNet", m);
    }

    ir::Program m_program;
    ir::NodeKey m_key = 1;
};

} // namespace

ir::Program residualNetwork(int stages, int blocks)
{
    return NetworkMaker().run(stages, blocks);
}

ir::Program controlFlowModel()
{
    ir::Program program;
    program.modules.push_back({"", "__torch__.Control", "Control", ir::none, {}});

    GraphMaker helper(1, "__torch__.scale");
    const auto hx = helper.parameter("x.1", "Tensor");
    const auto half = helper.constant("0.5", "float");
    helper.returns({helper.node("aten::mul", {hx, half},
                                "aten::mul.Scalar(Tensor self, Scalar other) -> Tensor")});
    const ir::NodeKey afterHelper = helper.nextKey();
    program.functions.push_back(
        {"__torch__.scale", "scale(Tensor x) -> Tensor", false, helper.take()});

    GraphMaker body(1000, "__torch__.Control.forward");
    const auto bx = body.parameter("b.1", "Tensor");
    body.returns({body.node("aten::tanh", {bx}, "aten::tanh(Tensor self) -> Tensor")});
    GraphMaker fused(2000, "__torch__.Control.forward");
    const auto fx = fused.parameter("f.1", "Tensor");
    const auto exp = fused.node("aten::exp", {fx}, "aten::exp(Tensor self) -> Tensor");
    fused.returns({fused.node("aten::sigmoid", {exp}, "aten::sigmoid(Tensor self) -> Tensor")});

    GraphMaker m(afterHelper, "__torch__.Control.forward");
    m.parameter("self", "__torch__.Control");
    const auto x = m.parameter("x.1", "Tensor");
    const auto n = m.parameter("n.1", "int");
    const auto scale = m.node("prim::Constant", {});
    m.setType(scale, "Function");
    m.setAttribute("name", "scale");
    const auto scaled = m.node("prim::CallFunction", {scale, x});
    const auto yes = m.constant("1", "bool");
    const auto zero = m.constant("0");
    const auto looped = m.node("prim::Loop", {n, yes, scaled});
    m.openBlock();
    const auto i = m.blockParameter("i", "int");
    const auto carried = m.blockParameter("y.5", "Tensor");
    const auto condition = m.node("aten::eq", {i, zero}, "aten::eq.int(int a, int b) -> bool");
    m.setType(condition, "bool");
    const auto chosen = m.node("prim::If", {condition});
    m.openBlock();
    m.closeBlock({m.node("aten::relu", {carried}, reluSchema)});
    m.openBlock();
    m.closeBlock(
        {m.node("aten::add", {carried, x, m.constant("1")},
                "aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor")});
    m.closeBlock({yes, chosen});
    const auto forked = m.node("prim::fork", {looped});
    m.setSubgraph(body.take());
    const auto waited = m.node("aten::wait", {forked}, "aten::wait(Future(t) self) -> t");
    const auto group = m.node("prim::TensorExprGroup", {waited});
    m.setSubgraph(fused.take());
    const auto list = m.node("prim::ListConstruct", {group, looped});
    m.returns(
        {m.node("aten::cat", {list, zero}, "aten::cat(Tensor[] tensors, int dim=0) -> Tensor")});
    program.functions.push_back({"__torch__.Control.forward",
                                 "forward(__torch__.Control self, Tensor x, int n) -> Tensor", true,
                                 m.take()});
    program.modules[0].methods.push_back({"forward", 1});
    return program;
}

} // namespace jitscope::tests
