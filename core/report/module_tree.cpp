#include "core/report/number_text_p.h"
#include "core/report/sections_p.h"

#include <fmt/format.h>

namespace jitscope::report {

namespace {

constexpr int deepest = 100;          // lists in lists; browsers flatten what is deeper
constexpr std::size_t openBelow = 40; // a tree of so few modules is shown opened

class TreeWriter
{
public:
    TreeWriter(Page& page, const Content& content)
        : m_page(page), m_facts(*content.facts), m_limit(content.limits.modules)
    {}

    void run()
    {
        m_page.line("<div class=\"tree\">\n<ul>");
        write(0, 0);
        m_page.line("</ul>\n</div>");
        if (m_written < m_facts.modules.size())
            m_page.note(fmt::format("{} more modules are not listed.",
                                    grouped(m_facts.modules.size() - m_written)));
    }

private:
    void write(std::size_t index, int depth)
    {
        const ModuleFacts& module = m_facts.modules[index];
        if (m_written == m_limit || depth > deepest)
            return;
        ++m_written;
        if (module.children.empty()) {
            m_page.line("<li><div class=\"leaf\">" + lineOf(module) + "</div></li>");
            return;
        }
        const bool isOpen = depth == 0 || m_facts.modules.size() <= openBelow;
        m_page.line(fmt::format("<li><details{}><summary>{}</summary>\n<ul>", isOpen ? " open" : "",
                                lineOf(module)));
        for (const std::size_t child : module.children)
            write(child, depth + 1);
        m_page.line("</ul></details></li>");
    }

    static std::string lineOf(const ModuleFacts& module)
    {
        const std::string_view name =
            module.row.path.empty() ? "(model)" : lastPart(module.row.path, '.');
        std::string line =
            fmt::format("<span class=\"name\">{}</span> <span class=\"class\">{}</span>",
                        escapedMarkup(name), escapedMarkup(module.row.class_name));
        if (!module.place.empty())
            line +=
                fmt::format(" <span class=\"place code\">{}</span>", escapedMarkup(module.place));
        std::string amount;
        if (module.parameters != 0)
            amount = plural(module.parameters, "parameter", "parameters");
        if (module.bytes != 0)
            amount += (amount.empty() ? "" : ", ") + bytesText(module.bytes);
        if (!amount.empty())
            line += fmt::format(" <span class=\"facts-of\">{}</span>", amount);
        return line;
    }

    Page& m_page;
    const ModelFacts& m_facts;
    std::size_t m_limit;
    std::size_t m_written = 0;
};

} // namespace

void writeModuleTree(Page& page, const Content& content)
{
    if (content.facts->modules.empty())
        return;
    page.beginSection("modules", "Modules", grouped(content.facts->modules.size()));
    page.note("Parameters and bytes of a module include those of the modules in it. The place is "
              "where the first line of its code was written.");
    TreeWriter(page, content).run();
    page.endSection();
}

} // namespace jitscope::report
