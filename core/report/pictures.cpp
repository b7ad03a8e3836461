#include "core/picture/document_drawer.h"
#include "core/picture/svg.h"
#include "core/report/number_text_p.h"
#include "core/report/sections_p.h"
#include "core/scene/operator_class.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

namespace jitscope::report {

namespace {

constexpr std::size_t mostCandidates = 400; // types that are drawn to see whether they are alike
constexpr std::size_t mostRootMethods = 8;
constexpr std::size_t mostPaths = 6; // named in a caption

struct Figure
{
    std::string title;              // "BasicBlock"
    std::vector<std::string> paths; // of the instances; the first is the one that is drawn
    std::string method = "forward";
    picture::Drawing drawing;
    std::size_t boxes = 0;
    bool isTooLarge = false;
    std::string problem; // why there is no drawing
};

// What a picture says apart from sizes: instances whose pictures differ in shapes only are alike.
std::string signatureOf(const picture::Drawing& drawing)
{
    std::string text;
    for (const picture::DrawnBox& box : drawing.boxes)
        text += fmt::format("{}|{}|{}|{}|{}\n", static_cast<int>(box.box->kind), box.box->title,
                            box.box->subtitle, box.parent, box.isOpen);
    for (const picture::DrawnEdge& edge : drawing.edges)
        text += fmt::format("{} {} {}\n", edge.from, edge.to, edge.isLink);
    return text;
}

class PictureWriter
{
public:
    PictureWriter(Page& page, const Content& content, picture::DocumentDrawer& drawer)
        : m_page(page),
          m_facts(*content.facts),
          m_limits(content.limits),
          m_job(content.job),
          m_file(content.source.file.filename().string()),
          m_drawer(drawer)
    {}

    Result<void> run()
    {
        if (const Result<void> found = findFigures(); !found)
            return found;
        if (m_figures.empty())
            return {};
        m_page.beginSection("pictures", "Graphs", plural(m_figures.size(), "picture", "pictures"));
        m_page.note("The model and each of its module classes once. A box with a + leads to the "
                    "picture of its module. Modules that are one operator, such as Conv2d, have "
                    "none of their own.");
        for (std::size_t i = 0; i < m_figures.size(); ++i)
            write(i);
        if (m_omitted > 0) {
            m_page.note(fmt::format("{} for want of room.",
                                    plural(m_omitted, "more module class is not drawn",
                                           "more module classes are not drawn")));
        }
        m_page.endSection();
        return {};
    }

private:
    Result<void> findFigures()
    {
        for (const document::MethodRow& method : m_facts.methods) {
            const ModuleFacts* module = m_facts.moduleWithId(method.module);
            if (module == nullptr || !module->row.path.empty() ||
                m_figures.size() == mostRootMethods)
                continue;
            if (const Result<void> drawn = addFigure(*module, method.name); !drawn)
                return drawn;
        }
        // The forward of the model first.
        std::stable_partition(m_figures.begin(), m_figures.end(),
                              [](const Figure& figure) { return figure.method == "forward"; });
        for (std::size_t i = 0; i < m_figures.size(); ++i)
            m_figureOfPath.try_emplace(std::string(), i);
        std::size_t candidates = 0;
        std::deque<std::size_t> pending{0};
        while (!pending.empty() && !m_facts.modules.empty()) {
            const ModuleFacts& module = m_facts.modules[pending.front()];
            pending.pop_front();
            const bool isLeaf =
                scene::classifyModule(module.row.class_name) != scene::OperatorClass::Call;
            if (isLeaf && !module.row.path.empty())
                continue; // with all in it
            pending.insert(pending.end(), module.children.begin(), module.children.end());
            if (module.row.path.empty())
                continue;
            if (const auto known = m_figureOfType.find(module.row.type_name);
                known != m_figureOfType.end()) {
                if (known->second < m_figures.size())
                    addPath(known->second, module.row.path);
                continue;
            }
            if (++candidates > mostCandidates)
                continue;
            if (const Result<void> drawn = addFigure(module, "forward"); !drawn)
                return drawn;
        }
        return {};
    }

    void addPath(std::size_t figure, const std::string& path)
    {
        m_figures[figure].paths.push_back(path);
        m_figureOfPath.emplace(path, figure);
    }

    Result<void> addFigure(const ModuleFacts& module, const std::string& method)
    {
        constexpr std::size_t none = static_cast<std::size_t>(-1);
        std::size_t& index = m_figureOfType.try_emplace(module.row.type_name, none).first->second;
        if (m_job.isCancelled())
            return cancelled();
        const Result<scene::ScopePtr> root = m_drawer.scopes().method(module.row.path, method);
        if (!root) // a container without a method of its own
            return {};
        Figure figure;
        figure.title = module.row.class_name;
        figure.method = method;
        if (const Result<void> drawn = draw(*root, figure); !drawn)
            return drawn;
        const std::string signature =
            module.row.class_name + "\n" + method + "\n" +
            (figure.isTooLarge ? module.row.type_name : signatureOf(figure.drawing));
        const bool isRoot = module.row.path.empty();
        const auto [known, isNew] = m_figureOfSignature.try_emplace(signature, m_figures.size());
        if (!isNew && !isRoot) {
            index = known->second;
            if (index < m_figures.size())
                addPath(index, module.row.path);
            return {};
        }
        if (m_figures.size() >= m_limits.pictures) {
            ++m_omitted;
            known->second = none;
            return {};
        }
        index = m_figures.size();
        m_figures.push_back(std::move(figure));
        if (isRoot)
            m_figures.back().paths.emplace_back();
        else
            addPath(index, module.row.path);
        return {};
    }

    // With the blocks of If and Loop open as long as that is not too much.
    Result<void> draw(const scene::ScopePtr& root, Figure& figure)
    {
        picture::OpeningRule rule;
        rule.mostBoxes = m_limits.boxes;
        for (const bool bodies : {true, false}) {
            rule.bodies = bodies;
            if (root->boxes.size() > m_limits.boxes) {
                figure.isTooLarge = true;
                figure.boxes = root->boxes.size();
                return {};
            }
            Result<picture::DocumentDrawer::Drawn> drawn = m_drawer.draw(root, rule, m_job.cancel);
            if (!drawn && drawn.error().code == ErrorCode::Cancelled)
                return tl::unexpected(drawn.error());
            if (!drawn) {
                figure.problem = drawn.error().message();
                return {};
            }
            figure.drawing = std::move(drawn->drawing);
            figure.boxes = figure.drawing.boxes.size();
            if (drawn->isComplete)
                break;
        }
        return {};
    }

    [[nodiscard]] std::string linkOf(const scene::Box& box, std::size_t from) const
    {
        if (box.kind != scene::BoxKind::Module)
            return {};
        const auto found = m_figureOfPath.find(box.modulePath);
        return found == m_figureOfPath.end() || found->second == from
                   ? std::string()
                   : fmt::format("#picture-{}", found->second);
    }

    void write(std::size_t index)
    {
        const Figure& figure = m_figures[index];
        const std::string method = figure.method == "forward" ? "" : "." + figure.method;
        m_page.line(fmt::format("<figure id=\"picture-{}\">\n<details open><summary>{}{}</summary>",
                                index, escapedMarkup(figure.title), escapedMarkup(method)));
        m_page.line("<figcaption>" + captionOf(figure) + "</figcaption>");
        if (figure.isTooLarge || !figure.problem.empty()) {
            m_page.note(figure.isTooLarge ? fmt::format("A graph of {} boxes is not drawn here.",
                                                        grouped(figure.boxes))
                                          : figure.problem);
            writeCommand(figure);
        } else {
            writeSvg(figure, index);
        }
        m_page.line("</details>\n</figure>");
    }

    void writeSvg(const Figure& figure, std::size_t index)
    {
        picture::SvgOptions options;
        options.palette.reset();
        options.link = [this, index](const scene::Box& box) { return linkOf(box, index); };
        std::string svg = picture::toSvg(figure.drawing, options);
        if (m_bytes + svg.size() > m_limits.pictureBytes) {
            options.hasTooltips = false;
            svg = picture::toSvg(figure.drawing, options);
        }
        if (m_bytes + svg.size() > m_limits.pictureBytes) {
            m_page.note("Not drawn here, for want of room.");
            writeCommand(figure);
            return;
        }
        m_bytes += svg.size();
        m_page.line(fmt::format("<div class=\"picture\" tabindex=\"0\" role=\"region\" "
                                "aria-label=\"Graph of {}\">",
                                escapedMarkup(figure.title)));
        m_page.raw(svg);
        m_page.line("</div>");
    }

    void writeCommand(const Figure& figure)
    {
        m_page.line(fmt::format(
            "<p class=\"note\"><code>jitscope-cli graph {}{} --method {} --format svg -o "
            "picture.svg</code></p>",
            escapedMarkup(m_file),
            figure.paths.front().empty() ? "" : " --module " + escapedMarkup(figure.paths.front()),
            escapedMarkup(figure.method)));
    }

    static std::string captionOf(const Figure& figure)
    {
        if (figure.paths.front().empty())
            return figure.method == "forward" ? "The model." : "Another method of the model.";
        std::string text = fmt::format("<code>{}</code>", escapedMarkup(figure.paths.front()));
        const std::size_t others = figure.paths.size() - 1;
        for (std::size_t i = 1; i < std::min(figure.paths.size(), mostPaths); ++i)
            text += fmt::format("{}<code>{}</code>", i == 1 ? ", and the same in " : ", ",
                                escapedMarkup(figure.paths[i]));
        if (others + 1 > mostPaths)
            text += fmt::format(" and {} more", others + 1 - mostPaths);
        text += ".";
        if (others > 0)
            text += " Sizes are those of the first.";
        return text;
    }

    Page& m_page;
    const ModelFacts& m_facts;
    const Limits& m_limits;
    const JobContext& m_job;
    std::string m_file;
    picture::DocumentDrawer& m_drawer;
    std::vector<Figure> m_figures;
    std::unordered_map<std::string, std::size_t> m_figureOfType;
    std::unordered_map<std::string, std::size_t> m_figureOfSignature;
    std::unordered_map<std::string, std::size_t> m_figureOfPath; // of a module instance
    std::size_t m_bytes = 0;
    std::size_t m_omitted = 0;
};

} // namespace

Result<void> writePictures(Page& page, const Content& content)
{
    const auto drawer = picture::DocumentDrawer::make(*content.source.document);
    if (!drawer)
        return tl::unexpected(drawer.error());
    return PictureWriter(page, content, **drawer).run();
}

} // namespace jitscope::report
