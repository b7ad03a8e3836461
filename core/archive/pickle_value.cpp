#include "core/archive/pickle_value_p.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <optional>
#include <unordered_map>
#include <utility>

namespace jitscope::archive {

namespace {

// What a value costs in memory is known; more than this many come from no model.
constexpr std::size_t mostValues = 4u << 20;

} // namespace

std::int64_t PickleDocument::integer(PickleId id) const
{
    const Value& value = m_values[id];
    return value.kind == PickleKind::Int || value.kind == PickleKind::Bool ? value.payload : 0;
}

double PickleDocument::real(PickleId id) const
{
    const Value& value = m_values[id];
    return value.kind == PickleKind::Float ? std::bit_cast<double>(value.payload) : 0.0;
}

std::string_view PickleDocument::text(PickleId id) const
{
    const Value& value = m_values[id];
    return value.kind == PickleKind::Text || value.kind == PickleKind::Global
               ? m_texts[static_cast<std::size_t>(value.payload)]
               : std::string_view();
}

std::span<const PickleId> PickleDocument::items(PickleId id) const
{
    const Value& value = m_values[id];
    switch (value.kind) {
    case PickleKind::Tuple:
    case PickleKind::List:
    case PickleKind::Dict:
    case PickleKind::Set:
    case PickleKind::Object:
    case PickleKind::Persistent:
        return m_items[static_cast<std::size_t>(value.payload)];
    default:
        return {};
    }
}

std::string_view PickleDocument::callee(PickleId id) const
{
    return is(id, PickleKind::Object) && is(items(id)[0], PickleKind::Global) ? text(items(id)[0])
                                                                              : std::string_view();
}

std::span<const PickleId> PickleDocument::arguments(PickleId id) const
{
    return is(id, PickleKind::Object) ? items(items(id)[1]) : std::span<const PickleId>();
}

std::size_t PickleDocument::depth() const
{
    // Each value once, children before parents; without recursion, since the depth is what is
    // asked.
    std::vector<std::uint32_t> depths(m_values.size(), 0);
    std::vector<bool> isOpen(m_values.size(), false);
    std::vector<std::pair<PickleId, std::size_t>> stack{{m_root, 0}};
    isOpen[m_root] = true;
    while (!stack.empty()) {
        auto& [id, next] = stack.back();
        const std::span<const PickleId> children = items(id);
        if (next == children.size()) {
            std::uint32_t deepest = 0;
            for (const PickleId child : children)
                deepest = std::max(deepest, depths[child]);
            depths[id] = deepest + 1;
            isOpen[id] = false;
            stack.pop_back();
            continue;
        }
        const PickleId child = children[next++];
        if (isOpen[child])
            return 0;
        if (depths[child] == 0) {
            isOpen[child] = true;
            stack.emplace_back(child, 0);
        }
    }
    return depths[m_root];
}

class PickleReader
{
public:
    explicit PickleReader(std::string bytes)
    {
        m_document.m_bytes = std::make_unique<const std::string>(std::move(bytes));
        m_rest = *m_document.m_bytes;
    }

    Result<PickleDocument> read()
    {
        while (m_error.empty()) {
            if (m_rest.empty()) {
                m_error = "it ends too early";
                break;
            }
            const auto opcode = static_cast<unsigned char>(m_rest.front());
            m_rest.remove_prefix(1);
            if (opcode == '.') {
                m_document.m_root = pop();
                m_document.m_end = position();
                break;
            }
            step(opcode);
            if (m_document.m_values.size() > mostValues)
                m_error = "it holds too many values";
        }
        if (!m_error.empty()) {
            return fail(
                ErrorCode::UnusableFile,
                fmt::format("The record is no sound pickle: {}, at byte {}.", m_error, position()));
        }
        return std::move(m_document);
    }

private:
    using Kind = PickleKind;

    [[nodiscard]] std::size_t position() const
    {
        return m_document.m_bytes->size() - m_rest.size();
    }

    void wrong(std::string_view what)
    {
        if (m_error.empty())
            m_error = what;
    }

    // Values.

    PickleId add(Kind kind, std::int64_t payload)
    {
        m_document.m_values.push_back({kind, payload});
        return static_cast<PickleId>(m_document.m_values.size() - 1);
    }
    void push(Kind kind, std::int64_t payload = 0) { m_stack.push_back(add(kind, payload)); }
    void pushText(std::string_view text)
    {
        m_document.m_texts.push_back(text);
        push(Kind::Text, static_cast<std::int64_t>(m_document.m_texts.size() - 1));
    }
    void pushGlobal(std::string_view module, std::string_view name)
    {
        m_document.m_owned.push_back(fmt::format("{}.{}", module, name));
        m_document.m_texts.push_back(m_document.m_owned.back());
        push(Kind::Global, static_cast<std::int64_t>(m_document.m_texts.size() - 1));
    }
    PickleId addItems(Kind kind, std::vector<PickleId> items)
    {
        m_document.m_items.push_back(std::move(items));
        return add(kind, static_cast<std::int64_t>(m_document.m_items.size() - 1));
    }
    void pushItems(Kind kind, std::vector<PickleId> items)
    {
        m_stack.push_back(addItems(kind, std::move(items)));
    }
    void pushObject(PickleId callee, PickleId arguments)
    {
        if (!m_document.is(arguments, Kind::Tuple))
            return wrong("arguments are no tuple");
        const PickleId nothing = add(Kind::None, 0);
        pushItems(Kind::Object, {callee, arguments, nothing});
    }
    std::vector<PickleId>* itemsOf(PickleId id)
    {
        return m_document.items(id).empty() && !holdsItems(m_document.kind(id))
                   ? nullptr
                   : &m_document.m_items[static_cast<std::size_t>(m_document.m_values[id].payload)];
    }
    static bool holdsItems(Kind kind)
    {
        return kind == Kind::List || kind == Kind::Dict || kind == Kind::Set ||
               kind == Kind::Object;
    }

    // The stack.

    PickleId pop()
    {
        if (m_stack.size() <= floor()) {
            wrong("something is missing on the stack");
            return add(Kind::None, 0);
        }
        const PickleId id = m_stack.back();
        m_stack.pop_back();
        return id;
    }
    PickleId top()
    {
        const PickleId id = pop();
        m_stack.push_back(id);
        return id;
    }
    [[nodiscard]] std::size_t floor() const { return m_marks.empty() ? 0 : m_marks.back(); }
    std::vector<PickleId> popToMark()
    {
        if (m_marks.empty()) {
            wrong("a mark is missing");
            return {};
        }
        const auto begin = m_stack.begin() + static_cast<std::ptrdiff_t>(m_marks.back());
        std::vector<PickleId> items(begin, m_stack.end());
        m_stack.erase(begin, m_stack.end());
        m_marks.pop_back();
        return items;
    }
    std::vector<PickleId> popMany(std::size_t count)
    {
        std::vector<PickleId> items(count);
        for (std::size_t i = count; i-- > 0;)
            items[i] = pop();
        return items;
    }

    void extend(const std::vector<PickleId>& more, bool inPairs)
    {
        const PickleId target = top();
        const Kind kind = m_document.kind(target);
        if (!holdsItems(kind))
            return wrong("something is added to what holds nothing");
        if (inPairs && (more.size() % 2 != 0 || kind == Kind::List || kind == Kind::Set))
            return wrong("keys and values do not come in pairs");
        if (!inPairs && kind == Kind::Dict)
            return wrong("a value is appended to a dictionary");
        std::vector<PickleId>& items = *itemsOf(target);
        items.insert(items.end(), more.begin(), more.end());
    }

    void build()
    {
        const PickleId state = pop();
        const PickleId target = top();
        if (!m_document.is(target, Kind::Object))
            return wrong("a state is given to what is no object");
        (*itemsOf(target))[2] = state;
    }

    // Arguments.

    std::string_view bytes(std::uint64_t count)
    {
        if (count > m_rest.size()) {
            wrong("it ends too early");
            return {};
        }
        const std::string_view taken = m_rest.substr(0, count);
        m_rest.remove_prefix(count);
        return taken;
    }
    std::uint64_t number(std::size_t width)
    {
        const std::string_view raw = bytes(width);
        std::uint64_t value = 0;
        for (std::size_t i = raw.size(); i-- > 0;)
            value = value << 8U | static_cast<unsigned char>(raw[i]);
        return value;
    }
    std::string_view counted(std::size_t width) { return bytes(number(width)); }
    std::string_view line()
    {
        const std::size_t end = m_rest.find('\n');
        if (end == std::string_view::npos) {
            wrong("a line has no end");
            return {};
        }
        const std::string_view taken = m_rest.substr(0, end);
        m_rest.remove_prefix(end + 1);
        return taken;
    }

    // A whole number in two's complement, little-endian.
    void pushLong(std::string_view raw)
    {
        if (raw.size() > 8)
            return pushText(raw);
        std::uint64_t value = !raw.empty() && static_cast<signed char>(raw.back()) < 0
                                  ? ~std::uint64_t{0}
                                  : std::uint64_t{0};
        for (std::size_t i = raw.size(); i-- > 0;)
            value = value << 8U | static_cast<unsigned char>(raw[i]);
        push(Kind::Int, static_cast<std::int64_t>(value));
    }
    void pushDecimal(std::string_view digits)
    {
        if (digits == "00" || digits == "01")
            return push(Kind::Bool, digits == "01" ? 1 : 0);
        if (digits.ends_with('L'))
            digits.remove_suffix(1);
        std::int64_t value = 0;
        const auto [end, status] =
            std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (status != std::errc() || end != digits.data() + digits.size())
            return wrong("a number cannot be read");
        push(Kind::Int, value);
    }
    void pushDecimalReal(std::string_view digits)
    {
        double value = 0;
        const auto [end, status] =
            std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (status != std::errc() || end != digits.data() + digits.size())
            return wrong("a number cannot be read");
        push(Kind::Float, std::bit_cast<std::int64_t>(value));
    }
    void pushQuoted(std::string_view text)
    {
        const bool isQuoted = text.size() >= 2 && text.front() == text.back();
        pushText(isQuoted ? text.substr(1, text.size() - 2) : text);
    }
    void pushBigEndianReal()
    {
        std::uint64_t bits = 0;
        for (const char c : bytes(8))
            bits = bits << 8U | static_cast<unsigned char>(c);
        push(Kind::Float, static_cast<std::int64_t>(bits));
    }
    void pushStackGlobal()
    {
        const std::vector<PickleId> names = popMany(2);
        if (!m_document.is(names[0], Kind::Text) || !m_document.is(names[1], Kind::Text))
            return wrong("the name of a class is no text");
        pushGlobal(m_document.text(names[0]), m_document.text(names[1]));
    }

    // The memo.

    void put(std::uint64_t index)
    {
        // Real writers count from 0. LibTorch makes room for as many as the index says.
        if (index > m_document.m_bytes->size())
            return wrong("a memo number is out of range");
        m_memo[index] = top();
    }
    void get(std::uint64_t index)
    {
        const auto found = m_memo.find(index);
        if (found == m_memo.end())
            return wrong("a memo number is unknown");
        m_stack.push_back(found->second);
    }
    std::uint64_t lineNumber()
    {
        const std::string_view digits = line();
        std::uint64_t value = 0;
        const auto [end, status] =
            std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (status != std::errc() || end != digits.data() + digits.size())
            wrong("a number cannot be read");
        return value;
    }

    void step(unsigned char opcode)
    {
        if (!pushesPlain(opcode) && !gathers(opcode) && !names(opcode))
            wrong(fmt::format("the operation 0x{:02x} is unknown", opcode));
    }

    bool pushesPlain(unsigned char opcode)
    {
        switch (opcode) {
        case 'N':
            return push(Kind::None), true;
        case 0x88:
            return push(Kind::Bool, 1), true;
        case 0x89:
            return push(Kind::Bool, 0), true;
        case 'K':
            return push(Kind::Int, static_cast<std::int64_t>(number(1))), true;
        case 'M':
            return push(Kind::Int, static_cast<std::int64_t>(number(2))), true;
        case 'J':
            return push(Kind::Int, static_cast<std::int32_t>(number(4))), true;
        case 'I':
        case 'L':
            return pushDecimal(line()), true;
        case 0x8a:
            return pushLong(counted(1)), true;
        case 0x8b:
            return pushLong(counted(4)), true;
        case 'F':
            return pushDecimalReal(line()), true;
        case 'G':
            return pushBigEndianReal(), true;
        case 'S':
            return pushQuoted(line()), true;
        case 'V':
            return pushText(line()), true;
        case 'U':
        case 'C':
        case 0x8c:
            return pushText(counted(1)), true;
        case 'T':
        case 'B':
        case 'X':
            return pushText(counted(4)), true;
        case 0x8d:
        case 0x8e:
        case 0x96:
            return pushText(counted(8)), true;
        default:
            return false;
        }
    }

    bool gathers(unsigned char opcode)
    {
        switch (opcode) {
        case '(':
            return m_marks.push_back(m_stack.size()), true;
        case '0':
            return popOrMark(), true;
        case '1':
            return popToMark(), true;
        case '2':
            return m_stack.push_back(top()), true;
        case ')':
            return pushItems(Kind::Tuple, {}), true;
        case 0x85:
        case 0x86:
        case 0x87:
            return pushItems(Kind::Tuple, popMany(opcode - 0x84u)), true;
        case 't':
            return pushItems(Kind::Tuple, popToMark()), true;
        case ']':
            return pushItems(Kind::List, {}), true;
        case 'l':
            return pushItems(Kind::List, popToMark()), true;
        case '}':
            return pushItems(Kind::Dict, {}), true;
        case 'd': {
            const std::vector<PickleId> items = popToMark();
            pushItems(Kind::Dict, {});
            return extend(items, true), true;
        }
        case 0x8f:
            return pushItems(Kind::Set, {}), true;
        case 0x91:
            return pushItems(Kind::Set, popToMark()), true;
        case 'a':
            return extend(popMany(1), false), true;
        case 'e':
        case 0x90:
            return extend(popToMark(), false), true;
        case 's':
            return extend(popMany(2), true), true;
        case 'u':
            return extend(popToMark(), true), true;
        default:
            return false;
        }
    }

    void popOrMark()
    {
        if (!m_marks.empty() && m_stack.size() == m_marks.back())
            m_marks.pop_back();
        else
            pop();
    }

    bool names(unsigned char opcode)
    {
        switch (opcode) {
        case 0x80: // PROTO
            return number(1), true;
        case 0x95: // FRAME
            return number(8), true;
        case 'c': {
            const std::string_view module = line();
            return pushGlobal(module, line()), true;
        }
        case 0x93:
            return pushStackGlobal(), true;
        case 'R':
        case 0x81: { // NEWOBJ
            const std::vector<PickleId> parts = popMany(2);
            return pushObject(parts[0], parts[1]), true;
        }
        case 0x92: { // NEWOBJ_EX: class, arguments, arguments by name
            const std::vector<PickleId> parts = popMany(3);
            return pushObject(parts[0], parts[1]), true;
        }
        case 'i': { // INST
            const std::string_view module = line();
            pushGlobal(module, line());
            const PickleId callee = pop();
            return pushObject(callee, addItems(Kind::Tuple, popToMark())), true;
        }
        case 'o': { // OBJ
            std::vector<PickleId> parts = popToMark();
            if (parts.empty())
                return wrong("an object has no class"), true;
            const PickleId callee = parts.front();
            parts.erase(parts.begin());
            return pushObject(callee, addItems(Kind::Tuple, std::move(parts))), true;
        }
        case 'b':
            return build(), true;
        case 'Q':
            return pushItems(Kind::Persistent, popMany(1)), true;
        case 'P': {
            pushText(line());
            return pushItems(Kind::Persistent, popMany(1)), true;
        }
        case 'p':
            return put(lineNumber()), true;
        case 'q':
            return put(number(1)), true;
        case 'r':
            return put(number(4)), true;
        case 0x94:
            return put(m_memo.size()), true;
        case 'g':
            return get(lineNumber()), true;
        case 'h':
            return get(number(1)), true;
        case 'j':
            return get(number(4)), true;
        default:
            return false;
        }
    }

    PickleDocument m_document;
    std::string_view m_rest;
    std::string m_error;
    std::vector<PickleId> m_stack;
    std::vector<std::size_t> m_marks;
    std::unordered_map<std::uint64_t, PickleId> m_memo;
};

Result<PickleDocument> readPickle(std::string bytes)
{
    return PickleReader(std::move(bytes)).read();
}

} // namespace jitscope::archive
