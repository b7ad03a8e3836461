#include "core/scene/model_outline.h"

#include "core/ir/names.h"

#include <algorithm>
#include <unordered_set>

namespace jitscope::scene {

namespace {

std::string_view ownerOf(std::string_view name)
{
    const std::size_t dot = name.rfind('.');
    return dot == std::string_view::npos ? std::string_view{} : name.substr(0, dot);
}

} // namespace

ModelOutline::ModelOutline(std::vector<document::ModuleRow> modules,
                           std::vector<document::MethodRow> methods,
                           std::vector<document::FunctionRow> functions,
                           std::vector<document::TensorRow> tensors)
    : m_modules(std::move(modules)),
      m_methods(std::move(methods)),
      m_functions(std::move(functions)),
      m_tensors(std::move(tensors))
{
    std::unordered_map<std::int64_t, const document::FunctionRow*> functionById;
    std::unordered_set<std::int64_t> bodiesOfMethods;
    for (const document::MethodRow& row : m_methods)
        bodiesOfMethods.insert(row.function);
    for (const document::FunctionRow& row : m_functions) {
        functionById.emplace(row.id, &row);
        m_functionByName.emplace(row.name, &row);
        if (!bodiesOfMethods.contains(row.id)) {
            const auto [entry, isNew] = m_functionByLastPart.emplace(ir::lastPart(row.name), &row);
            if (!isNew)
                entry->second = nullptr;
        }
    }
    for (const document::ModuleRow& row : m_modules)
        m_moduleByPath.emplace(row.path, &row);
    for (const document::MethodRow& row : m_methods) {
        if (const auto found = functionById.find(row.function); found != functionById.end())
            m_methodByName.emplace(std::pair{row.module, std::string_view(row.name)},
                                   found->second);
    }
    for (const document::TensorRow& row : m_tensors) {
        m_tensorByName.emplace(row.name, &row);
        if (row.role == "constant")
            continue;
        m_tensorsByModule[ownerOf(row.name)].push_back(&row);
        m_tensorsInOrder.push_back(&row);
    }
    std::sort(m_tensorsInOrder.begin(), m_tensorsInOrder.end(),
              [](const auto* a, const auto* b) { return a->name < b->name; });
}

const document::ModuleRow* ModelOutline::module(std::string_view path) const
{
    const auto found = m_moduleByPath.find(path);
    return found == m_moduleByPath.end() ? nullptr : found->second;
}

const document::FunctionRow* ModelOutline::method(std::string_view path,
                                                  std::string_view name) const
{
    const document::ModuleRow* owner = module(path);
    if (owner == nullptr)
        return nullptr;
    const auto found = m_methodByName.find({owner->id, name});
    return found == m_methodByName.end() ? nullptr : found->second;
}

const document::FunctionRow* ModelOutline::function(std::string_view name) const
{
    if (const auto found = m_functionByName.find(name); found != m_functionByName.end())
        return found->second;
    const auto found = m_functionByLastPart.find(ir::lastPart(name));
    return found == m_functionByLastPart.end() ? nullptr : found->second;
}

const document::TensorRow* ModelOutline::tensor(std::string_view name) const
{
    const auto found = m_tensorByName.find(name);
    return found == m_tensorByName.end() ? nullptr : found->second;
}

const std::vector<const document::TensorRow*>& ModelOutline::tensorsOf(std::string_view path) const
{
    static const std::vector<const document::TensorRow*> nothing;
    const auto found = m_tensorsByModule.find(path);
    return found == m_tensorsByModule.end() ? nothing : found->second;
}

std::span<const document::TensorRow* const> ModelOutline::tensorsBelow(std::string_view path) const
{
    if (path.empty())
        return m_tensorsInOrder;
    // "a.b" is followed by "a.b.c" only after names such as "a.b-c", so the dot is part of what is
    // looked for.
    const std::string prefix = std::string(path) + '.';
    const auto begin = std::lower_bound(
        m_tensorsInOrder.begin(), m_tensorsInOrder.end(), prefix,
        [](const document::TensorRow* row, const std::string& text) { return row->name < text; });
    auto end = begin;
    while (end != m_tensorsInOrder.end() && (*end)->name.starts_with(prefix))
        ++end;
    return {begin, end};
}

std::vector<std::string> ModelOutline::methodsOf(std::string_view path) const
{
    std::vector<std::string> names;
    if (const document::ModuleRow* owner = module(path)) {
        for (auto it = m_methodByName.lower_bound({owner->id, std::string_view{}});
             it != m_methodByName.end() && it->first.first == owner->id; ++it)
            names.emplace_back(it->first.second);
    }
    return names;
}

bool ModelOutline::hasMethods(std::string_view path) const
{
    const document::ModuleRow* owner = module(path);
    if (owner == nullptr)
        return false;
    const auto first = m_methodByName.lower_bound({owner->id, std::string_view{}});
    return first != m_methodByName.end() && first->first.first == owner->id;
}

std::string shortShape(std::string_view jsonList)
{
    std::string text;
    for (const char c : jsonList) {
        if (c == ',')
            text += "\u00d7";
        else if (c != '[' && c != ']' && c != ' ')
            text += c;
    }
    return text.empty() ? "scalar" : text;
}

} // namespace jitscope::scene
