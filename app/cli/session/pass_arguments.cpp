#include "app/cli/session/pass_arguments.h"

#include "profiler/record/input_shapes.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace jitscope::cli {

torchscript::PassArguments passArgumentsOf(const document::StageRow& row)
{
    torchscript::PassArguments arguments;
    const nlohmann::json json = nlohmann::json::parse(row.arguments, nullptr, false);
    if (json.is_object()) {
        for (const auto& [name, value] : json.items()) {
            if (value.is_string())
                arguments.emplace(name, value.get<std::string>());
        }
    }
    return arguments;
}

std::string passArgumentsText(const torchscript::PassArguments& arguments)
{
    nlohmann::json json = nlohmann::json::object();
    for (const auto& [name, value] : arguments)
        json[name] = value;
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<torchscript::PassArguments> withShapes(torchscript::Session& session,
                                              torchscript::StageHandle stage, std::string_view pass,
                                              torchscript::PassArguments arguments,
                                              const JobContext& job)
{
    const std::string name(torchscript::shapesArgument);
    for (const torchscript::PassInfo& info : torchscript::passCatalogue()) {
        const bool takesShapes =
            info.name == pass && std::any_of(info.arguments.begin(), info.arguments.end(),
                                             [&name](const auto& a) { return a.name == name; });
        if (!takesShapes || !arguments[name].empty())
            continue;
        Result<std::string> shapes = record::guessedShapes(session, stage, job);
        if (!shapes)
            return tl::unexpected(shapes.error());
        arguments[name] = *std::move(shapes);
    }
    return arguments;
}

} // namespace jitscope::cli
