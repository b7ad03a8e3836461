// Everything that a model file holds besides its weights' bytes: modules, functions with their
// graphs, tensors, code. Plain data; the graph of each method and function is there once, and calls
// in it are nodes.
#pragma once

#include "core/ir/graph.h"

#include <optional>

namespace jitscope::ir {

using FunctionId = std::uint32_t;
using ModuleId = std::uint32_t;

struct Function
{
    std::string
        name; // as LibTorch qualifies it: "__torch__.torchvision.models.resnet.ResNet.forward"
    std::string schema; // "forward(__torch__... self, Tensor x) -> Tensor"
    bool isMethod = false;
    Graph graph;
};

struct Method
{
    std::string name; // "forward"
    FunctionId function = 0;
};

// One instance in the module tree. The root has id 0 and an empty path.
struct Module
{
    std::string path;      // "layer1.0.conv1"
    std::string typeName;  // "__torch__.torch.nn.modules.conv.___torch_mangle_3.Conv2d"
    std::string className; // "Conv2d"
    ModuleId parent = none;
    std::vector<Method> methods;
};

enum class TensorRole : std::uint8_t
{
    Parameter,
    Buffer,
    Constant,
    Attribute
};

struct Tensor
{
    std::string name; // "layer1.0.conv1.weight", or the record of a constant: "constants/3"
    TensorRole role = TensorRole::Parameter;
    std::string dtype; // "float32"
    std::string device;
    std::vector<std::int64_t> shape;
    std::vector<std::int64_t> strides;
    std::uint64_t bytes = 0; // of its elements
    std::string storage;     // the same for tensors that share memory
    std::uint64_t storageBytes = 0;
    std::int64_t storageOffset = 0; // in elements
    std::string layout = "strided";
    std::string quantization; // as the document has it; empty for none
    bool requiresGrad = false;
};

// A file of serialized code in the archive: "code/__torch__/torchvision/models/resnet.py".
struct CodeFile
{
    std::string record;
    std::string text;
};

// Where in the serialized code a node of a function was read.
struct CodeLine
{
    NodeKey node = 0;
    std::uint32_t file = 0; // in Program::code
    std::uint32_t line = 0; // from 1
};

// Python source that the model carries in its debug records: a function's text, or nothing but the
// path.
struct SourceFragment
{
    std::string file;
    std::uint32_t firstLine = 1; // the line of the file at which `text` begins
    std::string text;
};

// A method that a call through an interface may reach; one for each.
struct CallCandidate
{
    NodeKey call = 0;
    FunctionId function = 0;
};

// An operator that no library provides here: it can be read, not run.
struct MissingOperator
{
    std::string name;       // "torchvision::nms"
    std::string library;    // what provides it, such as "torchvision"; empty if nobody knows
    bool isGuessed = false; // its schema was made up from the calls in the model's code
    std::uint64_t calls = 0;
    NodeKey firstCall = 0;
    // Where that is: "__torch__.torchvision.ops.boxes.nms (torchvision/ops/boxes.py:40)".
    std::string neededBy;
};

struct Program
{
    std::vector<Module> modules;
    std::vector<Function> functions;
    std::vector<Tensor> tensors;
    std::vector<CodeFile> code;
    std::vector<CodeLine> codeLines; // in order of node; of those for which it is known
    std::vector<SourceFragment> sources;
    std::vector<CallCandidate> candidates;
    std::vector<MissingOperator> missingOperators;
    std::vector<std::string> problems; // what could not be read, a sentence each; the rest is there

    [[nodiscard]] std::optional<FunctionId> functionNamed(std::string_view qualifiedName) const;
    [[nodiscard]] std::optional<ModuleId> moduleAt(std::string_view path) const;
};

} // namespace jitscope::ir
