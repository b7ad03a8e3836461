#include "core/picture/svg.h"

#include "core/picture/edge_labels.h"
#include "core/picture/font_widths.h"
#include "core/picture/measures.h"
#include "core/picture/svg_rules_p.h"
#include "core/scene/scene_text.h"
#include "core/support/markup.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

namespace jitscope::picture {

namespace {

constexpr double margin = 24; // around the picture
constexpr double markReach = measure::markSize + 1;
// From the middle of a line of text to its baseline, in em: (ascent - descent) / 2 of DejaVu Sans.
constexpr double baselineShift = 0.346;
constexpr std::size_t longestTooltip = 1200;
constexpr std::string_view fontFamilies = "'DejaVu Sans',Verdana,'Segoe UI',sans-serif";

enum class Anchor
{
    Start,
    Middle,
    End
};

struct Letters
{
    std::string_view styleClass;
    FontWeight weight = FontWeight::Regular;
    int pixels = measure::textPixels;
};
constexpr Letters headerTitle{"t", FontWeight::Bold, measure::titlePixels};
constexpr Letters headerSubtitle{"s"};
constexpr Letters pillTitle{"y", FontWeight::Bold, measure::titlePixels};
constexpr Letters dimText{"n"};
constexpr Letters plainText{"v"};
constexpr Letters edgeLabel{"k"};

// With at most one decimal: a tenth of a pixel cannot be seen.
std::string number(double value)
{
    std::string text = fmt::format("{:.1f}", value);
    if (text.ends_with(".0"))
        text.resize(text.size() - 2);
    return text == "-0" ? "0" : text;
}

Rect boundsOf(const Drawing& drawing, const std::vector<EdgeLabel>& labels)
{
    double left = 0;
    double top = 0;
    double right = 0;
    double bottom = 0;
    bool isFirst = true;
    const auto include = [&](double x, double y) {
        left = isFirst ? x : std::min(left, x);
        top = isFirst ? y : std::min(top, y);
        right = isFirst ? x : std::max(right, x);
        bottom = isFirst ? y : std::max(bottom, y);
        isFirst = false;
    };
    const auto includeRect = [&include](const Rect& rect) {
        include(rect.x, rect.y);
        include(rect.right(), rect.bottom());
    };
    for (const DrawnBox& box : drawing.boxes)
        includeRect(box.rect);
    for (const EdgeLabel& label : labels)
        includeRect(label.rect);
    for (const layout::Point& point : drawing.points)
        include(point.x, point.y);
    return {left, top, right - left, bottom - top};
}

// The beginning of a text that ends with a whole code point.
std::string_view beginning(std::string_view text, std::size_t longest)
{
    if (text.size() <= longest)
        return text;
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
        --end;
    return text.substr(0, end);
}

class SvgWriter
{
public:
    SvgWriter(const Drawing& drawing, const SvgOptions& options)
        : m_drawing(drawing),
          m_options(options),
          m_labels(placeEdgeLabels(drawing, EdgeLabels::Shapes, TableMeasure())),
          m_bounds(boundsOf(drawing, m_labels))
    {}

    std::string write()
    {
        const double width = m_bounds.width + 2 * margin;
        const double height = m_bounds.height + 2 * margin;
        add(R"(<rect class="{}" width="{}" height="{}"/>)", styled("bg"), number(width),
            number(height));
        for (const DrawnBox& box : m_drawing.boxes) {
            if (box.isOpen)
                writeOpenBox(box);
        }
        writeEdges();
        for (const DrawnBox& box : m_drawing.boxes) {
            if (!box.isOpen)
                writeClosedBox(box);
        }
        return head(width, height) + m_text + "</svg>\n";
    }

private:
    template <typename... Arguments>
    void add(fmt::format_string<Arguments...> format, Arguments&&... arguments)
    {
        fmt::format_to(std::back_inserter(m_text), format, std::forward<Arguments>(arguments)...);
        m_text += '\n';
    }

    [[nodiscard]] std::string head(double width, double height) const
    {
        std::string text;
        if (m_options.palette)
            text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
        const std::string name =
            escapedMarkup(m_drawing.title.empty() ? "Graph" : "Graph of " + m_drawing.title);
        text += fmt::format(
            R"(<svg xmlns="http://www.w3.org/2000/svg" class="graph" width="{0}" height="{1}" )"
            R"(viewBox="0 0 {0} {1}" role="{2}" aria-label="{3}" )"
            R"(font-family="{4}" font-size="{5}">)"
            "\n<title>{3}</title>\n",
            number(width), number(height), m_options.link ? "group" : "img", name, fontFamilies,
            measure::textPixels);
        if (m_options.palette) {
            text += "<style>\n";
            for (const SvgRule& rule : svgRulesOf(*m_options.palette)) {
                if (m_used.contains(rule.name))
                    text += fmt::format(".{}{{{}}}\n", rule.name, rule.declarations);
            }
            text += "</style>\n";
        }
        return text;
    }

    // Names a class, and remembers that its rule is needed.
    std::string_view styled(std::string_view name) { return *m_used.emplace(name).first; }
    std::string_view styled(char kind, const scene::Box& box)
    {
        return styled(fmt::format("{}{}", kind, static_cast<int>(box.operatorClass)));
    }

    [[nodiscard]] double x(double value) const { return value - m_bounds.x + margin; }
    [[nodiscard]] double y(double value) const { return value - m_bounds.y + margin; }
    [[nodiscard]] Rect onPage(const Rect& rect) const
    {
        return {x(rect.x), y(rect.y), rect.width, rect.height};
    }

    // Returns the width that the text takes.
    double writeText(const Letters& letters, double left, double right, double middle,
                     std::string_view text, Anchor anchor)
    {
        if (right <= left || text.empty())
            return 0;
        const std::string shown =
            elided(text, letters.weight, (right - left + 0.5) / letters.pixels);
        const double at = anchor == Anchor::Start    ? left
                          : anchor == Anchor::Middle ? (left + right) / 2
                                                     : right;
        const std::string_view anchored = anchor == Anchor::Start    ? ""
                                          : anchor == Anchor::Middle ? R"( text-anchor="middle")"
                                                                     : R"( text-anchor="end")";
        add(R"(<text class="{}" x="{}" y="{}"{}>{}</text>)", styled(letters.styleClass), number(at),
            number(middle + baselineShift * letters.pixels), anchored, escapedMarkup(shown));
        return fontWidth(shown, letters.weight) * letters.pixels;
    }

    void beginBox(const scene::Box& box, const std::string& link)
    {
        if (!link.empty())
            add(R"(<a href="{}">)", escapedMarkup(link));
        m_text += "<g>";
        if (m_options.hasTooltips && !isJunction(box)) {
            std::string text = scene::toText(box);
            while (text.ends_with('\n'))
                text.pop_back();
            add("<title>{}</title>", escapedMarkup(beginning(text, longestTooltip)));
        }
    }

    void endBox(const std::string& link) { add("</g>{}", link.empty() ? "" : "</a>"); }

    void writeHeaderShape(const Rect& rect, std::string_view styleClass)
    {
        const double r = measure::corner;
        add(R"(<path class="{}" d="M{} {}V{}Q{} {} {} {}H{}Q{} {} {} {}V{}Z"/>)", styleClass,
            number(rect.x), number(rect.y + measure::headerHeight), number(rect.y + r),
            number(rect.x), number(rect.y), number(rect.x + r), number(rect.y),
            number(rect.right() - r), number(rect.right()), number(rect.y), number(rect.right()),
            number(rect.y + r), number(rect.y + measure::headerHeight));
    }

    void writeRect(const Rect& rect, double corner, std::string_view styleClass)
    {
        add(R"(<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="{}"/>)", styleClass,
            number(rect.x), number(rect.y), number(rect.width), number(rect.height),
            number(corner));
    }

    // Half a pixel in, so that a border of one pixel is sharp.
    void writeBordered(const Rect& rect, double corner, std::string_view styleClass)
    {
        writeRect({rect.x + 0.5, rect.y + 0.5, rect.width - 1, rect.height - 1}, corner,
                  styleClass);
    }

    void writeHeaderText(const Rect& rect, const scene::Box& box, bool hasMark)
    {
        const double middle = rect.y + measure::headerHeight / 2;
        const double left = rect.x + measure::sidePadding;
        double right = rect.right() - measure::sidePadding;
        if (hasMark) {
            const double markLeft = right - measure::markSize + 3;
            writeRect(
                {markLeft, middle - measure::markSize / 2, measure::markSize, measure::markSize}, 4,
                styled("m"));
            const double center = markLeft + measure::markSize / 2;
            add(R"(<path class="{}" d="M{} {}h8m-4 -4v8"/>)", styled("x"), number(center - 4),
                number(middle));
            right -= markReach;
        }
        if (box.subtitle.empty()) {
            writeText(headerTitle, left, right, middle, box.title,
                      box.canOpen() ? Anchor::Start : Anchor::Middle);
            return;
        }
        const double titleWidth =
            writeText(headerTitle, left, right, middle, box.title, Anchor::Start);
        writeSubtitle(headerSubtitle, left + titleWidth + measure::textGap, right, middle,
                      box.subtitle);
    }

    void writeSubtitle(const Letters& letters, double left, double right, double middle,
                       std::string_view text)
    {
        // The beginning of a text says nothing in less; a text that is shorter is whole.
        const double leastWidth =
            std::min(12.0, fontWidth(text, letters.weight) * letters.pixels - 0.5);
        if (right - left >= leastWidth)
            writeText(letters, left, right, middle + 0.5, text, Anchor::Start);
    }

    void writeOpenBox(const DrawnBox& drawn)
    {
        const scene::Box& box = *drawn.box;
        const Rect rect = onPage(drawn.rect);
        beginBox(box, {});
        writeBordered(rect, measure::corner, styled(drawn.depth % 2 == 0 ? 'o' : 'p', box));
        writeHeaderShape(rect, styled(box.isAlwaysOpen() ? 'r' : 'h', box));
        writeHeaderText(rect, box, false);
        endBox({});
    }

    void writeClosedBox(const DrawnBox& drawn)
    {
        const scene::Box& box = *drawn.box;
        const Rect rect = onPage(drawn.rect);
        const std::string link =
            m_options.link && box.canOpen() ? m_options.link(box) : std::string();
        // Where boxes lead somewhere, the mark says which do.
        const bool hasMark = m_options.link ? !link.empty() : box.canOpen();
        beginBox(box, link);
        if (isJunction(box)) {
            add(R"(<circle class="{}" cx="{}" cy="{}" r="{}"/>)", styled("j"),
                number(rect.centerX()), number(rect.centerY()), number(rect.width / 2));
        } else if (isPill(box)) {
            writePill(rect, box);
        } else if (box.rows.empty()) {
            writeRect(rect, measure::corner, styled('c', box));
            writeHeaderText(rect, box, hasMark);
        } else {
            writeBordered(rect, measure::corner, styled("b"));
            writeHeaderShape(rect, styled('c', box));
            writeHeaderText(rect, box, hasMark);
            writeRows(rect, box);
        }
        endBox(link);
    }

    void writePill(const Rect& rect, const scene::Box& box)
    {
        writeBordered(rect, (rect.height - 1) / 2,
                      styled(box.kind == scene::BoxKind::Reference ? "f" : "i"));
        const double left = rect.x + measure::sidePadding;
        const double right = rect.right() - measure::sidePadding;
        if (box.subtitle.empty()) {
            writeText(pillTitle, left, right, rect.centerY(), box.title, Anchor::Middle);
            return;
        }
        const double titleWidth =
            writeText(pillTitle, left, right, rect.centerY(), box.title, Anchor::Start);
        writeSubtitle(dimText, left + titleWidth + measure::textGap, right, rect.centerY(),
                      box.subtitle);
    }

    void writeRows(const Rect& rect, const scene::Box& box)
    {
        const double left = rect.x + measure::sidePadding;
        const double right = rect.right() - measure::sidePadding;
        double middle =
            rect.y + measure::headerHeight + measure::rowsPadding + measure::rowHeight / 2;
        for (const scene::Row& row : box.rows) {
            const double nameWidth =
                writeText(dimText, left, right, middle, row.name, Anchor::Start);
            writeText(plainText, left + nameWidth + (nameWidth > 0 ? measure::textGap : 0), right,
                      middle, row.value, Anchor::End);
            middle += measure::rowHeight;
        }
    }

    [[nodiscard]] std::string pathOf(const DrawnEdge& edge) const
    {
        const auto route = m_drawing.route(edge);
        std::string path = fmt::format("M{} {}", number(x(route[0].x)), number(y(route[0].y)));
        const auto point = [this](double px, double py) {
            return number(x(px)) + " " + number(y(py));
        };
        if (edge.style == layout::RouteStyle::Bezier) {
            for (std::size_t i = 1; i + 2 < route.size(); i += 3) {
                path += fmt::format("C{} {} {}", point(route[i].x, route[i].y),
                                    point(route[i + 1].x, route[i + 1].y),
                                    point(route[i + 2].x, route[i + 2].y));
            }
            return path;
        }
        for (std::size_t i = 1; i < route.size(); ++i) {
            const layout::Point& a = route[i - 1];
            const layout::Point& b = route[i];
            const double middle = (a.y + b.y) / 2;
            if (std::abs(a.x - b.x) < 0.5)
                path += "L" + point(b.x, b.y);
            else
                path += fmt::format("C{} {} {}", point(a.x, middle), point(b.x, middle),
                                    point(b.x, b.y));
        }
        return path;
    }

    void writeEdges()
    {
        std::string arrows;
        for (const DrawnEdge& edge : m_drawing.edges) {
            if (edge.pointCount == 0)
                continue;
            const std::string_view styleClass = styled(edge.isLink ? "l" : "e");
            if (m_options.hasTooltips && edge.edge != nullptr) {
                add(R"(<path class="{}" d="{}"><title>{}</title></path>)", styleClass, pathOf(edge),
                    escapedMarkup(
                        beginning(fmt::format("%{} : {}", edge.edge->name, edge.edge->type),
                                  longestTooltip)));
            } else {
                add(R"(<path class="{}" d="{}"/>)", styleClass, pathOf(edge));
            }
            if (edge.isLink || isJunction(*m_drawing.boxes[edge.to].box))
                continue;
            const layout::Point tip = m_drawing.route(edge).back();
            arrows += fmt::format("M{} {}l{} {}h{}z", number(x(tip.x)), number(y(tip.y)),
                                  number(-measure::arrowHalfWidth), number(-measure::arrowLength),
                                  number(2 * measure::arrowHalfWidth));
        }
        if (!arrows.empty())
            add(R"(<path class="{}" d="{}"/>)", styled("w"), arrows);
        writeEdgeLabels();
    }

    void writeEdgeLabels()
    {
        for (const EdgeLabel& label : m_labels) {
            const Rect rect = onPage(label.rect);
            writeRect(rect, 0, styled("g"));
            writeText(edgeLabel, rect.x, rect.right(), rect.centerY(), label.text, Anchor::Start);
        }
    }

    const Drawing& m_drawing;
    const SvgOptions& m_options;
    std::vector<EdgeLabel> m_labels;
    Rect m_bounds;
    std::string m_text;
    std::set<std::string, std::less<>> m_used; // classes
};

} // namespace

std::string toSvg(const Drawing& drawing, const SvgOptions& options)
{
    return SvgWriter(drawing, options).write();
}

} // namespace jitscope::picture
