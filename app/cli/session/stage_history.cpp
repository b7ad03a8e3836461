#include "app/cli/session/stage_history.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace jitscope::cli {

StageHistory::StageHistory(document::Reader reader, std::vector<document::StageRow> stages)
    : m_reader(std::move(reader)), m_stages(std::move(stages))
{}

Result<StageHistory> StageHistory::read(const std::filesystem::path& document)
{
    Result<document::Reader> reader = document::Reader::open(document);
    if (!reader)
        return tl::unexpected(reader.error());
    Result<std::vector<document::StageRow>> stages = reader->rows<document::StageRow>();
    if (!stages)
        return tl::unexpected(stages.error());
    return StageHistory(*std::move(reader), *std::move(stages));
}

Result<document::StageRow> StageHistory::stage(std::int64_t id) const
{
    const auto found = std::find_if(m_stages.begin(), m_stages.end(),
                                    [id](const document::StageRow& row) { return row.id == id; });
    if (found != m_stages.end())
        return *found;
    return fail(ErrorCode::InvalidArgument, fmt::format("There is no stage {}.", id),
                m_reader.path().string(), "The table `stage` lists the stages.");
}

Result<std::vector<document::StageRow>> StageHistory::chain(std::int64_t id) const
{
    std::vector<document::StageRow> chain;
    // A document may be foreign: the parents might form a circle.
    while (chain.size() <= m_stages.size()) {
        Result<document::StageRow> row = stage(id);
        if (!row)
            return tl::unexpected(row.error());
        if (row->kind != "inlined" && row->kind != "pass") {
            return fail(ErrorCode::InvalidArgument,
                        fmt::format("Stage {} is of kind {}; passes and runs start from a stage of "
                                    "kind inlined or pass.",
                                    id, row->kind),
                        m_reader.path().string(), "Choose such a stage, or inline a method first.");
        }
        id = row->parent;
        const bool isFirst = row->kind == "inlined";
        chain.push_back(*std::move(row));
        if (isFirst) {
            std::reverse(chain.begin(), chain.end());
            return chain;
        }
    }
    return fail(ErrorCode::UnusableFile, "The stages of the document do not form a tree.",
                m_reader.path().string(), "Open the model again to make a new document.");
}

std::int64_t StageHistory::inlinedStage(const std::string& module, const std::string& method) const
{
    const auto found =
        std::find_if(m_stages.begin(), m_stages.end(), [&](const document::StageRow& row) {
            return row.kind == "inlined" && row.module == module && row.method == method;
        });
    return found == m_stages.end() ? 0 : found->id;
}

Result<std::string> StageHistory::graphHash(std::int64_t graph) const
{
    Result<document::SqlTable> table =
        m_reader.query(fmt::format("SELECT hash FROM graph WHERE id = {}", graph));
    if (!table)
        return tl::unexpected(table.error());
    return table->rows.empty() ? std::string() : table->rows[0][0];
}

Result<std::int64_t> StageHistory::firstKey(std::int64_t stage) const
{
    return number(fmt::format("SELECT coalesce(min(key), 0) FROM node WHERE stage = {}", stage));
}

Result<std::int64_t> StageHistory::nextKey() const
{
    return number("SELECT coalesce(max(key), 0) + 1 FROM node");
}

Result<std::int64_t> StageHistory::number(const std::string& sql) const
{
    const Result<document::SqlTable> table = m_reader.query(sql);
    if (!table)
        return tl::unexpected(table.error());
    const std::string text = table->rows.empty() ? "0" : table->rows[0][0];
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

} // namespace jitscope::cli
