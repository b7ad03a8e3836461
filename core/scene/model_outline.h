// What building a scene needs to know of the model besides its graphs: which instance has which
// methods, which tensors, and where their graphs are. Immutable; any thread may read it.
#pragma once

#include "core/document/rows.h"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace jitscope::scene {

class ModelOutline
{
public:
    ModelOutline() = default;
    ModelOutline(std::vector<document::ModuleRow> modules, std::vector<document::MethodRow> methods,
                 std::vector<document::FunctionRow> functions,
                 std::vector<document::TensorRow> tensors);

    // Null when there is none.
    [[nodiscard]] const document::ModuleRow* module(std::string_view path) const;
    [[nodiscard]] const document::FunctionRow* method(std::string_view path,
                                                      std::string_view name) const;
    // By qualified name, or by its last part if only one free function has it.
    [[nodiscard]] const document::FunctionRow* function(std::string_view name) const;
    [[nodiscard]] const document::TensorRow* tensor(std::string_view name) const;
    // The tensors that a module holds itself, not those of its children.
    [[nodiscard]] const std::vector<const document::TensorRow*>&
    tensorsOf(std::string_view path) const;
    // Those of a module and of all below it, in order of their names.
    [[nodiscard]] std::span<const document::TensorRow* const>
    tensorsBelow(std::string_view path) const;
    // The names of a module's methods.
    [[nodiscard]] std::vector<std::string> methodsOf(std::string_view path) const;
    [[nodiscard]] bool hasMethods(std::string_view path) const;

    ModelOutline(const ModelOutline&) = delete; // the indexes point into the rows
    ModelOutline& operator=(const ModelOutline&) = delete;

private:
    std::vector<document::ModuleRow> m_modules;
    std::vector<document::MethodRow> m_methods;
    std::vector<document::FunctionRow> m_functions;
    std::vector<document::TensorRow> m_tensors;
    std::unordered_map<std::string_view, const document::ModuleRow*> m_moduleByPath;
    std::map<std::pair<std::int64_t, std::string_view>, const document::FunctionRow*>
        m_methodByName;
    std::unordered_map<std::string_view, const document::FunctionRow*> m_functionByName;
    std::unordered_map<std::string_view, const document::FunctionRow*>
        m_functionByLastPart; // null when ambiguous
    std::unordered_map<std::string_view, const document::TensorRow*> m_tensorByName;
    std::unordered_map<std::string_view, std::vector<const document::TensorRow*>> m_tensorsByModule;
    std::vector<const document::TensorRow*> m_tensorsInOrder; // of their names; constants left out
};

// "[64, 3, 7, 7]", as the table `tensor` holds a shape, as "64×3×7×7"; "scalar" for no dimensions.
[[nodiscard]] std::string shortShape(std::string_view jsonList);

} // namespace jitscope::scene
