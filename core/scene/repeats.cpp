#include "core/scene/repeats_p.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>

namespace jitscope::scene {

namespace {

struct Run
{
    std::uint32_t first = 0;
    std::uint32_t count = 0;
};

// In order of execution, so that one box for a run makes no cycle.
std::vector<Run> findRuns(const Scope& scope, std::size_t least, Structure& structure)
{
    std::vector<Run> runs;
    const auto size = static_cast<std::uint32_t>(scope.boxes.size());
    for (std::uint32_t first = 0; first < size;) {
        std::uint32_t end = first + 1;
        // Most boxes are not like their neighbour; the cheap comparison comes first in areAlike.
        while (end < size && scope.boxes[first].kind == BoxKind::Module &&
               structure.areAlike(scope.boxes[first], scope.boxes[end]))
            ++end;
        if (end - first >= least)
            runs.push_back({first, end - first});
        first = end;
    }
    return runs;
}

std::string commonModule(const std::string& path)
{
    const std::size_t dot = path.rfind('.');
    return dot == std::string::npos ? std::string{} : path.substr(0, dot);
}

class Folding
{
public:
    Folding(const Scope& scope, const Run& run) : m_scope(scope), m_run(run)
    {
        const Box& first = scope.boxes[run.first];
        const Box& last = scope.boxes[run.first + run.count - 1];
        m_box.kind = BoxKind::Repeat;
        m_box.operatorClass = first.operatorClass;
        m_box.title = fmt::format("{} \u00d7 {}", first.title, run.count);
        m_box.subtitle = fmt::format("{} \u2026 {}", first.subtitle, last.subtitle);
        m_box.rows = first.rows;
        m_box.modulePath = commonModule(first.modulePath);
        m_box.id = fmt::format("{}*{}", first.id, run.count);
        m_box.nodes = 0;
        m_inside.id = m_box.id;
        m_inside.title = m_box.title;
        for (std::uint32_t i = 0; i < run.count; ++i) {
            const Box& member = scope.boxes[run.first + i];
            m_box.nodes += member.nodes;
            m_box.members.push_back({member.id, member.modulePath});
            m_box.refs.insert(m_box.refs.end(), member.refs.begin(), member.refs.end());
        }
    }

    [[nodiscard]] bool holds(std::uint32_t box) const
    {
        return box >= m_run.first && box < m_run.first + m_run.count;
    }

    // Goes through the edges that touch the run: what arrives from outside needs a port and an
    // input inside, what leaves a port and an output.
    void connect()
    {
        for (const Edge& edge : m_scope.edges) {
            if (holds(edge.to) && !holds(edge.from))
                inputPort(edge);
            else if (holds(edge.from) && !holds(edge.to))
                outputPort(edge);
        }
        const auto inputs = static_cast<std::uint32_t>(m_inputs.size());
        for (std::uint32_t i = 0; i < inputs; ++i)
            m_inside.boxes.push_back(pill(BoxKind::Input, i, m_box.inputs[i]));
        for (std::uint32_t i = 0; i < m_run.count; ++i)
            m_inside.boxes.push_back(m_scope.boxes[m_run.first + i]);
        for (std::uint32_t i = 0; i < m_box.outputs.size(); ++i)
            m_inside.boxes.push_back(pill(BoxKind::Output, i, m_box.outputs[i]));
        for (const Edge& edge : m_scope.edges) {
            if (!holds(edge.to))
                continue;
            Edge inner = edge;
            inner.to = inputs + edge.to - m_run.first;
            if (holds(edge.from)) {
                inner.from = inputs + edge.from - m_run.first;
            } else {
                inner.from = m_inputs.at({edge.from, edge.fromPort});
                inner.fromPort = 0;
            }
            m_inside.edges.push_back(std::move(inner));
        }
        for (const auto& [source, port] : m_outputs) {
            Edge inner;
            inner.from = inputs + source.first - m_run.first;
            inner.fromPort = source.second;
            inner.to = inputs + m_run.count + port;
            const Edge& sample = m_scope.edges[m_outputSamples[port]];
            inner.name = sample.name;
            inner.type = sample.type;
            inner.label = sample.label;
            m_inside.edges.push_back(std::move(inner));
        }
    }

    [[nodiscard]] std::uint32_t portIn(const Edge& edge) const
    {
        return m_inputs.at({edge.from, edge.fromPort});
    }
    [[nodiscard]] std::uint32_t portOut(const Edge& edge) const
    {
        return m_outputs.at({edge.from, edge.fromPort});
    }
    [[nodiscard]] Box take()
    {
        m_box.inside = std::make_shared<Inside>(
            Inside{m_box.id, m_box.title,
                   MembersInside{std::make_shared<const Scope>(std::move(m_inside))}});
        return std::move(m_box);
    }

private:
    using Source = std::pair<std::uint32_t, std::uint32_t>; // box and port of the scope

    void inputPort(const Edge& edge)
    {
        const auto next = static_cast<std::uint32_t>(m_box.inputs.size());
        if (!m_inputs.emplace(Source{edge.from, edge.fromPort}, next).second)
            return;
        m_box.inputs.push_back(
            {m_scope.boxes[edge.to].inputs[edge.toPort].name, edge.type, indexKey(next)});
        m_names.push_back(edge.name);
    }

    void outputPort(const Edge& edge)
    {
        const auto next = static_cast<std::uint32_t>(m_box.outputs.size());
        if (!m_outputs.emplace(Source{edge.from, edge.fromPort}, next).second)
            return;
        m_box.outputs.push_back({edge.name, edge.type, indexKey(next)});
        m_outputSamples.push_back(static_cast<std::size_t>(&edge - m_scope.edges.data()));
    }

    [[nodiscard]] Box pill(BoxKind kind, std::uint32_t index, const Port& port) const
    {
        const bool isInput = kind == BoxKind::Input;
        Box box;
        box.kind = kind;
        box.operatorClass = OperatorClass::Terminal;
        box.id = fmt::format("{}/{}{}", m_box.id, isInput ? "in" : "out", index);
        box.title = isInput ? m_names[index] : port.name;
        box.modulePath = m_box.modulePath;
        box.key = port.key;
        (isInput ? box.outputs : box.inputs).push_back({box.title, port.type, port.key});
        return box;
    }

    const Scope& m_scope;
    Run m_run;
    Box m_box;
    Scope m_inside;
    std::map<Source, std::uint32_t> m_inputs; // ports of the box by who gives the value
    std::vector<std::string> m_names;         // of the values of the inputs
    std::map<Source, std::uint32_t> m_outputs;
    std::vector<std::size_t> m_outputSamples; // an edge of each
};

} // namespace

void foldRepeats(Scope& scope, std::size_t least, Structure& structure)
{
    if (least < 2)
        return;
    const std::vector<Run> runs = findRuns(scope, least, structure);
    if (runs.empty())
        return;
    std::vector<Folding> foldings;
    foldings.reserve(runs.size());
    constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
    std::vector<std::uint32_t> foldingOf(scope.boxes.size(), none);
    for (const Run& run : runs) {
        std::fill_n(foldingOf.begin() + run.first, run.count,
                    static_cast<std::uint32_t>(foldings.size()));
        foldings.emplace_back(scope, run).connect();
    }
    // Where the boxes and the edges go that stay.
    std::vector<std::uint32_t> placeOf(scope.boxes.size(), 0);
    std::vector<Edge> edges;
    std::set<std::pair<std::uint32_t, std::uint32_t>> fed; // ports of Repeats that have their edge
    std::uint32_t next = 0;
    for (std::uint32_t i = 0; i < scope.boxes.size(); ++i) {
        const bool isFurther = i > 0 && foldingOf[i] != none && foldingOf[i] == foldingOf[i - 1];
        placeOf[i] = isFurther ? next - 1 : next++;
    }
    for (const Edge& edge : scope.edges) {
        const std::uint32_t from = foldingOf[edge.from];
        const std::uint32_t to = foldingOf[edge.to];
        if (from != none && from == to)
            continue;
        // More than one member may take the same value; the box takes it once.
        Edge kept = edge;
        if (from != none)
            kept.fromPort = foldings[from].portOut(edge);
        if (to != none)
            kept.toPort = foldings[to].portIn(edge);
        kept.from = placeOf[edge.from];
        kept.to = placeOf[edge.to];
        if (to == none || fed.emplace(kept.to, kept.toPort).second)
            edges.push_back(std::move(kept));
    }
    std::vector<Box> boxes;
    for (std::uint32_t i = 0; i < scope.boxes.size(); ++i) {
        if (foldingOf[i] == none)
            boxes.push_back(std::move(scope.boxes[i]));
        else if (i == 0 || foldingOf[i] != foldingOf[i - 1])
            boxes.push_back(foldings[foldingOf[i]].take());
    }
    scope.boxes = std::move(boxes);
    scope.edges = std::move(edges);
}

} // namespace jitscope::scene
