#include "core/torchscript/source_map_p.h"

#include "core/archive/pickle_check.h"
#include "core/support/utf8.h"
#include "core/torchscript/exceptions_p.h"

#include <torch/csrc/jit/serialization/pickle.h>
#include <torch/csrc/jit/serialization/source_range_serialization.h>

#include <algorithm>
#include <limits>
#include <map>
#include <stdexcept>
#include <tuple>

namespace jitscope::torchscript {

namespace {

using Elements = c10::ivalue::TupleElements;

const Elements& elementsOf(const c10::IValue& value)
{
    if (!value.isTuple())
        throw std::runtime_error("a tuple is missing");
    return value.toTupleRef().elements();
}

std::int64_t integerIn(const Elements& elements, std::size_t index, std::int64_t limit)
{
    if (index >= elements.size() || !elements[index].isInt())
        throw std::runtime_error("a number is missing");
    const std::int64_t number = elements[index].toInt();
    if (number < 0 || number > limit)
        throw std::runtime_error("a number is out of range");
    return number;
}

constexpr const char* suffix = ".debug_pkl"; // of the record, after the name of the code file

constexpr std::int64_t largest = std::numeric_limits<std::uint32_t>::max() - 1;

// LibTorch believes every length in a pickle and makes room for it.
c10::IValue soundlyUnpickled(std::string_view bytes)
{
    if (const Result<void> checked = archive::checkPickle(std::string(bytes)); !checked)
        throw std::runtime_error(checked.error().what);
    return torch::jit::unpickle(bytes.data(), bytes.size());
}

// Texts are named by number, any number of times: a small record could make them grow without end.
constexpr std::size_t longestSource = 16u << 20;   // bytes
constexpr std::size_t longestSources = 256u << 20; // of a record

// The texts of a record: in the current format a table of lines that the sources refer to by index.
class Texts
{
public:
    Texts() = default;
    explicit Texts(const c10::IValue& table)
    {
        for (const c10::IValue& text : elementsOf(table)) {
            if (!text.isString())
                throw std::runtime_error("a text is missing");
            m_table.push_back(&text.toStringRef());
        }
    }

    [[nodiscard]] SourceMap::Fragment fragment(const Elements& source)
    {
        if (source.size() != 3)
            throw std::runtime_error("a source has a wrong form");
        SourceMap::Fragment fragment;
        if (m_table.empty()) {
            if (source[0].isString())
                fragment.text = source[0].toStringRef();
            if (source[1].isString())
                fragment.file = source[1].toStringRef();
        } else {
            if (!source[0].isIntList())
                throw std::runtime_error("a source has no text");
            for (const std::int64_t index : source[0].toIntVector()) {
                fragment.text += text(index);
                if (fragment.text.size() > longestSource)
                    throw std::runtime_error("a source is too long");
            }
            m_length += fragment.text.size();
            if (m_length > longestSources)
                throw std::runtime_error("the sources are too long");
            fragment.file = text(integerIn(source, 1, largest));
        }
        fragment.firstLine = static_cast<std::uint32_t>(integerIn(source, 2, largest));
        // A traced node's text is its Python call stack, whose first line names the file.
        fragment.isTrace = !fragment.file.empty() && fragment.text.starts_with(fragment.file + "(");
        return fragment;
    }

private:
    [[nodiscard]] const std::string& text(std::int64_t index) const
    {
        if (index < 0 || static_cast<std::size_t>(index) >= m_table.size())
            throw std::runtime_error("an index is out of range");
        return *m_table[static_cast<std::size_t>(index)];
    }

    std::vector<const std::string*> m_table;
    std::size_t m_length = 0; // of the sources so far
};

} // namespace

SourceMap::SourceMap(std::shared_ptr<caffe2::serialize::PyTorchStreamReader> archive)
    : m_archive(std::move(archive))
{
    m_locations.emplace_back();
}

SourceMap::Id SourceMap::find(const torch::jit::SourceRange& range)
{
    const auto& source = range.source();
    if (!source || !source->filename())
        return 0;
    const auto known = m_bySource.find(source.get());
    const File* file = nullptr;
    if (known != m_bySource.end()) {
        file = known->second;
    } else {
        file = &fileNamed(*source->filename());
        m_bySource.emplace(source.get(), file);
        m_held.push_back(source);
    }
    const auto after = std::upper_bound(
        file->begin(), file->end(), range.start(),
        [](std::size_t offset, const Entry& entry) { return offset < entry.offset; });
    return after == file->begin() ? 0 : std::prev(after)->location;
}

torch::jit::SourceRange SourceMap::range(Id id) const
{
    if (id == 0)
        return {};
    const Location& at = m_locations.at(id);
    auto& source = m_sources[at.fragment];
    if (!source) {
        const Fragment& from = m_fragments.at(at.fragment);
        source = std::make_shared<torch::jit::Source>(from.text, from.file, from.firstLine);
    }
    return {source, at.begin, at.end};
}

const SourceMap::File& SourceMap::fileNamed(const std::string& name)
{
    const auto known = m_files.find(name);
    if (known != m_files.end())
        return known->second;
    File file;
    try {
        file = readFile(name + suffix);
    } catch (...) {
        m_problems.push_back("The Python source locations of " + toUtf8(name) +
                             " cannot be read: " + summary(currentExceptionMessage()) + ".");
    }
    return m_files.emplace(name, std::move(file)).first->second;
}

void SourceMap::readAhead()
{
    if (!m_archive)
        return;
    using Bytes = std::tuple<at::DataPtr, std::size_t>;
    std::vector<std::pair<std::string, Bytes>> records;
    for (const std::string& record : m_archive->getAllRecords()) {
        if (!record.ends_with(suffix))
            continue;
        // What cannot be read now cannot be read later either, when there is someone to tell.
        try {
            records.emplace_back(record, m_archive->getRecord(record));
        } catch (...) {
            continue;
        }
    }
    m_ahead = std::async(std::launch::async, [records = std::move(records)] {
        Pickles pickles;
        for (const auto& [record, read] : records) {
            const auto& [data, size] = read;
            const auto* const bytes = static_cast<const char*>(data.get());
            try {
                pickles.emplace(record, soundlyUnpickled({bytes, size}));
            } catch (...) {
                continue;
            }
        }
        return pickles;
    });
}

c10::IValue SourceMap::unpickled(const std::string& record)
{
    if (m_ahead.valid())
        m_pickles = m_ahead.get();
    if (auto found = m_pickles.extract(record))
        return std::move(found.mapped());
    const auto [data, size] = m_archive->getRecord(record);
    return soundlyUnpickled({static_cast<const char*>(data.get()), size});
}

SourceMap::File SourceMap::readFile(const std::string& record)
{
    File file;
    if (!m_archive || !m_archive->hasRecord(record))
        return file;
    const c10::IValue root = unpickled(record);
    const Elements& top = elementsOf(root);
    const bool hasTable = top.size() >= 3 && top[0].isString() &&
                          top[0].toStringRef() == torch::jit::kFormatWithStringTable;
    Texts texts = hasTable ? Texts(top[1]) : Texts();

    std::unordered_map<const c10::ivalue::Tuple*, std::uint32_t> fragments;
    const auto fragmentOf = [&](const c10::IValue& value) {
        const Elements& source = elementsOf(value);
        const auto* tuple = &value.toTupleRef();
        const auto found = fragments.find(tuple);
        if (found != fragments.end())
            return found->second;
        const std::uint32_t index = addFragment(texts.fragment(source));
        fragments.emplace(tuple, index);
        return index;
    };

    for (const c10::IValue& line : elementsOf(hasTable ? top[2] : root)) {
        const Elements& entry = elementsOf(line);
        const std::int64_t offset = integerIn(entry, torch::jit::kByteOffsetIndex, largest);
        const Elements& range = elementsOf(entry.at(torch::jit::kSourceRangeIndex));
        if (range.size() != 3)
            throw std::runtime_error("a range has a wrong form");
        const std::uint32_t fragment = fragmentOf(range[0]);
        // LibTorch writes ranges that go past the text, for what has no text.
        const auto length = static_cast<std::int64_t>(m_fragments[fragment].text.size());
        const std::int64_t begin = std::min(integerIn(range, 1, largest), length);
        const std::int64_t end = std::min(integerIn(range, 2, largest), length);
        file.push_back({static_cast<std::uint64_t>(offset),
                        addLocation(fragment, static_cast<std::uint32_t>(begin),
                                    static_cast<std::uint32_t>(end))});
    }
    std::stable_sort(file.begin(), file.end(),
                     [](const Entry& a, const Entry& b) { return a.offset < b.offset; });
    return file;
}

std::uint32_t SourceMap::addFragment(Fragment fragment)
{
    const auto key = std::hash<std::string>()(fragment.file) * 31 +
                     std::hash<std::string>()(fragment.text) * 7 + fragment.firstLine;
    const auto [first, last] = m_fragmentIndex.equal_range(key);
    for (auto it = first; it != last; ++it) {
        const Fragment& known = m_fragments[it->second];
        if (known.file == fragment.file && known.firstLine == fragment.firstLine &&
            known.text == fragment.text)
            return it->second;
    }
    const auto index = static_cast<std::uint32_t>(m_fragments.size());
    m_fragments.push_back(std::move(fragment));
    m_fragmentIndex.emplace(key, index);
    return index;
}

// A location without a file is none, but the entry still ends the one before it.
SourceMap::Id SourceMap::addLocation(std::uint32_t fragment, std::uint32_t begin, std::uint32_t end)
{
    const Fragment& from = m_fragments[fragment];
    if (from.file.empty())
        return 0;
    Location location{fragment, from.firstLine, 0, begin, std::max(begin, end)};
    if (!from.isTrace) {
        const auto newlines = std::count(from.text.begin(), from.text.begin() + begin, '\n');
        const auto lineStart = begin == 0 ? std::string::npos : from.text.rfind('\n', begin - 1);
        location.line += static_cast<std::uint32_t>(newlines);
        location.column = static_cast<std::uint32_t>(
                              begin - (lineStart == std::string::npos ? 0 : lineStart + 1)) +
                          1;
    }
    const auto key = (static_cast<std::uint64_t>(fragment) << 32U) ^
                     (static_cast<std::uint64_t>(begin) * 2654435761U) ^ end;
    const auto [first, last] = m_locationIndex.equal_range(key);
    for (auto it = first; it != last; ++it) {
        const Location& known = m_locations[it->second];
        if (known.fragment == fragment && known.begin == begin && known.end == location.end)
            return it->second;
    }
    const auto id = static_cast<Id>(m_locations.size());
    m_locations.push_back(location);
    m_locationIndex.emplace(key, id);
    return id;
}

} // namespace jitscope::torchscript
