// Reads a Python pickle into plain values without running anything: what a pickle would call is
// kept as an Object. Bounded: a pickle costs memory in proportion to its size, never more. Private
// to core/archive.
#pragma once

#include "core/support/result.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jitscope::archive {

enum class PickleKind : std::uint8_t
{
    None,
    Bool,
    Int,
    Float,
    Text, // also bytes, and integers of more than 8 bytes
    Tuple,
    List,
    Dict, // its items are keys and values in turn
    Set,
    Global,     // a class or function; its text is "module.name"
    Object,     // items: what is called, its arguments, the state it was given (or None), and then
                // what was appended or set
    Persistent, // its only item is the identification, for a storage a tuple
};

using PickleId = std::uint32_t;

class PickleDocument
{
public:
    [[nodiscard]] PickleId root() const { return m_root; }
    [[nodiscard]] std::size_t size() const { return m_values.size(); }
    // How many bytes it takes, up to and with its STOP.
    [[nodiscard]] std::size_t end() const { return m_end; }
    [[nodiscard]] PickleKind kind(PickleId id) const { return m_values[id].kind; }
    [[nodiscard]] bool is(PickleId id, PickleKind kind) const { return m_values[id].kind == kind; }
    // Of Bool and Int; 0 of others.
    [[nodiscard]] std::int64_t integer(PickleId id) const;
    [[nodiscard]] double real(PickleId id) const; // of Float
    // Of Text and Global; empty of others.
    [[nodiscard]] std::string_view text(PickleId id) const;
    // Of everything that holds values; empty of others.
    [[nodiscard]] std::span<const PickleId> items(PickleId id) const;
    // "module.name" of what an Object calls, or empty.
    [[nodiscard]] std::string_view callee(PickleId id) const;
    // The arguments of an Object, empty of others.
    [[nodiscard]] std::span<const PickleId> arguments(PickleId id) const;

    // The longest chain of values in values; 0 when some value holds itself.
    [[nodiscard]] std::size_t depth() const;

private:
    friend class PickleReader;

    struct Value
    {
        PickleKind kind = PickleKind::None;
        // An integer, the bits of a double, or an index into m_texts or m_items.
        std::int64_t payload = 0;
    };

    std::unique_ptr<const std::string> m_bytes; // what the texts point into
    std::deque<std::string> m_owned;            // texts that are not in the bytes as they are
    std::vector<Value> m_values;
    std::vector<std::string_view> m_texts;
    std::vector<std::vector<PickleId>> m_items;
    PickleId m_root = 0;
    std::size_t m_end = 0;
};

// Takes protocols 0 to 5, as Python's pickletools describes them. The Error's `what` says what is
// wrong and at which byte.
[[nodiscard]] Result<PickleDocument> readPickle(std::string bytes);

// What takes values apart recursively overflows the stack on more; no model has as many.
inline constexpr std::size_t deepestValues = 1000;
// An Error when values are nested deeper, or one holds itself.
[[nodiscard]] Result<void> checkDepth(const PickleDocument& pickle);

} // namespace jitscope::archive
