// Which graph of a document a command is about: a method of a module instance, or a function, in a
// stage.
#pragma once

#include "core/document/reader.h"

#include <memory>
#include <string>

namespace jitscope::cli {

struct GraphChoice
{
    std::string file;     // for messages
    std::string function; // qualified name; else the method of the module
    std::string module;
    std::string method = "forward";
    std::string stage = "loaded"; // or inlined, or the number of a stage of the document
};

using GraphPointer = std::shared_ptr<const ir::Graph>;

struct ChosenGraph
{
    std::int64_t stage = 1; // 1 is `loaded`
    std::int64_t graph = 0; // row of the table `graph`
    std::string module;     // of a free function empty
    std::string method;     // likewise
};

// Errors are InvalidArgument when there is no such method, function or stage.
[[nodiscard]] Result<ChosenGraph> chooseGraph(const document::Reader& reader,
                                              const GraphChoice& choice);

[[nodiscard]] tl::unexpected<Error> noMethod(const GraphChoice& choice);
[[nodiscard]] tl::unexpected<Error> noFunction(const GraphChoice& choice);

} // namespace jitscope::cli
