#include "core/torchscript/operator_stubs_p.h"

#include "core/torchscript/operator_schemas_p.h"

#include <ATen/core/dispatch/Dispatcher.h>

#include <string>

namespace jitscope::torchscript {

namespace {

// What runs in place of the operator.
void refuse(const c10::OperatorHandle& op, c10::Stack* /*stack*/)
{
    const std::string& name = op.operator_name().name;
    std::string_view library = "a library";
    for (const KnownOperators& known : knownOperators()) {
        if (name.starts_with(std::string(known.nameSpace) + "::"))
            library = known.library;
    }
    TORCH_CHECK(false, "The operator ", name, " is provided by ", library,
                ", which is not loaded. Open the model with ", library,
                "'s operator library to run it.");
}

bool isProvided(const std::string& name)
{
    return c10::Dispatcher::singleton().findSchema({name, ""}).has_value();
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
            m_operators.push_back({name, std::string(known.library)});
        }
        m_libraries.push_back(std::move(library));
    }
}

} // namespace jitscope::torchscript
