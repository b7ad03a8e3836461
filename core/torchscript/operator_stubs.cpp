#include "core/torchscript/operator_stubs_p.h"

#include "core/ir/names.h"
#include "core/torchscript/operator_schemas_p.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/csrc/jit/runtime/operator.h>

#include <algorithm>
#include <string>

namespace jitscope::torchscript {

namespace {

constexpr std::string_view refusalBegin = "No library that is loaded provides the operator ";
constexpr std::string_view refusalEnd = "; it was declared for reading only.";

// What runs in place of the operator.
void refuse(const c10::OperatorHandle& op, c10::Stack* /*stack*/)
{
    TORCH_CHECK(false, refusalBegin, op.operator_name().name, refusalEnd);
}

bool isProvided(const std::string& name)
{
    return !torch::jit::getAllOperatorsFor(c10::Symbol::fromQualString(name)).empty();
}

std::string nameSpaceOf(const std::string& name)
{
    return name.substr(0, name.find("::"));
}

c10::FunctionSchema schemaFor(const archive::OperatorCall& call, std::size_t overload)
{
    std::vector<c10::Argument> arguments;
    for (std::size_t i = 0; i < call.positional; ++i)
        arguments.emplace_back("argument" + std::to_string(i + 1), c10::AnyType::get());
    for (const std::string& keyword : call.keywords)
        arguments.emplace_back(keyword, c10::AnyType::get(), std::nullopt, std::nullopt, true);
    const std::vector<c10::Argument> results(call.results,
                                             c10::Argument("", c10::TensorType::get()));
    c10::FunctionSchema schema(call.name, "guess" + std::to_string(overload), std::move(arguments),
                               results);
    // Nothing may be known of it: no pass removes or moves it.
    schema.setAliasAnalysis(c10::AliasAnalysisKind::CONSERVATIVE);
    return schema;
}

} // namespace

// The registry it mirrors is LibTorch's and belongs to the process.
std::weak_ptr<OperatorStubs>& OperatorStubs::shared()
{
    static std::weak_ptr<OperatorStubs> stubs;
    return stubs;
}

std::shared_ptr<OperatorStubs> OperatorStubs::acquire()
{
    std::shared_ptr<OperatorStubs> stubs = shared().lock();
    if (!stubs) {
        stubs.reset(new OperatorStubs);
        shared() = stubs;
    }
    return stubs;
}

bool OperatorStubs::areInForce()
{
    return !shared().expired();
}

OperatorStubs::OperatorStubs()
{
    for (const KnownOperators& known : knownOperators()) {
        auto library =
            std::make_unique<torch::Library>(torch::Library::FRAGMENT, std::string(known.nameSpace),
                                             std::nullopt, __FILE__, __LINE__);
        for (const std::string_view schema : known.schemas) {
            const std::string name = std::string(known.nameSpace) +
                                     "::" + std::string(schema.substr(0, schema.find('(')));
            if (isProvided(name))
                continue;
            library->def(std::string(schema).c_str(),
                         torch::CppFunction::makeFromBoxedFunction<&refuse>());
            m_stubs.emplace(name, OperatorStub{std::string(known.library), false});
        }
        m_libraries.push_back(std::move(library));
    }
}

bool OperatorStubs::guess(const std::vector<archive::OperatorCall>& calls, std::string_view needed)
{
    bool isNew = false;
    for (const archive::OperatorCall& call : calls) {
        const bool isOwn = call.name.starts_with("aten::") || call.name.starts_with("prim::");
        if (isOwn && call.name != needed)
            continue;
        const auto stub = m_stubs.find(call.name);
        const bool isStubbed = stub != m_stubs.end() && stub->second.isGuessed;
        if ((!isStubbed && isProvided(call.name)) ||
            std::find(m_guessed.begin(), m_guessed.end(), call) != m_guessed.end())
            continue;
        const std::string nameSpace = nameSpaceOf(call.name);
        auto library = std::make_unique<torch::Library>(torch::Library::FRAGMENT, nameSpace,
                                                        std::nullopt, __FILE__, __LINE__);
        library->def(schemaFor(call, m_guessed.size()),
                     torch::CppFunction::makeFromBoxedFunction<&refuse>());
        m_libraries.push_back(std::move(library));
        m_guessed.push_back(call);
        m_stubs.emplace(call.name, OperatorStub{std::string(libraryOf(nameSpace)), true});
        isNew = true;
    }
    return isNew;
}

std::optional<Error> stubRefusal(std::string_view message)
{
    const std::size_t begin = message.find(refusalBegin);
    if (begin == std::string_view::npos)
        return std::nullopt;
    const std::string_view rest = message.substr(begin + refusalBegin.size());
    const std::string name(rest.substr(0, rest.find(refusalEnd)));
    const std::string library(libraryOf(nameSpaceOf(name)));
    Error error;
    error.code = ErrorCode::Unavailable;
    if (ir::isOfLibTorch(name)) {
        error.what =
            "The operator " + name + " cannot run: this version of LibTorch does not have it.";
        error.remedy = "Run the model with the version of PyTorch that saved it, or save it again "
                       "with this one.";
        return error;
    }
    error.what = "The operator " + name + " cannot run: no library that is loaded provides it.";
    error.remedy = library.empty() ? "Open the model with the operator library that registers the "
                                     "operators of " +
                                         nameSpaceOf(name) + " (--op-library)."
                                   : "Open the model with the operator library of " + library +
                                         " (--op-library).";
    return error;
}

} // namespace jitscope::torchscript
