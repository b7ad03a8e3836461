#include "core/scene/scene_text.h"

#include <fmt/format.h>

namespace jitscope::scene {

namespace {

std::string_view name(BoxKind kind)
{
    switch (kind) {
    case BoxKind::Operator:
        return "operator";
    case BoxKind::Module:
        return "module";
    case BoxKind::Function:
        return "function";
    case BoxKind::Control:
        return "control";
    case BoxKind::Region:
        return "region";
    case BoxKind::Fusion:
        return "fusion";
    case BoxKind::Fork:
        return "fork";
    case BoxKind::Repeat:
        return "repeat";
    case BoxKind::Input:
        return "input";
    case BoxKind::Output:
        return "output";
    case BoxKind::Reference:
        return "reference";
    }
    return "";
}

std::string rowsOf(const Box& box)
{
    std::string text;
    for (const Row& row : box.rows) {
        text += text.empty() ? "" : ", ";
        text += row.value.empty()  ? row.name
                : row.name.empty() ? row.value
                                   : row.name + "=" + row.value;
    }
    return text;
}

} // namespace

std::string toText(const Scope& scope)
{
    std::string text =
        fmt::format("scope {} \"{}\"\n", scope.id.empty() ? "(root)" : scope.id, scope.title);
    for (std::size_t i = 0; i < scope.boxes.size(); ++i) {
        const Box& box = scope.boxes[i];
        text += fmt::format("  {} {}", name(box.kind), box.title.empty() ? "." : box.title);
        if (!box.subtitle.empty())
            text += fmt::format(" \"{}\"", box.subtitle);
        text += fmt::format(" {}{}", box.id, box.canOpen() ? " +" : "");
        if (!box.rows.empty())
            text += fmt::format(" [{}]", rowsOf(box));
        bool first = true;
        for (const Edge& edge : scope.edges) {
            if (edge.to != i)
                continue;
            const Box& from = scope.boxes[edge.from];
            text += fmt::format("{}{}: {}.{}", first ? " <- " : ", ", box.inputs[edge.toPort].name,
                                from.title.empty() ? "." : from.title, edge.name);
            first = false;
        }
        text += '\n';
    }
    return text;
}

std::string toText(const Box& box)
{
    std::string text = box.title;
    if (!box.subtitle.empty())
        text += " " + box.subtitle;
    text += '\n';
    if (!box.modulePath.empty())
        text += "in " + box.modulePath + "\n";
    if (!box.schema.empty())
        text += box.schema + "\n";
    else if (!box.nodeKind.empty())
        text += box.nodeKind + "\n";
    for (const Row& row : box.rows)
        text += fmt::format("  {} = {}\n", row.name, row.value);
    for (const Port& port : box.inputs)
        text += fmt::format("  in  {} : {}\n", port.name, port.type);
    if (box.far.size() > 1) {
        for (const Far& far : box.far)
            text += fmt::format("  {}{} : {}\n", far.name,
                                far.title.empty() ? "" : " of " + far.title, far.type);
        return text;
    }
    for (const Port& port : box.outputs)
        text += fmt::format("  out {} : {}\n", port.name, port.type);
    if (!box.source.empty())
        text += box.source + "\n";
    return text;
}

} // namespace jitscope::scene
