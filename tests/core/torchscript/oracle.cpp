#include "tests/core/torchscript/oracle.h"

#include "core/torchscript/session_p.h"

#include <ATen/ATen.h>
#include <caffe2/serialize/inline_container.h>
#include <torch/csrc/jit/api/function_impl.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/runtime/interpreter.h>
#include <torch/csrc/jit/serialization/import.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <limits>
#include <sstream>
#include <unordered_map>

namespace oracle {

namespace {

using torch::jit::Block;
using torch::jit::Graph;
using torch::jit::Node;
using torch::jit::Value;
namespace prim = torch::jit::prim;

// "file(12): function" in every line, as torch.jit.trace writes the Python stack.
bool isStack(const std::string& text)
{
    std::istringstream lines(text);
    bool any = false;
    for (std::string line; std::getline(lines, line);) {
        const auto end = line.rfind("): ");
        const auto begin = end == std::string::npos ? end : line.rfind('(', end);
        if (begin == std::string::npos || begin + 1 == end ||
            !std::all_of(line.begin() + static_cast<std::ptrdiff_t>(begin) + 1,
                         line.begin() + static_cast<std::ptrdiff_t>(end),
                         [](unsigned char c) { return std::isdigit(c) != 0; }))
            return false;
        any = true;
    }
    return any;
}

class Sources
{
public:
    Source of(const Node& node)
    {
        Source source;
        const auto generated = node.sourceRange().findSourceRangeThatGenerated();
        if (!generated)
            return source;
        const auto place = generated->file_line_col();
        if (!place || std::get<0>(*place).empty())
            return source;
        const Text& text = textOf(generated->source());
        source.file = std::get<0>(*place);
        source.line = static_cast<std::uint32_t>(std::get<1>(*place));
        source.isTrace = text.isStack;
        source.column = text.isStack ? 0 : static_cast<std::uint32_t>(std::get<2>(*place)) + 1;
        source.text = text.text;
        return source;
    }

private:
    struct Text
    {
        std::shared_ptr<const std::string> text;
        bool isStack = false;
    };

    const Text& textOf(const std::shared_ptr<torch::jit::Source>& source)
    {
        const auto [entry, isNew] = m_texts.try_emplace(source);
        if (isNew) {
            entry->second.text = std::make_shared<std::string>(source->text_str().str());
            entry->second.isStack = isStack(*entry->second.text);
        }
        return entry->second;
    }

    std::unordered_map<std::shared_ptr<torch::jit::Source>, Text> m_texts;
};

void describe(Block& block, Sources& sources, Function& into)
{
    ++into.counts.blocks;
    into.counts.values += block.inputs().size();
    into.counts.uses += block.outputs().size();
    for (Node* node : block.nodes()) {
        ++into.counts.nodes;
        into.counts.values += node->outputs().size();
        into.counts.uses += node->inputs().size();
        into.sources.push_back(sources.of(*node));
        into.counts.withSource += into.sources.back().file.empty() ? 0 : 1;
        ++into.kinds[node->kind().toQualString()];
        for (Block* child : node->blocks())
            describe(*child, sources, into);
    }
}

// LibTorch prints the locations of nested nodes even when it is told not to.
void forgetLocations(Block& block)
{
    for (Node* node : block.nodes()) {
        node->setSourceRange({});
        for (Block* child : node->blocks())
            forgetLocations(*child);
        if (node->hasAttribute(torch::jit::attr::Subgraph))
            forgetLocations(*node->g(torch::jit::attr::Subgraph)->block());
    }
}

void collect(Block& block, std::vector<Node*>& nodes)
{
    for (Node* node : block.nodes()) {
        nodes.push_back(node);
        for (Block* child : node->blocks())
            collect(*child, nodes);
    }
}

std::string objectPath(const Value* value, const std::string& self)
{
    if (value->node()->kind() != prim::GetAttr)
        return self;
    const std::string above = objectPath(value->node()->input(), self);
    const std::string name = value->node()->s(torch::jit::attr::name);
    return above.empty() ? name : above + "." + name;
}

// The type of the module at a path below the root.
c10::ClassTypePtr typeAt(torch::jit::Module module, const std::string& path)
{
    std::istringstream names(path);
    for (std::string name; std::getline(names, name, '.');)
        module = module.attr(name).toModule();
    return module.type();
}

// The path is kept as the node's scope, which LibTorch copies along. A call through an interface
// is one of the module that the file holds, where the object is an attribute.
void inlineBody(Graph& graph, const std::string& self, const torch::jit::ScopePtr& root,
                const torch::jit::Module& model)
{
    std::vector<Node*> nodes;
    collect(*graph.block(), nodes);
    const auto scope = root->push(c10::Symbol::scope(self.empty() ? "<root>" : self));
    for (Node* node : nodes)
        node->setScope(scope);
    for (Node* node : nodes) {
        torch::jit::Function* callee = nullptr;
        std::string path = self;
        Node* constant = nullptr;
        if (node->kind() == prim::CallFunction) {
            constant = node->input(0)->node();
            callee = node->input(0)->type()->expect<c10::FunctionType>()->function();
        } else if (node->kind() == prim::CallMethod) {
            if (node->input(0)->type()->cast<c10::InterfaceType>() &&
                node->input(0)->node()->kind() == prim::GetAttr)
                node->input(0)->setType(typeAt(model, objectPath(node->input(0), self)));
            const auto type = node->input(0)->type()->cast<c10::ClassType>();
            if (!type)
                continue;
            callee = &type->getMethod(node->s(torch::jit::attr::name));
            if (type->is_module())
                path = objectPath(node->input(0), self);
        }
        auto* function = callee != nullptr ? torch::jit::tryToGraphFunction(*callee) : nullptr;
        if (function == nullptr)
            continue;
        const auto body = function->graph()->copy();
        inlineBody(*body, path, root, model);
        if (constant != nullptr)
            node->removeInput(0);
        torch::jit::inlineCallTo(node, function, body.get());
        if (constant != nullptr && !constant->hasUses())
            constant->destroy();
    }
}

std::vector<c10::IValue> inputsFor(const std::vector<std::string>& shapes)
{
    at::manual_seed(7);
    std::vector<c10::IValue> inputs;
    for (const std::string& spec : shapes) {
        const bool isInteger = spec.starts_with("int64:");
        std::string text = isInteger ? spec.substr(6) : spec;
        if (text.find('x') == std::string::npos && !isInteger) {
            inputs.emplace_back(static_cast<std::int64_t>(std::stoll(text)));
            continue;
        }
        std::vector<std::int64_t> shape;
        for (std::size_t at = 0; at != std::string::npos;) {
            shape.push_back(std::stoll(text.substr(at)));
            at = text.find('x', at);
            at = at == std::string::npos ? at : at + 1;
        }
        inputs.emplace_back(isInteger ? at::randint(0, 50, shape, at::kLong) : at::rand(shape));
    }
    return inputs;
}

torch::jit::Stack stackFor(const jitscope::torchscript::StageGraph& stage,
                           const std::vector<std::string>& shapes)
{
    torch::jit::Stack stack{stage.self._ivalue()};
    for (const c10::IValue& input : inputsFor(shapes))
        stack.push_back(input);
    stage.schema->checkAndNormalizeInputs(stack, {});
    return stack;
}

c10::IValue run(jitscope::torchscript::Session& session, jitscope::torchscript::StageHandle handle,
                const std::vector<std::string>& shapes)
{
    auto& implementation = session.implementation();
    if (const auto filled = implementation.fillWeights({}); !filled)
        throw std::runtime_error(filled.error().message());
    const auto* stage = implementation.stage(handle);
    auto stack = stackFor(*stage, shapes);
    const at::NoGradGuard noGrad;
    const torch::jit::Code code(stage->graph->copy(), "stage");
    torch::jit::InterpreterState(code).run(stack);
    return stack.size() == 1 ? stack[0] : c10::ivalue::Tuple::create(stack);
}

double difference(const c10::IValue& a, const c10::IValue& b)
{
    if (a.isTensor() && b.isTensor())
        return (a.toTensor() - b.toTensor()).abs().max().item<double>();
    if (a.isTuple() && b.isTuple() && a.toTupleRef().size() == b.toTupleRef().size()) {
        double largest = 0;
        for (std::size_t i = 0; i < a.toTupleRef().size(); ++i)
            largest = std::max(
                largest, difference(a.toTupleRef().elements()[i], b.toTupleRef().elements()[i]));
        return largest;
    }
    if (a.isGenericDict() && b.isGenericDict() &&
        a.toGenericDict().size() == b.toGenericDict().size()) {
        double largest = 0;
        for (const auto& entry : a.toGenericDict())
            largest =
                std::max(largest, difference(entry.value(), b.toGenericDict().at(entry.key())));
        return largest;
    }
    if (a.isInt() && b.isInt())
        return static_cast<double>(std::abs(a.toInt() - b.toInt()));
    return std::numeric_limits<double>::infinity();
}

} // namespace

std::map<std::string, Function> functions(const std::filesystem::path& model)
{
    const auto module = torch::jit::load(model.string(), c10::Device(c10::kCPU));
    Sources sources;
    std::map<std::string, Function> all;
    for (torch::jit::Function* function : module._ivalue()->compilation_unit()->get_functions()) {
        auto* withGraph = torch::jit::tryToGraphFunction(*function);
        if (withGraph == nullptr)
            continue;
        Function& described = all[function->qualname().qualifiedName()];
        describe(*withGraph->graph()->block(), sources, described);
        forgetLocations(*withGraph->graph()->block());
        described.text = withGraph->graph()->toString(false);
    }
    return all;
}

std::vector<InlinedNode> inlined(const std::filesystem::path& model, const std::string& method)
{
    const auto module = torch::jit::load(model.string(), c10::Device(c10::kCPU));
    const auto graph = module.get_method(method).graph()->copy();
    const auto root = c10::make_intrusive<torch::jit::Scope>();
    inlineBody(*graph, "", root, module);
    std::vector<Node*> nodes;
    collect(*graph->block(), nodes);
    std::vector<InlinedNode> all;
    Sources sources;
    for (const Node* node : nodes) {
        const std::string path = node->scopeName();
        const Source source = sources.of(*node);
        all.push_back({node->kind().toQualString(), path == "<root>" ? std::string() : path,
                       source.file, source.line});
    }
    return all;
}

double largestDifference(jitscope::torchscript::Session& session,
                         jitscope::torchscript::StageHandle stage,
                         const std::filesystem::path& model, const std::vector<std::string>& shapes)
{
    auto module = torch::jit::load(model.string(), c10::Device(c10::kCPU));
    if (module.hasattr("training"))
        module.eval();
    const at::NoGradGuard noGrad;
    const auto& name = session.implementation().stage(stage)->method;
    return difference(run(session, stage, shapes), module.get_method(name)(inputsFor(shapes)));
}

std::string failureOf(jitscope::torchscript::Session& session,
                      jitscope::torchscript::StageHandle stage,
                      const std::vector<std::string>& shapes)
{
    try {
        (void)run(session, stage, shapes);
        return {};
    } catch (const std::exception& error) {
        return error.what();
    }
}

Plan executedPlan(jitscope::torchscript::Session& session,
                  jitscope::torchscript::StageHandle handle, const std::vector<std::string>& shapes,
                  int runs)
{
    auto& implementation = session.implementation();
    if (const auto filled = implementation.fillWeights({}); !filled)
        throw std::runtime_error(filled.error().message());
    const auto* stage = implementation.stage(handle);
    const at::NoGradGuard noGrad;
    torch::jit::GraphExecutor executor(stage->graph->copy(), "stage");
    for (int i = 0; i < runs; ++i) {
        auto stack = stackFor(*stage, shapes);
        executor.run(stack);
    }
    auto stack = stackFor(*stage, shapes);
    const auto& plan = executor.getPlanFor(stack);
    std::vector<Node*> nodes;
    collect(*plan.graph->block(), nodes);
    auto converted = implementation.convertPlan(*plan.graph);
    const bool sameOrder =
        std::equal(nodes.begin(), nodes.end(), converted.nodes.begin(), converted.nodes.end());
    return {std::move(converted.graph), sameOrder ? nodes.size() : 0};
}

void rewriteArchive(const std::filesystem::path& from, const std::filesystem::path& to,
                    const std::function<bool(const std::string&, std::string&)>& change,
                    bool compress)
{
    caffe2::serialize::PyTorchStreamReader reader(from.string());
    caffe2::serialize::PyTorchStreamWriter writer(to.string());
    for (const std::string& record : reader.getAllRecords()) {
        if (record == "version" || record == ".data/serialization_id")
            continue; // the writer makes its own
        const auto [data, size] = reader.getRecord(record);
        std::string bytes(static_cast<const char*>(data.get()), size);
        if (change(record, bytes))
            writer.writeRecord(record, bytes.data(), bytes.size(), compress);
    }
    writer.writeEndOfFile();
}

void patchRecord(const std::filesystem::path& from, const std::filesystem::path& to,
                 const std::string& record, const std::string& bytes)
{
    caffe2::serialize::PyTorchStreamReader reader(from.string());
    const auto offset = reader.getRecordOffset(record);
    const auto size = reader.getRecordSize(record);
    std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing);
    std::string text = bytes.substr(0, size);
    text.resize(size, ' ');
    std::fstream file(to, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(offset));
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
}

std::string recordText(const std::filesystem::path& model, const std::string& record)
{
    caffe2::serialize::PyTorchStreamReader reader(model.string());
    const auto [data, size] = reader.getRecord(record);
    return {static_cast<const char*>(data.get()), size};
}

std::vector<std::string> recordNames(const std::filesystem::path& model)
{
    caffe2::serialize::PyTorchStreamReader reader(model.string());
    return reader.getAllRecords();
}

} // namespace oracle
