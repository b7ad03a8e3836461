// What there is to say about a node or a module, as titled lists of names and values. No widgets.
#pragma once

#include "core/ir/graph.h"
#include "views/model/document_model.h"

#include <QString>

#include <vector>

namespace jitscope::views {

struct DescriptionLine
{
    QString name;
    QString value;
    QString link = {};  // the page that the line leads to; empty for none
    QString whole = {}; // what `value` shortens; empty when it is whole
};

struct DescriptionSection
{
    QString title;
    std::vector<DescriptionLine> lines;
};

using Description = std::vector<DescriptionSection>;

[[nodiscard]] Description describeNode(const ir::Graph& graph, const ir::Node& node,
                                       const document::NodeRef& ref, const DocumentModel& document);
// A node of which only the table `node` tells: the shown stage does not have it.
[[nodiscard]] Description describeAbsentNode(const document::NodeRef& ref,
                                             const DocumentModel& document);
// `calls`: where it is called, as far as that was read.
[[nodiscard]] Description describeModule(const QString& path, const DocumentModel& document,
                                         const std::vector<DescriptionLine>& calls = {});

// The functions that may call a module: the methods of the nearest module around it that has any.
struct Callers
{
    QString module; // its path
    std::vector<const document::FunctionRow*> methods;
};
[[nodiscard]] Callers callersOf(const QString& path, const DocumentContent& content);
// Where the body of a method of `around` calls a module below it, one line for each place.
[[nodiscard]] std::vector<DescriptionLine> callsOf(const QString& path, const QString& around,
                                                   const ir::Graph& body);

} // namespace jitscope::views
