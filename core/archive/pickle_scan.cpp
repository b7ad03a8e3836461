#include "core/archive/pickle_scan_p.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace jitscope::archive {

namespace {

// What follows an opcode, from pickletools.py of Python 3.11.
enum class Argument
{
    Nothing,
    One, // bytes
    Two,
    Four,
    Eight,
    Line,
    TwoLines,
    CountedBy1, // a length of 1 byte, then that many bytes
    CountedBy4,
    CountedBy8,
    Invalid,
};

Argument argumentOf(unsigned char opcode)
{
    switch (opcode) {
    case 0x80: // PROTO
    case 'K':
    case 'h':
    case 'q':
    case 0x82:
        return Argument::One;
    case 'M':
    case 0x83:
        return Argument::Two;
    case 'J':
    case 'j':
    case 'r':
    case 0x84:
        return Argument::Four;
    case 'G':
    case 0x95: // FRAME
        return Argument::Eight;
    case 'F':
    case 'I':
    case 'L':
    case 'P':
    case 'S':
    case 'V':
    case 'g':
    case 'p':
        return Argument::Line;
    case 'c': // GLOBAL
    case 'i': // INST
        return Argument::TwoLines;
    case 'U':
    case 'C':
    case 0x8a:
    case 0x8c: // SHORT_BINUNICODE
        return Argument::CountedBy1;
    case 'T':
    case 'B':
    case 'X': // BINUNICODE
    case 0x8b:
        return Argument::CountedBy4;
    case 0x8d: // BINUNICODE8
    case 0x8e:
    case 0x96:
        return Argument::CountedBy8;
    case '(':
    case '.':
    case '0':
    case '1':
    case '2':
    case 'N':
    case 'Q':
    case 'R':
    case 'a':
    case 'b':
    case 'd':
    case '}':
    case 'e':
    case 'l':
    case ']':
    case 'o':
    case 's':
    case 't':
    case ')':
    case 'u':
    case 0x81:
    case 0x85:
    case 0x86:
    case 0x87:
    case 0x88:
    case 0x89:
    case 0x8f:
    case 0x90:
    case 0x91:
    case 0x92:
    case 0x93: // STACK_GLOBAL
    case 0x94:
    case 0x97:
    case 0x98:
        return Argument::Nothing;
    default:
        return Argument::Invalid;
    }
}

class Walker
{
public:
    explicit Walker(std::string_view bytes) : m_rest(bytes) {}

    PickleScan walk()
    {
        while (!m_rest.empty()) {
            const auto opcode = static_cast<unsigned char>(m_rest.front());
            m_rest.remove_prefix(1);
            if (opcode == '.') {
                m_scan.isWhole = true;
                break;
            }
            if (!step(opcode))
                break;
        }
        return std::move(m_scan);
    }

private:
    bool step(unsigned char opcode)
    {
        const Argument argument = argumentOf(opcode);
        if (argument == Argument::Invalid)
            return false;
        if (argument == Argument::TwoLines) {
            const auto module = line();
            const auto name = module ? line() : std::nullopt;
            if (!name)
                return false;
            m_scan.globals.insert(std::string(*module) + ' ' + std::string(*name));
            return true;
        }
        if (opcode == 0x93) {
            // Takes two strings from the stack; they were the last two pushed unless they came from
            // the memo, which is not followed here.
            m_scan.globals.insert(m_strings[0] + ' ' + m_strings[1]);
            return true;
        }
        const std::optional<std::string_view> value = take(argument);
        if (value && (opcode == 0x8c || opcode == 'X' || opcode == 0x8d)) {
            m_strings[0] = std::move(m_strings[1]);
            m_strings[1] = value->substr(0, longestName);
        }
        return value.has_value();
    }

    std::optional<std::string_view> take(Argument argument)
    {
        switch (argument) {
        case Argument::Nothing:
            return std::string_view();
        case Argument::One:
            return bytes(1);
        case Argument::Two:
            return bytes(2);
        case Argument::Four:
            return bytes(4);
        case Argument::Eight:
            return bytes(8);
        case Argument::Line:
            return line();
        case Argument::CountedBy1:
            return counted(1);
        case Argument::CountedBy4:
            return counted(4);
        case Argument::CountedBy8:
            return counted(8);
        case Argument::TwoLines:
        case Argument::Invalid:
            break;
        }
        return std::nullopt;
    }

    std::optional<std::string_view> bytes(std::uint64_t count)
    {
        if (count > m_rest.size())
            return std::nullopt;
        const std::string_view taken = m_rest.substr(0, count);
        m_rest.remove_prefix(count);
        return taken;
    }

    std::optional<std::string_view> counted(std::size_t width)
    {
        const auto length = bytes(width);
        if (!length)
            return std::nullopt;
        std::uint64_t count = 0;
        for (std::size_t i = width; i-- > 0;)
            count = count << 8 | static_cast<unsigned char>((*length)[i]);
        return bytes(count);
    }

    std::optional<std::string_view> line()
    {
        const std::size_t end = m_rest.find('\n');
        if (end == std::string_view::npos)
            return std::nullopt;
        const std::string_view taken = m_rest.substr(0, end);
        m_rest.remove_prefix(end + 1);
        return taken;
    }

    static constexpr std::size_t longestName = 256;

    std::string_view m_rest;
    std::array<std::string, 2> m_strings; // the last two
    PickleScan m_scan;
};

} // namespace

PickleScan scanPickle(std::string_view pickle)
{
    return Walker(pickle).walk();
}

bool isStateDict(const PickleScan& scan)
{
    // Modules whose classes torch's weights_only loader rebuilds tensors with.
    constexpr std::array<std::string_view, 6> tensorModules{
        "torch ",         "torch._utils ",       "torch.storage ",
        "torch._tensor ", "torch.nn.parameter ", "torch.serialization "};
    const auto isTensorPart = [&](const std::string& global) {
        return global == "collections OrderedDict" ||
               std::any_of(tensorModules.begin(), tensorModules.end(),
                           [&](std::string_view module) { return global.starts_with(module); });
    };
    const auto rebuildsTensor = [](const std::string& global) {
        return global.starts_with("torch._utils _rebuild") ||
               global.starts_with("torch._tensor _rebuild");
    };
    return scan.isWhole && std::all_of(scan.globals.begin(), scan.globals.end(), isTensorPart) &&
           std::any_of(scan.globals.begin(), scan.globals.end(), rebuildsTensor);
}

} // namespace jitscope::archive
