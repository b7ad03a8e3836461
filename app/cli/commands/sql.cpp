#include "app/cli/commands/work.h"

#include "core/document/reader.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace jitscope::cli {

namespace {

struct SqlOptions
{
    std::string file;
    std::string statement;
    bool json = false;
    bool csv = false;
};

// RFC 4180.
std::string csvField(const std::string& text)
{
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    std::string quoted = "\"";
    for (const char c : text) {
        quoted += c;
        if (c == '"')
            quoted += c;
    }
    return quoted + "\"";
}

std::string csv(const document::SqlTable& table)
{
    std::string text;
    const auto add = [&text](const std::vector<std::string>& fields) {
        for (std::size_t i = 0; i < fields.size(); ++i)
            text += (i == 0 ? "" : ",") + csvField(fields[i]);
        text += "\n";
    };
    add(table.columns);
    std::for_each(table.rows.begin(), table.rows.end(), add);
    return text;
}

std::string aligned(const document::SqlTable& table)
{
    std::vector<std::size_t> widths(table.columns.size());
    const auto widen = [&widths](const std::vector<std::string>& fields) {
        for (std::size_t i = 0; i < fields.size(); ++i)
            widths[i] = std::max(widths[i], fields[i].size());
    };
    widen(table.columns);
    std::for_each(table.rows.begin(), table.rows.end(), widen);
    std::string text;
    const auto add = [&](const std::vector<std::string>& fields) {
        for (std::size_t i = 0; i < fields.size(); ++i) {
            text +=
                i + 1 == fields.size() ? fields[i] : fmt::format("{:<{}}  ", fields[i], widths[i]);
        }
        text += "\n";
    };
    add(table.columns);
    std::for_each(table.rows.begin(), table.rows.end(), add);
    return text;
}

Result<int> runStatement(const SqlOptions& options, const CommandContext& context)
{
    const Result<document::Reader> reader = document::Reader::open(options.file);
    if (!reader)
        return tl::unexpected(reader.error());
    const Result<document::SqlTable> table = reader->query(options.statement);
    if (!table)
        return tl::unexpected(table.error());
    if (options.json)
        context.out.writeJson(nlohmann::json{{"columns", table->columns}, {"rows", table->rows}});
    else
        context.out.write(options.csv ? csv(*table) : aligned(*table));
    return exitDone;
}

} // namespace

void addSql(CLI::App& app, Plan& plan)
{
    CLI::App* command = app.add_subcommand("sql", "Ask a document with SQL; only reading");
    command->footer("docs/document-format.md describes the tables. The ten most expensive nodes:\n"
                    "  SELECT n.kind, n.module_path, n.file, n.line, sum(s.duration) AS total\n"
                    "  FROM node_slice s JOIN node_named n ON n.key = s.node\n"
                    "  WHERE s.iteration >= 0 GROUP BY s.node ORDER BY total DESC LIMIT 10");
    const auto options = std::make_shared<SqlOptions>();
    command->add_option("FILE", options->file, "A .jitscope document")->required();
    command->add_option("STATEMENT", options->statement, "One SQL statement")->required();
    addJson(*command, options->json);
    command->add_flag("--csv", options->csv, "Print comma-separated values")->excludes("--json");
    command->callback([options, &plan] {
        plan.work = [options](const CommandContext& context) {
            return runStatement(*options, context);
        };
    });
}

} // namespace jitscope::cli
