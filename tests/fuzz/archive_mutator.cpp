#include "tests/fuzz/archive_mutator.h"

#include <zip.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <random>
#include <stdexcept>
#include <string_view>

namespace jitscope::test {

namespace {

using namespace std::string_view_literals;

void put(std::string& bytes, std::uint64_t value, int width)
{
    for (int i = 0; i < width; ++i) {
        bytes += static_cast<char>(value);
        value >>= 8U;
    }
}

std::uint32_t checksum(std::string_view bytes)
{
    std::uint32_t crc = 0xffffffff;
    for (const char c : bytes) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit)
            crc = crc >> 1U ^ (0xedb88320U & (0U - (crc & 1U)));
    }
    return ~crc;
}

class Random
{
public:
    explicit Random(std::uint64_t seed) : m_engine(seed) {}
    std::size_t below(std::size_t limit) { return limit == 0 ? 0 : m_engine() % limit; }
    char byte() { return static_cast<char>(m_engine()); }
    template <typename T>
    const T& from(const std::vector<T>& list)
    {
        return list[below(list.size())];
    }

private:
    std::mt19937_64 m_engine;
};

// Bytes that mean something in a pickle: its operations, and numbers at the edges.
constexpr std::string_view pickleBytes =
    "\x80\x81\x85\x86\x87\x88\x89\x8a()}]tRQbuseaNKMJGXhqjrc.0\x00\x01\x02\x7f\xff"sv;

// Pieces of serialized code, to be put anywhere in it.
const std::vector<std::string>& codePieces()
{
    static const std::vector<std::string> pieces{
        "torch.add(x, x)",
        "CONSTANTS.c9999",
        "CONSTANTS.c0",
        "self",
        "(((((",
        ")",
        "[0]",
        "{}",
        "None",
        "annotate(List[int], [])",
        "unchecked_cast(Tensor, x)",
        "\n",
        "    ",
        "return x",
        "if True:\n      ",
        "while True:\n      ",
        "for i in range(1000000000000):\n      ",
        "__torch__.M",
        "Tensor",
        "Optional[Tensor]",
        "Tuple[int, int]",
        "Dict[str, Tensor]",
        "torch.zeros([1000000000000])",
        "ops.prim.NumToTensor(1)",
        "-9223372036854775809",
        "1e999",
        "\"\\xff\"",
        "'",
        "\"",
        "#",
        "\\",
        "lambda x: x",
        "class M(Module):\n",
        "def ",
        "__parameters__ = [\"x\", ]\n  ",
        "uninitialized(Tensor)",
        "fork(self, x)",
        "=",
        ",",
        ":",
        "torch.classes.x.Y()",
        "ops.aten.frobnicate(x)",
        "torch.__derive_index(0, 0, 0)",
        "__torch__.torch.classes.quantized.Conv2dPackedParamsBase",
        "(x).forward()",
        "...",
        "isinstance(x, Tensor)",
        "print(x)",
        "getattr(self, \"x\")",
        "inf",
        "nan",
        "1j",
        "0b1"};
    return pieces;
}

bool isPickle(const RawRecord& record)
{
    return record.name.ends_with(".pkl") || record.name.ends_with(".debug_pkl");
}

bool isCode(const RawRecord& record)
{
    return record.name.ends_with(".py");
}

bool isWeight(const RawRecord& record)
{
    return record.name.find("/data/") != std::string::npos ||
           record.name.find("/constants/") != std::string::npos;
}

using Filter = std::function<bool(const RawRecord&)>;

RawRecord* pick(RawArchive& archive, Random& random, const Filter& filter)
{
    std::vector<RawRecord*> fitting;
    for (RawRecord& record : archive.records) {
        if (filter(record) && !record.content.empty())
            fitting.push_back(&record);
    }
    return fitting.empty() ? nullptr : random.from(fitting);
}

void editPickle(std::string& bytes, Random& random)
{
    for (std::size_t round = 0; round <= random.below(3); ++round) {
        if (bytes.empty())
            return;
        const std::size_t at = random.below(bytes.size());
        const std::size_t length = std::min<std::size_t>(bytes.size() - at, 1 + random.below(24));
        switch (random.below(7)) {
        case 0:
            bytes[at] = random.byte();
            break;
        case 1:
            bytes[at] = pickleBytes[random.below(pickleBytes.size())];
            break;
        case 2:
            bytes.erase(at, length);
            break;
        case 3:
            bytes.insert(random.below(bytes.size()), bytes.substr(at, length));
            break;
        case 4:
            bytes.insert(at, 1, pickleBytes[random.below(pickleBytes.size())]);
            break;
        case 5: {
            // A number: what follows one of the operations that push one.
            const std::size_t number = bytes.find_first_of("KMJ", at);
            if (number != std::string::npos && number + 1 < bytes.size())
                bytes[number + 1] = random.below(2) == 0 ? '\xff' : random.byte();
            break;
        }
        default: {
            // Two pieces change places.
            const std::size_t other = random.below(bytes.size());
            const std::size_t same = std::min(length, bytes.size() - other);
            if (other + same <= at || at + same <= other)
                std::swap_ranges(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                                 bytes.begin() + static_cast<std::ptrdiff_t>(at + same),
                                 bytes.begin() + static_cast<std::ptrdiff_t>(other));
            break;
        }
        }
    }
}

std::pair<std::size_t, std::size_t> lineAt(const std::string& text, std::size_t at)
{
    const std::size_t before = at == 0 ? std::string::npos : text.rfind('\n', at - 1);
    const std::size_t begin = before == std::string::npos ? 0 : before + 1;
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    return {begin, end - begin};
}

void editCode(std::string& text, Random& random)
{
    for (std::size_t round = 0; round <= random.below(3); ++round) {
        if (text.empty())
            return;
        const std::size_t at = random.below(text.size());
        const auto [begin, length] = lineAt(text, at);
        switch (random.below(6)) {
        case 0:
            text[at] = random.byte();
            break;
        case 1:
            text.insert(at, random.from(codePieces()));
            break;
        case 2:
            text.erase(begin, length);
            break;
        case 3:
            text.insert(begin, text.substr(begin, length));
            break;
        case 4: {
            // A line of elsewhere.
            const auto [other, size] = lineAt(text, random.below(text.size()));
            text.insert(begin, text.substr(other, size));
            break;
        }
        default: {
            // A word, for another one.
            const std::size_t word = text.find_first_of(" (.,", at);
            if (word == std::string::npos)
                break;
            const std::size_t end = text.find_first_of(" (.,:)\n", word + 1);
            if (end != std::string::npos)
                text.replace(word + 1, end - word - 1, random.from(codePieces()));
            break;
        }
        }
    }
}

void flip(std::string& bytes, std::size_t from, Random& random)
{
    if (bytes.size() <= from)
        return;
    for (std::size_t change = 0; change <= random.below(8); ++change)
        bytes[from + random.below(bytes.size() - from)] = random.byte();
}

// Damage to the records, written again. Its name; empty when there was nothing to damage.
using Damage = std::string (*)(RawArchive&, Random&);

std::string swapRecords(RawArchive& archive, Random& random)
{
    std::swap(archive.records[random.below(archive.records.size())].content,
              archive.records[random.below(archive.records.size())].content);
    return "records swapped";
}

std::string removeRecord(RawArchive& archive, Random& random)
{
    archive.records.erase(archive.records.begin() +
                          static_cast<std::ptrdiff_t>(random.below(archive.records.size())));
    return "record removed";
}

std::string doubleRecord(RawArchive& archive, Random& random)
{
    RawRecord twin = archive.records[random.below(archive.records.size())];
    if (random.below(2) == 0)
        twin.content = archive.records[random.below(archive.records.size())].content;
    archive.records.insert(archive.records.begin() +
                               static_cast<std::ptrdiff_t>(random.below(archive.records.size())),
                           std::move(twin));
    return "record doubled";
}

std::string renameRecord(RawArchive& archive, Random& random)
{
    static const std::vector<std::string> names{
        "data.pkl",       "constants.pkl", "version",    "byteorder",         "code/__torch__.py",
        "data/0",         "constants/0",   "../../evil", "/etc/evil",         "a\\b",
        "extra/x",        "bytecode.pkl",  "model.json", "traced_inputs.pkl", ".data/version",
        "attributes.pkl", "tensors.json"};
    RawRecord& record = archive.records[random.below(archive.records.size())];
    const std::string folder = record.name.substr(0, record.name.find('/') + 1);
    record.name = random.below(4) == 0 ? random.from(names) : folder + random.from(names);
    return "record renamed";
}

std::string lieAboutSizes(RawArchive& archive, Random& random)
{
    static const std::vector<std::int64_t> lies{1,    -1,      64,         -64,
                                                4096, 1 << 20, 0x7fffffff, 0xfffffff0};
    RawRecord& record = archive.records[random.below(archive.records.size())];
    const std::int64_t lie = random.from(lies);
    switch (random.below(5)) {
    case 0:
        record.sizeLie = lie;
        return "false size";
    case 1:
        record.sizeLie = record.storedLie = lie;
        return "false sizes";
    case 2:
        record.offsetLie = lie;
        return "false place";
    case 3:
        record.isMisnamed = true;
        return "false local name";
    default:
        archive.countLie = random.below(2) == 0 ? 1 : -1;
        return "false number of records";
    }
}

std::string cutRecord(RawArchive& archive, Random& random)
{
    RawRecord* record = pick(archive, random, [](const RawRecord&) { return true; });
    if (record == nullptr)
        return {};
    if (random.below(3) == 0) {
        record->content.append(1 + random.below(64), random.byte());
        return "record longer";
    }
    record->content.resize(random.below(record->content.size()));
    return "record cut";
}

std::string damagePickle(RawArchive& archive, Random& random)
{
    RawRecord* record = pick(archive, random, isPickle);
    if (record == nullptr)
        return {};
    editPickle(record->content, random);
    return "pickle edited: " + record->name.substr(record->name.rfind('.') + 1);
}

std::string damageModelPickle(RawArchive& archive, Random& random)
{
    RawRecord* record = pick(archive, random, [](const RawRecord& candidate) {
        return candidate.name.ends_with("/data.pkl") ||
               candidate.name.ends_with("/constants.pkl") ||
               candidate.name.ends_with("/bytecode.pkl");
    });
    if (record == nullptr)
        return {};
    editPickle(record->content, random);
    return "model pickle edited";
}

std::string damageCode(RawArchive& archive, Random& random)
{
    RawRecord* record = pick(archive, random, isCode);
    if (record == nullptr)
        return {};
    editCode(record->content, random);
    return "code edited";
}

std::string damageWeights(RawArchive& archive, Random& random)
{
    RawRecord* record = pick(archive, random, isWeight);
    if (record == nullptr)
        return {};
    if (random.below(2) == 0) {
        record->content.resize(random.below(record->content.size()));
        return "weights cut";
    }
    flip(record->content, 0, random);
    return "weights flipped";
}

std::string damageSmall(RawArchive& archive, Random& random)
{
    RawRecord* record = pick(archive, random, [](const RawRecord& candidate) {
        return candidate.content.size() <= 64 && !isWeight(candidate);
    });
    if (record == nullptr)
        return {};
    if (random.below(2) == 0)
        flip(record->content, 0, random);
    else
        record->content = std::to_string(random.below(20));
    return "small record edited";
}

constexpr std::array<Damage, 16> damages{
    swapRecords,  removeRecord, doubleRecord,      renameRecord,      lieAboutSizes,     cutRecord,
    damagePickle, damagePickle, damageModelPickle, damageModelPickle, damageModelPickle, damageCode,
    damageCode,   damageCode,   damageWeights,     damageSmall};

} // namespace

RawArchive readArchive(const std::filesystem::path& file)
{
    int code = 0;
    const std::unique_ptr<zip_t, void (*)(zip_t*)> zip(zip_open(file.c_str(), ZIP_RDONLY, &code),
                                                       [](zip_t* open) { zip_discard(open); });
    if (!zip)
        throw std::runtime_error("cannot read " + file.string());
    RawArchive archive;
    const auto count = static_cast<zip_uint64_t>(zip_get_num_entries(zip.get(), 0));
    for (zip_uint64_t i = 0; i < count; ++i) {
        zip_stat_t stat;
        zip_stat_index(zip.get(), i, ZIP_FL_ENC_RAW, &stat);
        RawRecord record;
        record.name = stat.name;
        record.content.resize(stat.size);
        zip_file_t* stream = zip_fopen_index(zip.get(), i, 0);
        const zip_int64_t got =
            stream == nullptr ? -1 : zip_fread(stream, record.content.data(), stat.size);
        if (stream != nullptr)
            zip_fclose(stream);
        if (got != static_cast<zip_int64_t>(stat.size))
            throw std::runtime_error("cannot read " + record.name);
        archive.records.push_back(std::move(record));
    }
    return archive;
}

std::string archiveBytes(const RawArchive& archive)
{
    std::string bytes;
    std::string directory;
    for (const RawRecord& record : archive.records) {
        const std::size_t offset = bytes.size();
        const std::uint32_t crc = checksum(record.content);
        const std::uint64_t size = record.content.size();
        std::string localName = record.name;
        if (record.isMisnamed && !localName.empty())
            localName.back() = localName.back() == 'x' ? 'y' : 'x';
        bytes += "PK\3\4";
        put(bytes, 0, 10); // versions, flags, method, time and date
        put(bytes, crc, 4);
        put(bytes, size, 4);
        put(bytes, size, 4);
        put(bytes, localName.size(), 2);
        put(bytes, 0, 2);
        bytes += localName + record.content;
        directory += "PK\1\2";
        put(directory, 0, 12);
        put(directory, crc, 4);
        put(directory, size + static_cast<std::uint64_t>(record.storedLie), 4);
        put(directory, size + static_cast<std::uint64_t>(record.sizeLie), 4);
        put(directory, record.name.size(), 2);
        put(directory, 0, 12); // extra field, comment, disk, attributes
        put(directory, offset + static_cast<std::uint64_t>(record.offsetLie), 4);
        directory += record.name;
    }
    const std::size_t begin = bytes.size();
    const std::uint64_t count =
        archive.records.size() + static_cast<std::uint64_t>(archive.countLie);
    bytes += directory;
    bytes += "PK\5\6";
    put(bytes, 0, 4);
    put(bytes, count, 2);
    put(bytes, count, 2);
    put(bytes, directory.size(), 4);
    put(bytes, begin, 4);
    put(bytes, 0, 2);
    return bytes + archive.after;
}

ArchiveMutator::ArchiveMutator(const std::vector<std::filesystem::path>& files)
{
    constexpr std::size_t small = 100'000;
    constexpr std::size_t smallChances = 5;
    for (const std::filesystem::path& file : files) {
        RawArchive archive = readArchive(file);
        std::string bytes = archiveBytes(archive);
        const std::size_t chances = bytes.size() < small ? smallChances : 1;
        m_chances.insert(m_chances.end(), chances, m_originals.size());
        m_originals.push_back({std::move(archive), std::move(bytes)});
    }
    if (m_originals.empty())
        throw std::runtime_error("there are no archives to start from");
}

Mutant ArchiveMutator::mutant(std::uint64_t seed) const
{
    Random random(seed);
    const Original& original = m_originals[random.from(m_chances)];
    switch (random.below(12)) {
    case 0: {
        std::string bytes = original.bytes;
        flip(bytes, 0, random);
        return {std::move(bytes), "bytes flipped"};
    }
    case 1: {
        constexpr std::size_t end = 2000;
        std::string bytes = original.bytes;
        flip(bytes, bytes.size() - std::min(bytes.size(), end), random);
        return {std::move(bytes), "directory flipped"};
    }
    case 2: {
        std::string bytes = original.bytes;
        bytes.resize(random.below(bytes.size()));
        return {std::move(bytes), "cut off"};
    }
    default:
        break;
    }
    RawArchive archive = original.archive;
    std::string what;
    while (what.empty())
        what = damages[random.below(damages.size())](archive, random);
    if (random.below(16) == 0)
        archive.after = std::string(random.below(200), random.byte());
    return {archiveBytes(archive), std::move(what)};
}

} // namespace jitscope::test
