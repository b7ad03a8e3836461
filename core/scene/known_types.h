// The types of tensors that one stage of a method knows, for the values of every other: because its
// graph states them, or because a run of it has seen them. Immutable; any thread may read it.
#pragma once

#include "core/document/reader.h"
#include "core/ir/graph.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace jitscope::scene {

class KnownTypes
{
public:
    // `graph` is that of the stage, not null; `observed` of one run of it, or none. What was seen
    // counts more than what is stated.
    KnownTypes(std::shared_ptr<const ir::Graph> graph,
               std::span<const document::ObservedTypeRow> observed);

    // Those of a document: of `run` if it has them, else of the newest run that has, else of the
    // newest stage with shapes propagated. Null if there are none.
    [[nodiscard]] static Result<std::shared_ptr<const KnownTypes>>
    read(const document::Reader& reader, std::int64_t run);

    // Which of the calls of a method or function is meant, in order: its nodes stand in the stage
    // once for each.
    struct Call
    {
        std::size_t index = 0;
        std::size_t total = 1;
    };

    // As LibTorch prints them; empty when not known. `node` is of any stage's `graph`, `modulePath`
    // the instance that it belongs to. Without a call it is what all calls have in common.
    [[nodiscard]] std::string output(const ir::Graph& graph, const ir::Node& node,
                                     std::string_view modulePath, std::size_t index,
                                     Call call) const;
    [[nodiscard]] std::string input(const ir::Graph& graph, const ir::Node& node,
                                    std::string_view modulePath, std::size_t index,
                                    Call call) const;
    // Of a parameter of the method, self being 0.
    [[nodiscard]] std::string parameter(std::size_t index) const;
    // The instance whose method it is, and the method's name.
    [[nodiscard]] const std::string& module() const { return m_module; }
    [[nodiscard]] const std::string& method() const { return m_method; }

private:
    // In a graph or one that a node of it holds (a fork's body).
    struct Place
    {
        const ir::Graph* graph = nullptr;
        ir::NodeId node = 0;
        const std::vector<std::string>* types = nullptr; // by value
    };

    void addGraph(const ir::Graph& graph);
    void see(const document::ObservedTypeRow& row);
    void typeParameters(const ir::Graph& graph);
    // The nodes that a node of another stage is, was, or comes from.
    [[nodiscard]] std::vector<const Place*> placesOf(const ir::Graph& graph, const ir::Node& node,
                                                     std::string_view modulePath, Call call) const;
    template <typename ValueOf>
    [[nodiscard]] std::string common(const std::vector<const Place*>& places,
                                     const ValueOf& valueOf) const;

    std::shared_ptr<const ir::Graph> m_graph;
    std::string m_module;
    std::string m_method;
    std::unordered_map<const ir::Graph*, std::vector<std::string>> m_types;
    std::unordered_map<ir::NodeKey, Place> m_byKey;
    std::vector<const Place*> m_written; // those that were not made by a pass, by where they were
                                         // written and the instance, then in order
};

} // namespace jitscope::scene
