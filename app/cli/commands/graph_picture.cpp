#include "app/cli/commands/graph_picture.h"

#include "core/layout/layered_layout.h"
#include "core/picture/composer.h"
#include "core/picture/font_widths.h"
#include "core/picture/opening.h"
#include "core/picture/svg.h"

#include <fmt/format.h>

namespace jitscope::cli {

namespace {

Result<std::shared_ptr<const scene::ModelOutline>> outlineOf(const document::Reader& reader)
{
    auto modules = reader.rows<document::ModuleRow>();
    if (!modules)
        return tl::unexpected(modules.error());
    auto methods = reader.rows<document::MethodRow>();
    if (!methods)
        return tl::unexpected(methods.error());
    auto functions = reader.rows<document::FunctionRow>();
    if (!functions)
        return tl::unexpected(functions.error());
    auto tensors = reader.rows<document::TensorRow>();
    if (!tensors)
        return tl::unexpected(tensors.error());
    return std::make_shared<const scene::ModelOutline>(*std::move(modules), *std::move(methods),
                                                       *std::move(functions), *std::move(tensors));
}

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
    const auto outline = outlineOf(reader);
    if (!outline)
        return tl::unexpected(outline.error());
    Result<document::NodeIndex> nodes = document::NodeIndex::read(reader);
    if (!nodes)
        return tl::unexpected(nodes.error());
    scene::BuildOptions options;
    options.rawSsa = settings.rawSsa;
    scene::ScopeBuilder builder(
        *outline, std::make_shared<const document::NodeIndex>(*std::move(nodes)),
        [&reader](std::int64_t id) { return reader.graph(id); }, options);
    const Result<scene::ScopePtr> root = rootOf(reader, builder, chosen, choice);
    if (!root)
        return tl::unexpected(root.error());

    picture::OpeningRule rule;
    rule.depth = settings.depth;
    rule.leaves = settings.leaves;
    const picture::Opening opening = picture::choose(builder, *root, rule, job.cancel);
    if (!opening.isComplete) {
        job.log(LogLevel::Warning, fmt::format("Some boxes stay closed: a picture shows at most {} "
                                               "boxes. Choose a module with --module.",
                                               rule.mostBoxes));
    }
    const layout::LayeredLayout engine; // not dot: the same picture on every machine
    const picture::TableMeasure measure;
    picture::Composer composer(builder, engine, measure);
    std::vector<std::string> problems;
    const Result<picture::Drawing> drawing =
        composer.compose(*root, opening.open, job.cancel, problems);
    if (!drawing)
        return tl::unexpected(drawing.error());
    for (const std::string& problem : problems)
        job.log(LogLevel::Warning, problem);
    picture::SvgOptions svg;
    svg.palette = settings.isDark ? picture::darkPalette() : picture::lightPalette();
    return picture::toSvg(*drawing, svg);
}

} // namespace jitscope::cli
