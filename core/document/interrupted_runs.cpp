#include "core/document/interrupted_runs_p.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <vector>

#include <unistd.h>

namespace jitscope::document {

namespace {

std::string textOf(const std::string& path)
{
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

// Ticks since the boot at which the process began: process ids come back, this does not with them.
// Empty if there is no such process.
std::string startOf(const std::string& process)
{
    constexpr int startField = 20; // after the state, which follows the name in brackets: proc(5)
    const std::string stat = textOf("/proc/" + process + "/stat");
    const std::size_t name = stat.rfind(')');
    if (name == std::string::npos)
        return {};
    std::istringstream fields(stat.substr(name + 1));
    const std::vector<std::string> words{std::istream_iterator<std::string>(fields), {}};
    const bool isGone = words.empty() || words.front() == "Z" || words.front() == "X";
    return isGone || words.size() < startField ? std::string() : words[startField - 1];
}

// The machine in this boot, as far as process ids mean the same in it.
std::string machine()
{
    std::error_code ignored;
    std::string boot = textOf("/proc/sys/kernel/random/boot_id");
    while (!boot.empty() && boot.back() == '\n')
        boot.pop_back();
    return boot + '/' + std::filesystem::read_symlink("/proc/self/ns/pid", ignored).string();
}

constexpr const char* verdict =
    "The engine ended while it recorded this run; what was stored until then is here.";

} // namespace

std::string thisProcess()
{
    const std::string process = std::to_string(getpid());
    return fmt::format("{} {} {}", machine(), process, startOf(process));
}

bool isAlive(std::string_view process)
{
    std::istringstream words{std::string(process)};
    std::string where;
    std::string id;
    std::string start;
    words >> where >> id >> start;
    const bool isNumber =
        !id.empty() && id.find_first_not_of("0123456789") == std::string::npos; // of a foreign file
    return isNumber && !start.empty() && where == machine() && startOf(id) == start;
}

bool hasWriter(SQLite::Database& database)
{
    SQLite::Statement query(database, "SELECT value FROM info WHERE name = ?");
    query.bind(1, writerFact);
    return query.executeStep() && isAlive(query.getColumn(0).getString());
}

void becomeInterrupted(RunRow& run, std::int64_t recorded)
{
    run.state = "interrupted";
    run.recorded = recorded;
    run.verdict = verdict;
}

std::int64_t recordedSlices(SQLite::Database& database, std::int64_t run)
{
    SQLite::Statement query(database, "SELECT coalesce(sum(n), 0) FROM node_chunk WHERE run = ?");
    query.bind(1, run);
    return query.executeStep() ? query.getColumn(0).getInt64() : 0;
}

void settleInterruptedRuns(SQLite::Database& database)
{
    SQLite::Statement update(
        database, "UPDATE run SET state = 'interrupted', verdict = ?, recorded = "
                  "(SELECT coalesce(sum(n), 0) FROM node_chunk WHERE node_chunk.run = run.id) "
                  "WHERE state = 'recording'");
    update.bind(1, verdict);
    update.exec();
}

} // namespace jitscope::document
