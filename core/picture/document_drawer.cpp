#include "core/picture/document_drawer.h"

namespace jitscope::picture {

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

} // namespace

DocumentDrawer::DocumentDrawer(const document::Reader& reader,
                               std::shared_ptr<const scene::ModelOutline> outline,
                               std::shared_ptr<const document::NodeIndex> nodes,
                               const scene::BuildOptions& options,
                               std::shared_ptr<const scene::KnownTypes> types)
    : m_scopes(
          std::move(outline), std::move(nodes),
          [&reader](std::int64_t id) { return reader.graph(id); }, options, std::move(types)),
      m_composer(m_scopes, m_engine, m_measure)
{}

Result<std::unique_ptr<DocumentDrawer>> DocumentDrawer::make(const document::Reader& reader,
                                                             const scene::BuildOptions& options)
{
    auto outline = outlineOf(reader);
    if (!outline)
        return tl::unexpected(outline.error());
    Result<document::NodeIndex> nodes = document::NodeIndex::read(reader);
    if (!nodes)
        return tl::unexpected(nodes.error());
    auto types = scene::KnownTypes::read(reader, 0);
    if (!types)
        return tl::unexpected(types.error());
    return std::unique_ptr<DocumentDrawer>(new DocumentDrawer(
        reader, *std::move(outline), std::make_shared<const document::NodeIndex>(*std::move(nodes)),
        options, *std::move(types)));
}

Result<DocumentDrawer::Drawn> DocumentDrawer::draw(const scene::ScopePtr& root,
                                                   const OpeningRule& rule,
                                                   const CancelToken& cancel)
{
    const Opening opening = choose(m_scopes, root, rule, cancel);
    Drawn drawn;
    drawn.isComplete = opening.isComplete;
    Result<Drawing> drawing = m_composer.compose(root, opening.open, cancel, drawn.problems);
    if (!drawing)
        return tl::unexpected(drawing.error());
    drawn.drawing = *std::move(drawing);
    return drawn;
}

} // namespace jitscope::picture
