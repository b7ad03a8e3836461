#include "tests/fuzz/flat_mutator.h"

#include "lite_module_generated.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <random>

namespace jitscope::test {

namespace {

namespace flat = archive::flat;

class Change
{
public:
    Change(std::string& bytes, std::uint64_t seed) : m_bytes(bytes), m_random(seed) {}

    // Tells what was done.
    std::string once()
    {
        switch (below(8)) {
        case 0:
            m_bytes[below(m_bytes.size())] ^= static_cast<char>(1U << below(8));
            return "bit flipped";
        case 1:
        case 2:
            changeNumber();
            return "number changed";
        case 3:
            changeText();
            return "text changed";
        case 4:
            copyPiece();
            return "piece copied";
        case 5:
            m_bytes.resize(below(m_bytes.size()));
            return "cut off";
        case 6:
            changeInstruction();
            return "instruction changed";
        default:
            changeValue();
            return "value changed";
        }
    }

private:
    std::size_t below(std::size_t limit) { return limit == 0 ? 0 : m_random() % limit; }
    flat::Module& module() { return *flat::GetMutableModule(m_bytes.data()); }

    std::uint32_t otherNumber(std::uint32_t old)
    {
        const std::uint32_t numbers[] = {
            0,       1,          2,          old + 1,
            old - 1, 0x7fffffff, 0xffffffff, static_cast<std::uint32_t>(below(300))};
        return numbers[below(std::size(numbers))];
    }

    void changeNumber()
    {
        const std::size_t at = below(m_bytes.size() / 4) * 4;
        if (at + 4 > m_bytes.size())
            return;
        std::uint32_t number = 0;
        std::memcpy(&number, &m_bytes[at], 4);
        number = otherNumber(number);
        std::memcpy(&m_bytes[at], &number, 4);
    }

    void copyPiece()
    {
        const std::size_t length = std::min((below(16) + 1) * 4, m_bytes.size() / 4);
        const std::size_t from = below((m_bytes.size() - length) / 4) * 4;
        const std::size_t to = below((m_bytes.size() - length) / 4) * 4;
        std::memmove(&m_bytes[to], &m_bytes[from], length);
    }

    void changeText()
    {
        constexpr std::string_view pieces = "()[]{}:,.=\n _0aTNone";
        for (int attempt = 0; attempt < 100; ++attempt) {
            char& c = m_bytes[below(m_bytes.size())];
            if (c < ' ' || c > '~')
                continue;
            c = pieces[below(pieces.size())];
            return;
        }
    }

    void changeInstruction()
    {
        std::vector<const flat::Function*> functions;
        for (const flat::Value* value : *module().values()) {
            if (const flat::Function* function = value->content_as_Function())
                functions.push_back(function);
        }
        if (functions.empty())
            return;
        const auto& list = *functions[below(functions.size())]->instructions();
        auto& instruction = const_cast<flat::Instruction&>(
            *list.Get(static_cast<std::uint32_t>(below(list.size()))));
        switch (below(3)) {
        case 0:
            return instruction.mutate_code(static_cast<std::int8_t>(below(51)));
        case 1:
            return instruction.mutate_x(static_cast<std::int32_t>(below(40)));
        default:
            return instruction.mutate_n(static_cast<std::uint16_t>(below(6)));
        }
    }

    // Another value in the place of one that an object or a list holds, or of a constant.
    void changeValue()
    {
        auto& values = *module().mutable_values();
        const auto id = static_cast<std::uint32_t>(below(values.size()));
        const auto exchange = [&](flatbuffers::Vector<std::uint32_t>* list) {
            if (list != nullptr && list->size() > 0)
                list->Mutate(static_cast<std::uint32_t>(below(list->size())),
                             static_cast<std::uint32_t>(below(id)));
        };
        auto* value = const_cast<flat::Value*>(values.Get(id));
        if (const auto* object = value->content_as_Object())
            return exchange(const_cast<flat::Object*>(object)->mutable_attributes());
        if (const auto* tuple = value->content_as_Tuple())
            return exchange(const_cast<flat::Tuple*>(tuple)->mutable_items());
        if (const auto* list = value->content_as_List())
            return exchange(const_cast<flat::List*>(list)->mutable_items());
        if (const auto* function = value->content_as_Function())
            return exchange(const_cast<flat::Function*>(function)->mutable_constants());
        changeNumber();
    }

    std::string& m_bytes;
    std::mt19937_64 m_random;
};

} // namespace

std::string withoutCode(std::string flatbuffer)
{
    // A list begins with its length.
    std::memset(static_cast<void*>(flat::GetMutableModule(flatbuffer.data())->mutable_sources()), 0,
                sizeof(flatbuffers::uoffset_t));
    return flatbuffer;
}

FlatMutator::FlatMutator(const std::vector<std::filesystem::path>& files)
{
    for (const std::filesystem::path& file : files) {
        std::ifstream stream(file, std::ios::binary);
        m_originals.emplace_back(std::istreambuf_iterator<char>(stream),
                                 std::istreambuf_iterator<char>());
    }
}

Mutant FlatMutator::mutant(std::uint64_t seed) const
{
    Mutant made{m_originals[seed % m_originals.size()], {}};
    made.what = Change(made.bytes, seed).once();
    return made;
}

} // namespace jitscope::test
