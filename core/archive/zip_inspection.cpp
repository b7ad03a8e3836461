#include "core/archive/zip_inspection_p.h"

#include "core/archive/model_inspection_p.h"
#include "core/archive/pickle_tensors_p.h"
#include "core/archive/record_access_p.h"
#include "core/archive/served_model_p.h"
#include "core/archive/zip_layout_p.h"
#include "core/archive/zip_reader_p.h"
#include "core/support/content_hash.h"

#include <fmt/format.h>

#include <algorithm>

namespace jitscope::archive {

namespace {

// What deflate can make of a byte at most.
constexpr std::uint64_t largestRatio = 1032;
// Compressed records of more than this many times the file's size, and of more than this many bytes
// together, are a trap: weights do not compress like that.
constexpr std::uint64_t largestGrowth = 64;
constexpr std::uint64_t harmlessSize = 1u << 30;

constexpr std::string_view manifestFolder = "MAR-INF/"; // of a TorchServe archive

bool leavesArchive(std::string_view name)
{
    if (name.empty() || name.front() == '/' || name.find('\\') != std::string_view::npos ||
        name.find('\0') != std::string_view::npos)
        return true;
    while (!name.empty()) {
        const std::size_t end = std::min(name.find('/'), name.size());
        if (name.substr(0, end) == "..")
            return true;
        name.remove_prefix(std::min(end + 1, name.size()));
    }
    return false;
}

class Inspection
{
public:
    Inspection(const std::filesystem::path& file, const ZipReader& zip, Report& report)
        : m_file(file), m_zip(zip), m_report(report), m_records(zip, report)
    {}

    void run(const InspectOptions& options)
    {
        m_report.kind = Kind::Zip;
        readDirectory();
        if (m_report.records.empty())
            return;
        m_report.kind = kind();
        if (m_report.verdict != Verdict::Ok)
            return; // what is broken is not looked into
        const bool isModel =
            m_report.kind == Kind::TorchScript || m_report.kind == Kind::LiteInterpreter;
        if (isModel)
            inspectModel(m_records, m_report, !m_folder.empty(), m_hashed);
        else if (m_report.kind == Kind::TorchServe)
            inspectServedModel(m_records, m_report, m_hashed);
        else
            explainOtherKind();
        m_records.verify(options.verifiedWeights);
        m_report.modelHash = contentHash(std::as_bytes(std::span(m_hashed)));
    }

private:
    void readDirectory()
    {
        const std::vector<ZipEntry>& entries = m_zip.entries();
        if (entries.empty())
            return m_records.problem(Verdict::Damaged, "no-records", {}, "The archive is empty.",
                                     copyAgain);
        if (entries.size() > mostRecords) {
            return m_records.problem(Verdict::Refused, "too-many-records", {},
                                     fmt::format("The archive has {} records.", entries.size()),
                                     saveAgain);
        }
        m_folder = topFolder();
        for (std::size_t i = 0; i < entries.size(); ++i)
            addRecord(i);
        checkLayout();
    }

    // LibTorch takes the folder of the first record for the archive's, and sees nothing else. Empty
    // when that folder is not the model.
    [[nodiscard]] std::string topFolder() const
    {
        const std::vector<ZipEntry>& entries = m_zip.entries();
        const std::string& first = entries.front().name;
        const std::size_t slash = first.find('/');
        if (slash == std::string::npos)
            return {};
        std::string folder = first.substr(0, slash + 1);
        const bool isOnly = std::all_of(entries.begin(), entries.end(), [&](const ZipEntry& entry) {
            return entry.name.starts_with(folder);
        });
        const bool isModel =
            std::any_of(entries.begin(), entries.end(),
                        [&](const ZipEntry& entry) { return entry.name == folder + "data.pkl"; });
        return (isOnly && folder != manifestFolder) || isModel ? folder : std::string();
    }

    void addRecord(std::size_t index)
    {
        const ZipEntry& entry = m_zip.entries()[index];
        if (leavesArchive(entry.name)) {
            return m_records.problem(Verdict::Refused, "unsafe-name", entry.name,
                                     "The name of a record leads out of the archive.", doNotTrust);
        }
        if (!entry.name.starts_with(m_folder)) {
            return m_records.problem(
                Verdict::Ok, "stray-record", entry.name,
                "The record lies outside the model's folder; LibTorch does not see it.",
                "Some other program added it; delete it from the archive if it is not wanted.");
        }
        const std::string name = entry.name.substr(m_folder.size());
        if (name.empty() || name.ends_with('/'))
            return; // a folder
        m_records.add(name, index);
        if (!entry.isReadable) {
            m_records.problem(Verdict::Unsupported, "compression", name,
                              "The record is encrypted or compressed in a way that LibTorch cannot "
                              "read.",
                              saveAgain);
        }
        m_report.records.push_back({name, entry.size, entry.storedSize, entry.checksum, {}});
        m_hashed += fmt::format("{}\n{}\n{:08x}\n", name, entry.size, entry.checksum);
    }

    // Where the records lie, before any is read.
    void checkLayout()
    {
        const Result<ZipLayout> layout = readLayout(m_file, mostRecords);
        if (!layout) {
            return m_records.problem(Verdict::Damaged, "truncated", {}, layout.error().what,
                                     copyAgain);
        }
        const std::vector<ZipEntry>& entries = m_zip.entries();
        bool isAlike = layout->places.size() == entries.size();
        for (std::size_t i = 0; isAlike && i < entries.size(); ++i) {
            // libzip cuts a name at its first NUL.
            const std::string& written = layout->places[i].name;
            isAlike = entries[i].name == written.substr(0, written.find('\0')) &&
                      entries[i].size == layout->places[i].size &&
                      entries[i].storedSize == layout->places[i].storedSize;
        }
        if (!isAlike) {
            return m_records.problem(Verdict::Refused, "two-directories", {},
                                     "The archive has two directories, and programs differ in "
                                     "which they read.",
                                     doNotTrust);
        }
        checkPlaces(*layout);
        checkOverlaps(*layout);
    }

    void checkPlaces(const ZipLayout& layout)
    {
        std::uint64_t grown = 0;
        for (const ZipPlace& place : layout.places) {
            if (place.name.find('\0') != std::string::npos) {
                m_records.problem(Verdict::Refused, "unsafe-name", place.name.c_str(),
                                  "The name of a record leads out of the archive.", doNotTrust);
            } else if (place.begin == 0 || !place.isNamedAlike) {
                m_records.problem(Verdict::Damaged, "damaged-record", place.name,
                                  "The record is not where the archive's directory says.",
                                  copyAgain);
            } else if (place.storedSize > layout.fileSize ||
                       place.begin >
                           layout.directory - std::min(layout.directory, place.storedSize)) {
                m_records.problem(Verdict::Damaged, "damaged-record", place.name,
                                  "The record reaches beyond the end of the archive's content.",
                                  copyAgain);
            } else if ((place.method == 0 && place.size != place.storedSize) ||
                       place.size / largestRatio > place.storedSize) {
                m_records.problem(Verdict::Refused, "false-size", place.name,
                                  fmt::format("The record says that it has {} bytes, which cannot "
                                              "be in the {} that are stored.",
                                              place.size, place.storedSize),
                                  doNotTrust);
            } else if (place.method != 0) {
                grown += place.size;
            }
        }
        if (grown > harmlessSize && grown / largestGrowth > layout.fileSize) {
            m_records.problem(Verdict::Refused, "bomb", {},
                              fmt::format("The records would take {} MB out of a file of {} MB.",
                                          grown >> 20U, layout.fileSize >> 20U),
                              doNotTrust);
        }
    }

    void checkOverlaps(const ZipLayout& layout)
    {
        std::vector<const ZipPlace*> places;
        for (const ZipPlace& place : layout.places) {
            if (place.begin != 0)
                places.push_back(&place);
        }
        std::sort(places.begin(), places.end(),
                  [](const ZipPlace* a, const ZipPlace* b) { return a->header < b->header; });
        for (std::size_t i = 1; i < places.size(); ++i) {
            if (places[i]->header < places[i - 1]->begin + places[i - 1]->storedSize) {
                return m_records.problem(
                    Verdict::Refused, "overlap", places[i]->name,
                    fmt::format("The record lies in the same place as '{}'.", places[i - 1]->name),
                    doNotTrust);
            }
        }
    }

    [[nodiscard]] Kind kind()
    {
        const auto has = [&](std::string_view name) { return m_records.has(name); };
        const auto hasBelow = [&](std::string_view folder) { return m_records.hasBelow(folder); };
        if (has("archive_format") || has("serialized_exported_program.json"))
            return Kind::ExportedProgram;
        if (hasBelow(".data/ts_code/") || hasBelow(".data/extern_modules"))
            return Kind::EagerPickle; // torch.package
        if (hasBelow("models/") || hasBelow("data/aotinductor/") ||
            (m_folder == "data/" && hasBelow("aotinductor/")))
            return Kind::ExportedProgram;
        if (hasBelow(manifestFolder))
            return Kind::TorchServe;
        if (has("bytecode.pkl"))
            return Kind::LiteInterpreter;
        if (has("constants.pkl") || hasBelow("code/") || has("model.json"))
            return Kind::TorchScript;
        if (has("data.pkl"))
            return kindOfPickle();
        return Kind::Zip;
    }

    Kind kindOfPickle()
    {
        if (m_report.verdict != Verdict::Ok)
            return Kind::EagerPickle;
        const Result<PickleDocument> pickle = readPickle(m_records.read("data.pkl"));
        if (!pickle) {
            m_records.problem(Verdict::Ok, "damaged-record", "data.pkl", pickle.error().what,
                              copyAgain);
            return Kind::EagerPickle;
        }
        describeTensors(*pickle, m_report);
        return isStateDict(*pickle) ? Kind::StateDict : Kind::EagerPickle;
    }

    void explainOtherKind()
    {
        const auto explain = [this](std::string_view what, std::string_view remedy) {
            m_records.problem(Verdict::Unsupported, "other-kind", {}, std::string(what), remedy);
        };
        switch (m_report.kind) {
        case Kind::ExportedProgram:
            m_report.producer = "PyTorch";
            return explain("The file is a program of torch.export; it holds no TorchScript.",
                           "Load it in Python and make a TorchScript model of the original "
                           "module with torch.jit.trace or torch.jit.script.");
        case Kind::StateDict:
            m_report.producer = "PyTorch";
            return explain("The file holds the tensors of a model, but no code.",
                           "Load them into the model in Python, make a TorchScript model with "
                           "torch.jit.trace or torch.jit.script, and save that.");
        case Kind::EagerPickle:
            m_report.producer = "PyTorch";
            return explain("The file holds Python objects that torch.save wrote; it holds no "
                           "TorchScript.",
                           "Load it in Python, make a TorchScript model with torch.jit.trace or "
                           "torch.jit.script, and save that with torch.jit.save.");
        default:
            return explain("The file is a zip archive, but no model.",
                           "Open a file that torch.jit.save wrote.");
        }
    }

    const std::filesystem::path& m_file;
    const ZipReader& m_zip;
    Report& m_report;
    RecordAccess m_records;
    std::string m_folder; // with its slash
    std::string m_hashed;
};

} // namespace

void inspectZip(const std::filesystem::path& file, const InspectOptions& options, Report& report)
{
    const Result<ZipReader> zip = ZipReader::open(file);
    if (!zip) {
        report.kind = Kind::Zip;
        report.verdict = Verdict::Damaged;
        report.problems.push_back(
            {"truncated",
             {},
             "The file begins like an archive but its directory, which comes last, is missing or "
             "damaged: it was cut off.",
             std::string(copyAgain)});
        return;
    }
    Inspection(file, *zip, report).run(options);
}

} // namespace jitscope::archive
