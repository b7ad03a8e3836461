// A program as a ScopeBuilder meets it in a document, for tests without one.
#pragma once

#include "core/scene/scope_builder.h"
#include "tests/core/scene/graph_maker.h"

#include <memory>
#include <vector>

namespace jitscope::tests {

// The rows that a document would hold of a program.
struct Model
{
    explicit Model(ir::Program p) : program(std::move(p))
    {
        std::vector<document::ModuleRow> modules;
        std::vector<document::MethodRow> methods;
        std::vector<document::FunctionRow> functions;
        std::vector<document::TensorRow> tensors;
        for (std::size_t i = 0; i < program.modules.size(); ++i) {
            const ir::Module& m = program.modules[i];
            const auto id = static_cast<std::int64_t>(i + 1);
            modules.push_back(
                {id, m.parent == ir::none ? 0 : m.parent + 1, m.path, m.className, m.typeName});
            for (const ir::Method& method : m.methods)
                methods.push_back({id, method.name, method.function + 1});
        }
        for (std::size_t i = 0; i < program.functions.size(); ++i) {
            const ir::Function& f = program.functions[i];
            const auto id = static_cast<std::int64_t>(i + 1);
            functions.push_back({id, f.name, f.schema, f.isMethod ? 1 : 0, id});
            graphs.push_back(std::make_shared<const ir::Graph>(f.graph));
        }
        for (const ir::Tensor& t : program.tensors) {
            std::string shape = "[";
            for (const std::int64_t size : t.shape)
                shape += (shape.size() > 1 ? ", " : "") + std::to_string(size);
            document::TensorRow row;
            row.name = t.name;
            row.role = "parameter";
            row.dtype = t.dtype;
            row.shape = shape + "]";
            tensors.push_back(row);
        }
        outline = std::make_shared<const scene::ModelOutline>(modules, methods, functions, tensors);
    }

    std::unique_ptr<scene::ScopeBuilder> builder(scene::BuildOptions options = {})
    {
        return std::make_unique<scene::ScopeBuilder>(
            outline, std::make_shared<const document::NodeIndex>(),
            [this](std::int64_t id) -> Result<std::shared_ptr<const ir::Graph>> {
                if (id < 1 || id > static_cast<std::int64_t>(graphs.size()))
                    return fail(ErrorCode::UnusableFile, "No such graph.");
                return graphs[static_cast<std::size_t>(id - 1)];
            },
            options);
    }

    ir::Program program;
    std::shared_ptr<const scene::ModelOutline> outline;
    std::vector<std::shared_ptr<const ir::Graph>> graphs;
};

inline const scene::Box* boxTitled(const scene::Scope& scope, std::string_view title)
{
    for (const scene::Box& box : scope.boxes) {
        if (box.title == title)
            return &box;
    }
    return nullptr;
}

} // namespace jitscope::tests
