// The text of the page under way, and the pieces it is made of. Every text that comes from a model
// goes through text() or cells, which escape it. Private to core/report.
#pragma once

#include "core/support/markup.h"

#include <string>
#include <string_view>
#include <vector>

namespace jitscope::report {

class Page
{
public:
    // Markup as it is.
    void raw(std::string_view markup) { m_html += markup; }
    // A line of markup.
    void line(std::string_view markup)
    {
        m_html += markup;
        m_html += '\n';
    }
    void text(std::string_view text) { m_html += escapedMarkup(text); }
    // <p class="note">; for what is left out or to be known.
    void note(std::string_view text);

    // A section with a heading and an entry in the table of contents. `count` stands behind the
    // heading; empty for none.
    void beginSection(std::string_view id, std::string_view title, std::string_view count = {});
    void endSection() { line("</section>"); }

    [[nodiscard]] const std::string& html() const { return m_html; }
    // The entries of the table of contents.
    [[nodiscard]] std::string contents() const;

private:
    struct Entry
    {
        std::string id;
        std::string title;
    };
    std::string m_html;
    std::vector<Entry> m_entries;
};

enum class ColumnKind
{
    Text,
    Code,  // names and places
    Number // right-aligned; sorted by its key
};

struct Column
{
    std::string_view title;
    ColumnKind kind = ColumnKind::Text;
};

struct Cell
{
    std::string html;    // escaped
    std::string sortKey; // a number as text; empty to sort by what is shown
};

// A cell that shows a text.
[[nodiscard]] Cell textCell(std::string_view text);
// A cell that shows `shown` and is sorted by the number.
[[nodiscard]] Cell numberCell(double number, std::string_view shown);
// A number with a bar behind it, `share` of the width, 0 to 1.
[[nodiscard]] Cell barCell(double share, std::string_view shown);

class Table
{
public:
    // `caption` is for screen readers. Sorting and filtering come from the page's script; without
    // it the table stands as it was written.
    Table(Page& page, std::string_view caption, std::vector<Column> columns,
          bool hasFilter = false);
    ~Table();
    Table(const Table&) = delete;
    Table& operator=(const Table&) = delete;

    void row(const std::vector<Cell>& cells);

private:
    Page& m_page;
    std::vector<Column> m_columns;
};

} // namespace jitscope::report
