#include "app/cli/commands/graph_picture.h"

#include "core/picture/document_drawer.h"
#include "core/picture/svg.h"

#include <fmt/format.h>

namespace jitscope::cli {

namespace {

Result<scene::ScopePtr> rootOf(const document::Reader& reader, scene::ScopeBuilder& builder,
                               const ChosenGraph& chosen, const GraphChoice& choice)
{
    if (chosen.stage == 1)
        return chosen.method.empty() ? builder.function(choice.function)
                                     : builder.method(chosen.module, chosen.method);
    Result<GraphPointer> graph = reader.graph(chosen.graph);
    if (!graph)
        return tl::unexpected(graph.error());
    return builder.stage(*graph, chosen.module, chosen.method);
}

} // namespace

Result<std::string> pictureOf(const document::Reader& reader, const ChosenGraph& chosen,
                              const GraphChoice& choice, const PictureSettings& settings,
                              const JobContext& job)
{
    job.progress("drawing");
    scene::BuildOptions options;
    options.rawSsa = settings.rawSsa;
    const auto drawer = picture::DocumentDrawer::make(reader, options);
    if (!drawer)
        return tl::unexpected(drawer.error());
    const Result<scene::ScopePtr> root = rootOf(reader, (*drawer)->scopes(), chosen, choice);
    if (!root)
        return tl::unexpected(root.error());
    picture::OpeningRule rule;
    rule.depth = settings.depth;
    rule.leaves = settings.leaves;
    const auto drawn = (*drawer)->draw(*root, rule, job.cancel);
    if (!drawn)
        return tl::unexpected(drawn.error());
    if (!drawn->isComplete) {
        job.log(LogLevel::Warning, fmt::format("Some boxes stay closed: a picture shows at most {} "
                                               "boxes. Choose a module with --module.",
                                               rule.mostBoxes));
    }
    for (const std::string& problem : drawn->problems)
        job.log(LogLevel::Warning, problem);
    picture::SvgOptions svg;
    svg.palette = settings.isDark ? picture::darkPalette() : picture::lightPalette();
    return picture::toSvg(drawn->drawing, svg);
}

} // namespace jitscope::cli
