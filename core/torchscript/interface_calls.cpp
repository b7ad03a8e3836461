#include "core/torchscript/interface_calls_p.h"

#include <torch/csrc/jit/api/function_impl.h>

namespace jitscope::torchscript {

namespace {

using torch::jit::Function;
using torch::jit::Node;
namespace attr = torch::jit::attr;
namespace prim = torch::jit::prim;

bool mayBeModule(const c10::Type& type)
{
    if (const auto* asClass = type.castRaw<c10::ClassType>())
        return asClass->is_module();
    return type.kind() == c10::TypeKind::InterfaceType;
}

} // namespace

InterfaceCalls::InterfaceCalls(const std::vector<ModuleInstance>& instances,
                               const std::vector<Function*>& functions)
{
    for (const ModuleInstance& instance : instances)
        m_modules.emplace(instance.path, instance.module.type());
    std::unordered_map<const c10::ClassType*, std::size_t> indexOf;
    for (Function* function : functions) {
        const auto& arguments = function->getSchema().arguments();
        const auto self = arguments.empty() ? nullptr : arguments[0].type()->cast<c10::ClassType>();
        if (self && self->findMethod(function->name()) == function) {
            const auto [entry, isNew] = indexOf.try_emplace(self.get(), m_classes.size());
            if (isNew)
                m_classes.push_back({self, {}});
            m_classes[entry->second].methods.push_back(function);
        }
        forEachNode(*torch::jit::toGraphFunction(*function).graph(), true, [this](Node* node) {
            if (node->kind() == prim::SetAttr && mayBeModule(*node->input(1)->type()))
                m_assigned.insert(node->s(attr::name));
        });
    }
}

std::vector<const Function*> InterfaceCalls::candidates(const c10::InterfaceType& interface,
                                                        const std::string& method) const
{
    std::vector<const Function*> found;
    for (const Class& candidate : m_classes) {
        if (candidate.type->is_module() != interface.is_module() ||
            !candidate.type->isSubtypeOf(interface))
            continue;
        for (const Function* function : candidate.methods) {
            if (function->name() == method)
                found.push_back(function);
        }
    }
    return found;
}

c10::ClassTypePtr InterfaceCalls::moduleAt(const std::string& path) const
{
    const auto found = m_modules.find(path);
    return found == m_modules.end() ? nullptr : found->second;
}

c10::InterfaceTypePtr calledInterface(const Node& node)
{
    if (node.kind() != prim::CallMethod)
        return nullptr;
    return node.input(0)->type()->cast<c10::InterfaceType>();
}

std::vector<ir::CallCandidate> describeCandidates(const std::vector<Function*>& functions,
                                                  const InterfaceCalls& interfaces,
                                                  const NodeIdentity& identity)
{
    std::unordered_map<const Function*, ir::FunctionId> ids;
    for (std::size_t i = 0; i < functions.size(); ++i)
        ids.emplace(functions[i], static_cast<ir::FunctionId>(i));
    std::vector<ir::CallCandidate> all;
    for (Function* function : functions) {
        forEachNode(*torch::jit::toGraphFunction(*function).graph(), true, [&](Node* node) {
            const auto interface = calledInterface(*node);
            if (!interface)
                return;
            for (const Function* found : interfaces.candidates(*interface, node->s(attr::name)))
                all.push_back({identity.keyOf(node), ids.at(found)});
        });
    }
    return all;
}

} // namespace jitscope::torchscript
