#include "core/archive/bytecode_p.h"
#include "core/archive/flat_file_p.h"
#include "core/archive/flat_model_p.h"
#include "core/archive/lite_debug_p.h"
#include "core/archive/object_list_p.h"
#include "core/archive/pickle_tensors_p.h"
#include "core/archive/zip_reader_p.h"

#include <fmt/format.h>

#include <algorithm>

namespace jitscope::archive {

namespace {

constexpr std::uint64_t longestRecord = 64u << 20; // bytes

// Of data.pkl.
std::vector<LiteObject> objectsOf(const PickleDocument& pickle)
{
    LiteObjectList objects(TextBudget::ofPickle(pickle.end()));
    objects.indexOf(pickle.root(), pickle.callee(pickle.root()), {}, 0);
    for (std::uint32_t index = 0; index < objects.size(); ++index) {
        const PickleId state = pickle.items(objects.id(index))[2];
        if (!pickle.is(state, PickleKind::Dict))
            continue; // the class has its own __setstate__
        const std::span<const PickleId> items = pickle.items(state);
        for (std::size_t i = 0; i + 1 < items.size() && objects.hasRoom(); i += 2) {
            const PickleId value = items[i + 1];
            objects.addAttribute(index, pickle.text(items[i]), shownValue(pickle, value), value,
                                 pickle.callee(value));
        }
    }
    return objects.take();
}

class LiteReader
{
public:
    explicit LiteReader(const ZipReader& zip) : m_zip(zip) {}

    Result<LiteModel> read()
    {
        const auto bytecode = pickleOf("/bytecode.pkl");
        if (!bytecode)
            return tl::unexpected(bytecode.error());
        Result<Bytecode> parsed = readBytecode(*bytecode);
        if (!parsed)
            return tl::unexpected(parsed.error());
        m_model.bytecode = *std::move(parsed);
        if (const auto data = optional("/data.pkl"))
            m_model.objects = objectsOf(*data);
        if (const auto handles = optional("/mobile_debug_handles.pkl"))
            readDebugHandles(*handles, m_model.bytecode);
        if (const auto stacks = optional("/callstack_debug_map.pkl")) {
            m_model.debug = readCallStacks(*stacks);
            readAllPlaces();
        }
        return std::move(m_model);
    }

private:
    void readAllPlaces()
    {
        for (std::size_t i = 0; i < m_zip.entries().size(); ++i) {
            if (!m_zip.entries()[i].name.ends_with(".debug_pkl"))
                continue;
            const auto pickle = pickleAt(i);
            if (pickle)
                readPlaces(*pickle, m_model.places);
            else
                m_model.problems.push_back(pickle.error().message());
        }
        std::stable_sort(m_model.places.begin(), m_model.places.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
    }

    [[nodiscard]] std::optional<std::size_t> find(std::string_view end) const
    {
        const std::vector<ZipEntry>& entries = m_zip.entries();
        for (std::size_t i = 0; i < entries.size(); ++i) {
            // Below the one top folder.
            if (entries[i].name.ends_with(end) &&
                entries[i].name.find('/') == entries[i].name.size() - end.size())
                return i;
        }
        return std::nullopt;
    }

    [[nodiscard]] Result<PickleDocument> pickleAt(std::size_t entry) const
    {
        Result<ZipContent> content = m_zip.read(entry, longestRecord);
        if (!content)
            return tl::unexpected(content.error());
        Result<PickleDocument> pickle = readPickle(std::move(content->bytes));
        if (!pickle)
            return pickle;
        if (const Result<void> flat = checkDepth(*pickle); !flat)
            return tl::unexpected(flat.error());
        return pickle;
    }

    [[nodiscard]] Result<PickleDocument> pickleOf(std::string_view end) const
    {
        const auto entry = find(end);
        if (!entry) {
            return fail(ErrorCode::UnusableFile, "The archive has no bytecode.", {},
                        "Save the model with _save_for_lite_interpreter.");
        }
        return pickleAt(*entry);
    }

    // What the model can be shown without: a problem when it is there and cannot be read.
    [[nodiscard]] std::optional<PickleDocument> optional(std::string_view end)
    {
        const auto entry = find(end);
        if (!entry)
            return std::nullopt;
        Result<PickleDocument> pickle = pickleAt(*entry);
        if (!pickle) {
            m_model.problems.push_back(
                fmt::format("{}: {}", end.substr(1), pickle.error().message()));
            return std::nullopt;
        }
        return *std::move(pickle);
    }

    const ZipReader& m_zip;
    LiteModel m_model;
};

} // namespace

Result<LiteModel> readLiteModel(const std::filesystem::path& file)
{
    if (isFlatFile(file)) {
        const Result<FlatFile> flat = FlatFile::open(file);
        return flat ? readLiteModel(flat->module()) : tl::unexpected(flat.error());
    }
    const Result<ZipReader> zip = ZipReader::open(file);
    if (!zip)
        return tl::unexpected(zip.error());
    return LiteReader(*zip).read();
}

} // namespace jitscope::archive
