// Draws graphs of a document the way files have them: texts measured by the table, the built-in
// layout. Belongs to one thread.
#pragma once

#include "core/document/reader.h"
#include "core/layout/layered_layout.h"
#include "core/picture/composer.h"
#include "core/picture/font_widths.h"
#include "core/picture/opening.h"

#include <memory>

namespace jitscope::picture {

class DocumentDrawer
{
public:
    struct Drawn
    {
        Drawing drawing;
        bool isComplete = true;            // false when the rule's mostBoxes held something closed
        std::vector<std::string> problems; // what could not be opened, a sentence each
    };

    // `reader` must outlive it.
    [[nodiscard]] static Result<std::unique_ptr<DocumentDrawer>>
    make(const document::Reader& reader, const scene::BuildOptions& options = {});

    [[nodiscard]] scene::ScopeBuilder& scopes() { return m_scopes; }

    // Drawings keep what they show alive; scopes that were laid out once are not laid out again.
    [[nodiscard]] Result<Drawn> draw(const scene::ScopePtr& root, const OpeningRule& rule,
                                     const CancelToken& cancel);

private:
    DocumentDrawer(const document::Reader& reader,
                   std::shared_ptr<const scene::ModelOutline> outline,
                   std::shared_ptr<const document::NodeIndex> nodes,
                   const scene::BuildOptions& options,
                   std::shared_ptr<const scene::KnownTypes> types);

    scene::ScopeBuilder m_scopes;
    layout::LayeredLayout m_engine; // not dot: the same picture on every machine
    TableMeasure m_measure;
    Composer m_composer;
};

} // namespace jitscope::picture
