#include "core/torchscript/archive_p.h"

#include "core/support/utf8.h"

#include <c10/util/Exception.h>
#include <torch/csrc/jit/serialization/import.h>
#include <torch/csrc/jit/serialization/import_read.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <functional>
#include <unordered_set>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace jitscope::torchscript {

namespace {

// Smaller payloads are read at once: skipping them saves nothing, and some reads of headers are as
// small.
constexpr std::size_t smallestSkipped = 4096;

} // namespace

// The file, for LibTorch's zip reader. Reads that lie inside a skipped payload leave the buffer as
// it is.
class Archive::Adapter : public caffe2::serialize::ReadAdapterInterface
{
public:
    struct PayloadRead
    {
        std::uint64_t position = 0;
        std::size_t bytes = 0;
        bool skipped = false;
    };

    explicit Adapter(const std::filesystem::path& path) : m_path(path)
    {
        m_descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        TORCH_CHECK(m_descriptor >= 0, std::strerror(errno));
        struct stat status = {};
        if (::fstat(m_descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
            ::close(m_descriptor);
            TORCH_CHECK(false, "The path is no regular file");
        }
        m_size = static_cast<std::size_t>(status.st_size);
    }
    ~Adapter() override { ::close(m_descriptor); }
    Adapter(const Adapter&) = delete;
    Adapter& operator=(const Adapter&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

    // Watches the reads of these payloads, in order of position; with `skip` leaves the buffers of
    // large ones as they are.
    void watch(std::vector<Payload> payloads, bool skip)
    {
        m_watched = std::move(payloads);
        m_skip = skip;
    }

    // What was read of the payloads, by address of the buffer.
    [[nodiscard]] const std::unordered_map<const void*, PayloadRead>& reads() const
    {
        return m_reads;
    }

    [[nodiscard]] const Payload* payloadAt(std::uint64_t position) const
    {
        const auto after = std::upper_bound(
            m_watched.begin(), m_watched.end(), position,
            [](std::uint64_t at, const Payload& payload) { return at < payload.begin; });
        if (after == m_watched.begin() || position >= std::prev(after)->end)
            return nullptr;
        return &*std::prev(after);
    }

    size_t size() const override { return m_size; }

    size_t read(uint64_t position, void* buffer, size_t bytes, const char* /*what*/) const override
    {
        const Payload* payload = payloadAt(position);
        if (payload == nullptr || position + bytes > payload->end || payload->end > m_size) {
            // An address that LibTorch freed and uses again.
            if (!m_reads.empty())
                m_reads.erase(buffer);
            return readNow(position, buffer, bytes);
        }
        const bool skipped = m_skip && bytes >= smallestSkipped;
        m_reads[buffer] = {position, bytes, skipped};
        return skipped ? bytes : readNow(position, buffer, bytes);
    }

    // Fewer bytes than asked for where the file ends.
    size_t readNow(std::uint64_t position, void* buffer, std::size_t bytes) const
    {
        std::size_t done = 0;
        while (done < bytes) {
            const ::ssize_t count = ::pread(m_descriptor, static_cast<char*>(buffer) + done,
                                            bytes - done, static_cast<::off_t>(position + done));
            if (count < 0 && errno == EINTR)
                continue;
            if (count <= 0)
                break;
            done += static_cast<std::size_t>(count);
        }
        return done;
    }

private:
    std::filesystem::path m_path;
    int m_descriptor = -1;
    std::size_t m_size = 0;
    std::vector<Payload> m_watched; // in order of position
    bool m_skip = false;
    mutable std::unordered_map<const void*, PayloadRead> m_reads;
};

std::shared_ptr<Archive> Archive::open(const std::filesystem::path& file)
{
    auto adapter = std::make_shared<Adapter>(file);
    auto layout = archive::readFlatLayout(file);
    TORCH_CHECK(layout, layout.error().what);
    return std::shared_ptr<Archive>(*layout ? new Archive(std::move(adapter), **std::move(layout))
                                            : new Archive(std::move(adapter)));
}

Archive::~Archive() = default;

Archive::Archive(std::shared_ptr<Adapter> file)
    : m_path(file->path().string()),
      m_file(std::move(file)),
      m_reader(std::make_shared<caffe2::serialize::PyTorchStreamReader>(
          std::static_pointer_cast<caffe2::serialize::ReadAdapterInterface>(m_file)))
{
    m_records = m_reader->getAllRecords();
    m_weights = payloads("data/");
    m_areStored = std::all_of(m_weights.begin(), m_weights.end(), [this](const Payload& payload) {
        return payload.end <= m_file->size() && isStored(payload.record);
    });
    m_canBeLazy = m_areStored && !m_weights.empty() && !loadingComputes();
}

Archive::Archive(std::shared_ptr<Adapter> file, archive::FlatLayout layout)
    : m_path(file->path().string()), m_file(std::move(file)), m_layout(std::move(layout))
{}

bool Archive::isStored(const std::string& record) const
{
    // The compression method in the record's local header (APPNOTE.TXT 4.3.7): 0 is stored.
    constexpr std::uint64_t methodOffset = 8;
    std::array<unsigned char, 2> method{1, 1};
    const std::uint64_t header = m_reader->getRecordHeaderOffset(record);
    return m_file->readNow(header + methodOffset, method.data(), method.size()) == method.size() &&
           method[0] == 0 && method[1] == 0;
}

std::vector<Archive::Payload> Archive::payloads(std::string_view folder) const
{
    std::vector<Payload> found;
    for (const std::string& record : m_records) {
        if (!record.starts_with(folder) || record.ends_with(".debug_pkl"))
            continue;
        const std::uint64_t begin = m_reader->getRecordOffset(record);
        found.push_back({begin, begin + m_reader->getRecordSize(record), record});
    }
    std::sort(found.begin(), found.end(),
              [](const Payload& a, const Payload& b) { return a.begin < b.begin; });
    return found;
}

bool Archive::loadingComputes() const
{
    const auto contains = [this](const std::string& record, std::string_view word) {
        const auto [data, size] = m_reader->getRecord(record);
        return std::string_view(static_cast<const char*>(data.get()), size).find(word) !=
               std::string_view::npos;
    };
    if (m_reader->hasRecord("byteorder") && !contains("byteorder", "little"))
        return true;
    for (const std::string& record : m_records) {
        if (record.starts_with("code/") && record.ends_with(".py") &&
            contains(record, "def __setstate__"))
            return true;
    }
    if (!m_reader->hasRecord("data.pkl"))
        return false;
    constexpr std::array words = {"torch.classes", "_rebuild_qtensor", "_rebuild_sparse",
                                  "__setstate__"};
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return contains("data.pkl", word); });
}

torch::jit::Module Archive::load(bool lazy)
{
    if (m_layout) {
        if (m_layout->runsBytecode)
            requireSoundSetStates(m_path);
        m_flat = loadFlatModel(m_path);
        return m_flat.module;
    }
    lazy = lazy && m_canBeLazy;
    auto file = std::make_shared<Adapter>(m_file->path());
    // The bytes of a compressed record are not those of the storage.
    if (m_areStored)
        file->watch(m_weights, lazy);
    // The debug records are read by SourceMap, which checks what is in them.
    torch::jit::Module module =
        torch::jit::load(std::static_pointer_cast<caffe2::serialize::ReadAdapterInterface>(file),
                         c10::Device(c10::kCPU), /*load_debug_files=*/false);

    // Only buffers that became storages of the module are filled later; others may be freed by now.
    c10::IValue(module._ivalue()).visit([&](const c10::IValue& value) {
        if (!value.isTensor() || !value.toTensor().defined() || !value.toTensor().has_storage())
            return false;
        const c10::Storage& storage = value.toTensor().storage();
        const auto found = file->reads().find(storage.data());
        if (found == file->reads().end())
            return false;
        const auto& read = found->second;
        const FilePlace origin{file->payloadAt(read.position)->record, read.position, read.bytes};
        if (m_origins.emplace(storage.unsafeGetStorageImpl(), origin).second && read.skipped)
            m_pending.push_back({storage, read.position, read.bytes});
        return false;
    });
    return module;
}

Result<void> Archive::fill(const JobContext& job)
{
    const double total = static_cast<double>(m_pending.size());
    std::size_t done = 0;
    while (!m_pending.empty()) {
        if (job.isCancelled())
            return cancelled();
        const Pending& next = m_pending.back();
        const std::size_t bytes =
            m_file->readNow(next.position, next.storage.mutable_data(), next.bytes);
        if (bytes != next.bytes) {
            return fail(ErrorCode::UnusableFile,
                        "The weights cannot be read: the file ends too early.",
                        m_path + ": " + recordOf(next.storage.unsafeGetStorageImpl()),
                        "The file changed since it was opened, or is cut off. Open it again.");
        }
        m_pending.pop_back();
        job.progress("reading weights", static_cast<double>(++done) / total);
    }
    return {};
}

std::string Archive::recordOf(const c10::StorageImpl* storage) const
{
    if (m_layout)
        return flatRecordOf(storage);
    const auto found = m_origins.find(storage);
    return found == m_origins.end() ? std::string() : found->second.record;
}

std::string Archive::flatRecordOf(const c10::StorageImpl* storage) const
{
    const auto* const data = static_cast<const char*>(storage->data());
    const char* const begin = m_flat.bytes.get();
    if (begin == nullptr || data < begin || data >= begin + m_flat.size)
        return {};
    const auto position = static_cast<std::uint64_t>(data - begin);
    const auto found =
        std::lower_bound(m_layout->storages.begin(), m_layout->storages.end(), position,
                         [](const archive::FlatStorage& known, std::uint64_t sought) {
                             return known.position < sought;
                         });
    return found != m_layout->storages.end() && found->position == position ? found->record
                                                                            : std::string();
}

std::optional<FilePlace> Archive::placeOf(const c10::StorageImpl* storage) const
{
    const auto found = m_origins.find(storage);
    return m_canBeLazy && found != m_origins.end() ? std::optional(found->second) : std::nullopt;
}

std::size_t Archive::read(std::uint64_t position, void* buffer, std::size_t bytes) const
{
    return m_file->readNow(position, buffer, bytes);
}

std::size_t Archive::bytesOf(const c10::StorageImpl* storage) const
{
    const auto found = m_origins.find(storage);
    return found == m_origins.end() ? storage->nbytes()
                                    : std::min(storage->nbytes(), found->second.bytes);
}

std::vector<ir::CodeFile> Archive::code() const
{
    std::vector<ir::CodeFile> files;
    if (m_layout) {
        for (const archive::FlatCode& code : m_layout->code)
            files.push_back({toUtf8(code.record), toUtf8(code.text)});
        return files;
    }
    for (const std::string& record : m_records) {
        if (!record.starts_with("code/") || !record.ends_with(".py"))
            continue;
        const auto [data, size] = m_reader->getRecord(record);
        files.push_back({toUtf8(record), toUtf8({static_cast<const char*>(data.get()), size})});
    }
    std::sort(files.begin(), files.end(),
              [](const ir::CodeFile& a, const ir::CodeFile& b) { return a.record < b.record; });
    return files;
}

std::vector<StoredConstant> Archive::constants() const
{
    std::vector<StoredConstant> constants;
    if (m_layout) {
        for (const c10::IValue& value : m_flat.constants) {
            if (value.isTensor())
                constants.push_back({value.toTensor(), {}});
        }
        return constants;
    }
    if (!m_reader->hasRecord("constants.pkl"))
        return {};
    std::vector<Payload> stored = payloads("constants/");
    if (stored.empty())
        return {};
    std::erase_if(stored, [this](const Payload& payload) { return !isStored(payload.record); });
    auto file = std::make_shared<Adapter>(m_file->path());
    file->watch(std::move(stored), /*skip=*/true);
    caffe2::serialize::PyTorchStreamReader reader(
        std::static_pointer_cast<caffe2::serialize::ReadAdapterInterface>(file));
    const c10::IValue table = torch::jit::readArchiveAndTensors(
        "constants", "", "constants/", std::nullopt, std::nullopt, c10::Device(c10::kCPU), reader);
    const auto collect = [&](const c10::IValue& value) {
        if (!value.isTensor())
            return;
        StoredConstant& constant = constants.emplace_back();
        constant.tensor = value.toTensor();
        if (!constant.tensor.defined() || !constant.tensor.has_storage())
            return;
        const auto found = file->reads().find(constant.tensor.storage().data());
        if (found != file->reads().end() && found->second.skipped) {
            const auto& read = found->second;
            constant.place = {file->payloadAt(read.position)->record, read.position, read.bytes};
        }
    };
    if (table.isTuple()) {
        for (const c10::IValue& value : table.toTupleRef().elements())
            collect(value);
    } else if (table.isList()) {
        for (const c10::IValue& value : table.toListRef())
            collect(value);
    }
    return constants;
}

} // namespace jitscope::torchscript
