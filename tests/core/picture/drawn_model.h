// A model drawn as the command line draws it.
#pragma once

#include "core/layout/layered_layout.h"
#include "core/picture/composer.h"
#include "core/picture/font_widths.h"
#include "core/picture/opening.h"
#include "tests/core/scene/scene_model.h"

#include <utility>

namespace jitscope::tests {

class DrawnModel
{
public:
    explicit DrawnModel(ir::Program program)
        : m_model(std::move(program)),
          m_builder(m_model.builder()),
          m_composer(*m_builder, m_engine, m_measure)
    {}

    [[nodiscard]] scene::ScopePtr root() { return m_builder->method("", "forward").value(); }
    [[nodiscard]] picture::Opening opening(const picture::OpeningRule& rule)
    {
        return picture::choose(*m_builder, root(), rule, {});
    }
    [[nodiscard]] Result<picture::Drawing> drawing(const picture::OpeningRule& rule,
                                                   const CancelToken& cancel = {})
    {
        std::vector<std::string> problems;
        return m_composer.compose(root(), opening(rule).open, cancel, problems);
    }

private:
    Model m_model;
    std::unique_ptr<scene::ScopeBuilder> m_builder;
    layout::LayeredLayout m_engine;
    picture::TableMeasure m_measure;
    picture::Composer m_composer;
};

} // namespace jitscope::tests
