#include "views/graph/dot_text_p.h"

#include "core/picture/box_metrics.h"
#include "core/support/markup.h"

namespace jitscope::views {

namespace {

std::string labelOf(const scene::Box& box)
{
    std::string label = box.title;
    if (!box.subtitle.empty())
        label += "\n" + box.subtitle;
    for (const scene::Row& row : box.rows)
        label += "\n" + row.name + (row.value.empty() ? "" : " = " + row.value);
    return label;
}

class Writer
{
public:
    explicit Writer(const Picture& picture) : m_picture(picture), m_children(picture.boxes.size())
    {
        for (std::uint32_t i = 0; i < picture.boxes.size(); ++i) {
            const std::uint32_t parent = picture.boxes[i].parent;
            (parent == noBox ? m_roots : m_children[parent]).push_back(i);
        }
    }

    std::string run()
    {
        m_text = "digraph " + quotedForDot(m_picture.title) +
                 " {\n  rankdir=TB;\n  compound=true;\n  node [shape=box, style=rounded, "
                 "fontname=\"Helvetica\"];\n  edge [fontname=\"Helvetica\", fontsize=10];\n";
        for (const std::uint32_t box : m_roots)
            write(box, 1);
        // An edge ends at what stands for its port inside of an open box: Graphviz joins no
        // clusters.
        for (const PictureEdge& edge : m_picture.edges) {
            if (edge.isLink)
                continue;
            const std::uint32_t from = inner(edge.from, *edge.edge, false);
            const std::uint32_t to = inner(edge.to, *edge.edge, true);
            if (from == noBox || to == noBox)
                continue;
            m_text += "  b" + std::to_string(from) + " -> b" + std::to_string(to);
            if (!edge.edge->label.empty())
                m_text += " [label=" + quotedForDot(edge.edge->label) + "]";
            m_text += ";\n";
        }
        return m_text + "}\n";
    }

private:
    void write(std::uint32_t index, std::size_t depth)
    {
        const PictureBox& drawn = m_picture.boxes[index];
        const std::string margin(2 * depth, ' ');
        if (!drawn.isOpen) {
            const bool isRound = picture::isPill(*drawn.box);
            m_text += margin + "b" + std::to_string(index) +
                      " [label=" + quotedForDot(labelOf(*drawn.box)) +
                      (isRound ? ", shape=oval, style=solid" : "") + "];\n";
            return;
        }
        m_text += margin + "subgraph cluster_" + std::to_string(index) + " {\n" + margin +
                  "  label=" + quotedForDot(labelOf(*drawn.box)) + ";\n";
        for (const std::uint32_t child : m_children[index])
            write(child, depth + 1);
        m_text += margin + "}\n";
    }

    [[nodiscard]] std::uint32_t inner(std::uint32_t box, const scene::Edge& edge,
                                      bool isInput) const
    {
        while (m_picture.boxes[box].isOpen) {
            const scene::Box& open = *m_picture.boxes[box].box;
            const auto& ports = isInput ? open.inputs : open.outputs;
            const std::uint32_t port = isInput ? edge.toPort : edge.fromPort;
            const scene::BoxKind kind = isInput ? scene::BoxKind::Input : scene::BoxKind::Output;
            std::uint32_t found = noBox;
            for (const std::uint32_t child : m_children[box]) {
                const scene::Box& c = *m_picture.boxes[child].box;
                if (c.kind == kind && port < ports.size() && c.key == ports[port].key)
                    found = child;
            }
            if (found == noBox) // a condition, which is nowhere inside
                return m_children[box].empty() ? noBox : m_children[box].front();
            box = found;
        }
        return box;
    }

    const Picture& m_picture;
    std::vector<std::vector<std::uint32_t>> m_children;
    std::vector<std::uint32_t> m_roots;
    std::string m_text;
};

} // namespace

std::string dotTextOf(const Picture& picture)
{
    return Writer(picture).run();
}

} // namespace jitscope::views
