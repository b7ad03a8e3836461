// Calls of a method through an interface: what they call is fixed by the object, not by the graph.
#pragma once

#include "core/torchscript/program_builder_p.h"

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace jitscope::torchscript {

class InterfaceCalls
{
public:
    InterfaceCalls() = default;
    InterfaceCalls(const std::vector<ModuleInstance>& instances,
                   const std::vector<torch::jit::Function*>& functions);

    // The methods of that name whose types implement the interface, in order of the functions.
    [[nodiscard]] std::vector<const torch::jit::Function*>
    candidates(const c10::InterfaceType& interface, const std::string& method) const;

    // The type of the module instance at a path; null when there is none.
    [[nodiscard]] c10::ClassTypePtr moduleAt(const std::string& path) const;

    // Whether some function assigns an attribute of that name a module, so that the object which
    // the file holds there says nothing.
    [[nodiscard]] bool isAssigned(const std::string& attribute) const
    {
        return m_assigned.contains(attribute);
    }

private:
    struct Class
    {
        c10::ClassTypePtr type;
        std::vector<const torch::jit::Function*> methods;
    };

    std::vector<Class> m_classes;
    std::unordered_map<std::string, c10::ClassTypePtr> m_modules; // by path
    std::unordered_set<std::string> m_assigned;
};

// The call's interface, or null for any other node.
[[nodiscard]] c10::InterfaceTypePtr calledInterface(const torch::jit::Node& node);

// For every call through an interface in the functions' graphs its candidates; the nodes have their
// keys.
[[nodiscard]] std::vector<ir::CallCandidate>
describeCandidates(const std::vector<torch::jit::Function*>& functions,
                   const InterfaceCalls& interfaces, const NodeIdentity& identity);

} // namespace jitscope::torchscript
