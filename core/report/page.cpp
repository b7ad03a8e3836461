#include "core/report/page_p.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace jitscope::report {

void Page::note(std::string_view text)
{
    line(fmt::format("<p class=\"note\">{}</p>", escapedMarkup(text)));
}

void Page::beginSection(std::string_view id, std::string_view title, std::string_view count)
{
    m_entries.push_back({std::string(id), std::string(title)});
    line(fmt::format("<section id=\"{0}\" aria-labelledby=\"{0}-title\">", id));
    line(fmt::format("<h2 id=\"{}-title\">{}{}</h2>", id, escapedMarkup(title),
                     count.empty() ? "" : fmt::format(" <small>{}</small>", escapedMarkup(count))));
}

std::string Page::contents() const
{
    std::string list;
    for (const Entry& entry : m_entries)
        list +=
            fmt::format("<li><a href=\"#{}\">{}</a></li>\n", entry.id, escapedMarkup(entry.title));
    return list;
}

Cell textCell(std::string_view text)
{
    return {escapedMarkup(text), {}};
}

Cell numberCell(double number, std::string_view shown)
{
    return {escapedMarkup(shown), std::isfinite(number) ? fmt::format("{}", number) : ""};
}

Cell barCell(double share, std::string_view shown)
{
    const double width = std::isfinite(share) ? std::clamp(share, 0.0, 1.0) * 100 : 0;
    return {fmt::format("<span class=\"bar\"><span style=\"width:{:.1f}%\"></span></span>{}", width,
                        escapedMarkup(shown)),
            fmt::format("{}", std::isfinite(share) ? share : 0)};
}

Table::Table(Page& page, std::string_view caption, std::vector<Column> columns, bool hasFilter)
    : m_page(page), m_columns(std::move(columns))
{
    m_page.line(fmt::format("<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                            "aria-label=\"{0}\">\n<table class=\"sortable{1}\">\n"
                            "<caption>{0}</caption>\n<thead><tr>",
                            escapedMarkup(caption), hasFilter ? " filterable" : ""));
    for (const Column& column : m_columns)
        m_page.raw(fmt::format("<th scope=\"col\"{}>{}</th>",
                               column.kind == ColumnKind::Number ? " class=\"number\"" : "",
                               escapedMarkup(column.title)));
    m_page.line("</tr></thead>\n<tbody>");
}

Table::~Table()
{
    m_page.line("</tbody>\n</table>\n</div>");
}

void Table::row(const std::vector<Cell>& cells)
{
    m_page.raw("<tr>");
    for (std::size_t i = 0; i < cells.size() && i < m_columns.size(); ++i) {
        const std::string_view kind = m_columns[i].kind == ColumnKind::Number ? " class=\"number\""
                                      : m_columns[i].kind == ColumnKind::Code ? " class=\"code\""
                                                                              : "";
        const std::string key = cells[i].sortKey.empty()
                                    ? std::string()
                                    : fmt::format(" data-key=\"{}\"", cells[i].sortKey);
        m_page.raw(fmt::format("<td{}{}>{}</td>", kind, key, cells[i].html));
    }
    m_page.line("</tr>");
}

} // namespace jitscope::report
