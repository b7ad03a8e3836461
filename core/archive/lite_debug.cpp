#include "core/archive/lite_debug_p.h"

#include <algorithm>
#include <unordered_map>

namespace jitscope::archive {

namespace {

// LibTorch inlines no deeper than calls nest in the code.
constexpr std::size_t deepestCalls = 200;

using Items = std::span<const PickleId>;

// ((type, instance), place, the call inside or None, function)
std::vector<LiteCall> readCalls(const PickleDocument& pickle, PickleId id)
{
    std::vector<LiteCall> calls;
    while (pickle.is(id, PickleKind::Tuple) && calls.size() < deepestCalls) {
        const Items parts = pickle.items(id);
        if (parts.size() < 4)
            break;
        LiteCall call;
        const Items module = pickle.items(parts[0]);
        if (module.size() == 2) {
            call.type = pickle.text(module[0]);
            call.instance = pickle.text(module[1]);
        }
        call.place = pickle.integer(parts[1]);
        call.function = pickle.text(parts[3]);
        calls.push_back(std::move(call));
        id = parts[2];
    }
    return calls;
}

// The sources of a record: (texts, file, first line), where texts and file are indexes into a
// table in the current format and the texts themselves in the older one.
class Sources
{
public:
    explicit Sources(const PickleDocument& pickle) : m_pickle(pickle)
    {
        const Items top = pickle.items(pickle.root());
        m_hasTable = top.size() == 3 && pickle.text(top[0]) == "FORMAT_WITH_STRING_TABLE";
        if (m_hasTable)
            m_table = pickle.items(top[1]);
        m_lines = m_hasTable ? pickle.items(top[2]) : top;
    }

    [[nodiscard]] Items lines() const { return m_lines; }

    LitePlace place(PickleId range)
    {
        const Items parts = m_pickle.items(range);
        const Items source = parts.size() == 3 ? m_pickle.items(parts[0]) : Items();
        if (source.size() != 3)
            return {};
        LitePlace place;
        place.file = text(source[1]);
        place.line = static_cast<std::uint32_t>(
            std::clamp<std::int64_t>(m_pickle.integer(source[2]), 0, 1 << 30));
        const std::string& code = codeOf(source[0]);
        const auto begin = static_cast<std::size_t>(std::clamp<std::int64_t>(
            m_pickle.integer(parts[1]), 0, static_cast<std::int64_t>(code.size())));
        // A traced node's text is its Python call stack, whose first line names the place.
        if (code.starts_with(place.file + "("))
            return place;
        const auto from = code.begin() + static_cast<std::ptrdiff_t>(begin);
        place.line += static_cast<std::uint32_t>(std::count(code.begin(), from, '\n'));
        const std::size_t newline = begin == 0 ? std::string::npos : code.rfind('\n', begin - 1);
        place.column = static_cast<std::uint32_t>(
            begin - (newline == std::string::npos ? 0 : newline + 1) + 1);
        return place;
    }

private:
    [[nodiscard]] std::string text(PickleId id) const
    {
        if (!m_hasTable)
            return std::string(m_pickle.text(id));
        const std::int64_t index = m_pickle.integer(id);
        return m_pickle.is(id, PickleKind::Int) && index >= 0 &&
                       static_cast<std::size_t>(index) < m_table.size()
                   ? std::string(m_pickle.text(m_table[static_cast<std::size_t>(index)]))
                   : std::string();
    }

    const std::string& codeOf(PickleId id)
    {
        const auto [found, isNew] = m_code.try_emplace(id);
        if (!isNew)
            return found->second;
        if (!m_hasTable) {
            found->second = m_pickle.text(id);
            return found->second;
        }
        const Items list = m_pickle.arguments(id);
        for (const PickleId line : list.empty() ? m_pickle.items(id) : m_pickle.items(list[0])) {
            if (found->second.size() > longestCode || m_codeBytes > mostCode)
                break; // a table may be named any number of times
            found->second += text(line);
        }
        m_codeBytes += found->second.size();
        return found->second;
    }

    static constexpr std::size_t longestCode = 4u << 20;
    static constexpr std::size_t mostCode = 256u << 20;

    const PickleDocument& m_pickle;
    bool m_hasTable = false;
    Items m_table;
    Items m_lines;
    std::unordered_map<PickleId, std::string> m_code;
    std::size_t m_codeBytes = 0;
};

} // namespace

std::vector<std::pair<std::int64_t, LiteDebug>> readCallStacks(const PickleDocument& pickle)
{
    std::vector<std::pair<std::int64_t, LiteDebug>> stacks;
    for (const PickleId row : pickle.items(pickle.root())) {
        const Items fields = pickle.items(row);
        if (fields.size() < 4 || !pickle.is(fields[0], PickleKind::Int))
            continue;
        LiteDebug debug;
        debug.place = pickle.integer(fields[1]);
        debug.node = pickle.text(fields[2]);
        debug.calls = readCalls(pickle, fields[3]);
        stacks.emplace_back(pickle.integer(fields[0]), std::move(debug));
    }
    std::stable_sort(stacks.begin(), stacks.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    return stacks;
}

void readPlaces(const PickleDocument& pickle,
                std::vector<std::pair<std::int64_t, LitePlace>>& places)
{
    Sources sources(pickle);
    for (const PickleId row : sources.lines()) {
        const Items fields = pickle.items(row);
        if (fields.size() < 3 || !pickle.is(fields[2], PickleKind::Int) ||
            pickle.integer(fields[2]) <= 0)
            continue;
        LitePlace place = sources.place(fields[1]);
        if (!place.file.empty())
            places.emplace_back(pickle.integer(fields[2]), std::move(place));
    }
}

} // namespace jitscope::archive
