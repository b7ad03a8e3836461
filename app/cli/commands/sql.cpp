#include "app/cli/commands/work.h"

#include "core/document/reader.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

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

nlohmann::json toJson(const document::SqlValue& value)
{
    if (const auto* integer = std::get_if<std::int64_t>(&value))
        return *integer;
    if (const auto* text = std::get_if<std::string>(&value))
        return *text;
    if (const auto* blob = std::get_if<document::SqlBlob>(&value))
        return {{"blob_bytes", blob->bytes}};
    if (const auto* real = std::get_if<double>(&value)) {
        if (std::isinf(*real)) // JSON has no number for it
            return *real > 0 ? "Infinity" : "-Infinity";
        return *real;
    }
    return nullptr;
}

Result<int> printValues(const document::Reader& reader, const std::string& statement, Output& out)
{
    const Result<document::SqlValues> table = reader.queryValues(statement);
    if (!table)
        return tl::unexpected(table.error());
    nlohmann::json rows = nlohmann::json::array();
    for (const std::vector<document::SqlValue>& row : table->rows) {
        nlohmann::json values = nlohmann::json::array();
        for (const document::SqlValue& value : row)
            values.push_back(toJson(value));
        rows.push_back(std::move(values));
    }
    out.writeJson(nlohmann::json{{"columns", table->columns}, {"rows", std::move(rows)}});
    return exitDone;
}

Result<int> runStatement(const SqlOptions& options, const CommandContext& context)
{
    const Result<document::Reader> reader = document::Reader::open(options.file);
    if (!reader)
        return tl::unexpected(reader.error());
    if (options.json)
        return printValues(*reader, options.statement, context.out);
    const Result<document::SqlTable> table = reader->query(options.statement);
    if (!table)
        return tl::unexpected(table.error());
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
