#include "core/archive/zip_inspection_p.h"

#include "core/archive/code_scan_p.h"
#include "core/archive/pickle_scan_p.h"
#include "core/archive/zip_reader_p.h"
#include "core/support/content_hash.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <unordered_map>

namespace jitscope::archive {

namespace {

// File-format versions that LibTorch 2.11 reads (caffe2/serialize/versions.h).
constexpr std::int64_t oldestVersion = 1;
constexpr std::int64_t newestVersion = 10;

// Deeper code makes LibTorch's parser overflow the stack; 20,000 brackets do for sure. What
// LibTorch prints itself stays far below this.
constexpr std::size_t deepestNesting = 1000;

constexpr std::uint64_t largestText = 64u << 20;   // bytes of one record that is read
constexpr std::uint64_t largestTexts = 512u << 20; // bytes of all of them
constexpr std::size_t mostRecords = 1u << 20;

constexpr std::string_view copyAgain = "Download or copy the file again.";
constexpr std::string_view saveAgain = "Save the model again with torch.jit.save.";

bool isDebugRecord(std::string_view name)
{
    return name.ends_with(".debug_pkl");
}

bool isCode(std::string_view name)
{
    return name.starts_with("code/") && name.ends_with(".py");
}

// What the model hash reads besides the directory: all that is not weights and not debug
// information.
bool isHashed(std::string_view name)
{
    return isCode(name) || name.ends_with(".pkl");
}

bool leavesArchive(std::string_view name)
{
    if (name.empty() || name.front() == '/' || name.find('\\') != std::string_view::npos)
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
    Inspection(const ZipReader& zip, Report& report) : m_zip(zip), m_report(report) {}

    void run()
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
            inspectModel();
        else
            explainOtherKind();
        m_report.modelHash = contentHash(std::as_bytes(std::span(m_hashed)));
    }

private:
    void problem(Verdict verdict, std::string_view code, std::string_view record,
                 std::string message, std::string_view remedy)
    {
        // The first problem that is one decides.
        const auto place = verdict == Verdict::Ok ? m_report.problems.end()
                                                  : m_report.problems.begin() +
                                                        static_cast<std::ptrdiff_t>(m_deciding++);
        m_report.problems.insert(place, {std::string(code), std::string(record), std::move(message),
                                         std::string(remedy)});
        if (m_report.verdict == Verdict::Ok)
            m_report.verdict = verdict;
    }

    [[nodiscard]] bool has(std::string_view name) const
    {
        return m_index.contains(std::string(name));
    }

    [[nodiscard]] bool hasBelow(std::string_view folder) const
    {
        for (const Record& record : m_report.records) {
            if (record.name.starts_with(folder))
                return true;
        }
        return false;
    }

    void readDirectory()
    {
        const std::vector<ZipEntry>& entries = m_zip.entries();
        if (entries.empty())
            return problem(Verdict::Damaged, "no-records", {}, "The archive is empty.", copyAgain);
        if (entries.size() > mostRecords) {
            return problem(Verdict::Refused, "too-many-records", {},
                           fmt::format("The archive has {} records.", entries.size()), saveAgain);
        }
        m_folder = topFolder();
        for (std::size_t i = 0; i < entries.size(); ++i)
            addRecord(i);
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
        return isOnly || isModel ? folder : std::string();
    }

    void addRecord(std::size_t index)
    {
        const ZipEntry& entry = m_zip.entries()[index];
        if (leavesArchive(entry.name)) {
            return problem(Verdict::Refused, "unsafe-name", entry.name,
                           "The name of a record leads out of the archive.",
                           "Do not trust this file; get the model from its maker.");
        }
        if (!entry.name.starts_with(m_folder)) {
            return problem(Verdict::Ok, "stray-record", entry.name,
                           "The record lies outside the model's folder; LibTorch does not see it.",
                           {});
        }
        const std::string name = entry.name.substr(m_folder.size());
        if (name.empty() || name.ends_with('/'))
            return; // a folder
        if (!m_index.emplace(name, index).second) {
            problem(Verdict::Damaged, "duplicate-record", name,
                    "The archive has two records of this name.", saveAgain);
        }
        if (!entry.isReadable) {
            problem(Verdict::Unsupported, "compression", name,
                    "The record is encrypted or compressed in a way that LibTorch cannot read.",
                    saveAgain);
        } else if (!m_zip.isInPlace(index)) {
            problem(Verdict::Damaged, "damaged-record", name,
                    "The record is not where the archive's directory says.", copyAgain);
        }
        m_report.records.push_back({name, entry.size, entry.storedSize, entry.checksum});
        m_hashed += fmt::format("{}\n{}\n{:08x}\n", name, entry.size, entry.checksum);
    }

    [[nodiscard]] Kind kind()
    {
        if (has("archive_format") || has("serialized_exported_program.json") ||
            hasBelow("models/") || hasBelow("data/aotinductor/") ||
            (m_folder == "data/" && hasBelow("aotinductor/")))
            return Kind::ExportedProgram;
        if (hasBelow("MAR-INF/") || m_folder == "MAR-INF/")
            return Kind::TorchServe;
        if (has("bytecode.pkl"))
            return Kind::LiteInterpreter;
        if (has("constants.pkl") || hasBelow("code/") || has("model.json"))
            return Kind::TorchScript;
        if (hasBelow(".data/ts_code/") || hasBelow(".data/extern_modules"))
            return Kind::EagerPickle;
        if (has("data.pkl")) {
            const std::string pickle = read("data.pkl");
            return isStateDict(scanPickle(pickle)) ? Kind::StateDict : Kind::EagerPickle;
        }
        return Kind::Zip;
    }

    void explainOtherKind()
    {
        constexpr std::string_view convert =
            "Load it in Python, make a TorchScript model with torch.jit.trace or "
            "torch.jit.script, and save that with torch.jit.save.";
        const auto explain = [this](std::string_view what, std::string_view remedy) {
            problem(Verdict::Unsupported, "other-kind", {}, std::string(what), remedy);
        };
        switch (m_report.kind) {
        case Kind::ExportedProgram:
            m_report.producer = "PyTorch";
            return explain("The file is a program of torch.export; it holds no TorchScript.",
                           "Load it in Python and make a TorchScript model of the original "
                           "module with torch.jit.trace or torch.jit.script.");
        case Kind::TorchServe:
            m_report.producer = "torch-model-archiver";
            return explain("The file is a TorchServe archive.",
                           "Unzip it and open the model file (.pt) inside.");
        case Kind::StateDict:
            m_report.producer = "PyTorch";
            return explain("The file holds the tensors of a model, but no code.",
                           "Load them into the model in Python, make a TorchScript model with "
                           "torch.jit.trace or torch.jit.script, and save that.");
        case Kind::EagerPickle:
            m_report.producer = "PyTorch";
            return explain("The file holds Python objects that torch.save wrote; it holds no "
                           "TorchScript.",
                           convert);
        default:
            return explain("The file is a zip archive, but no model.",
                           "Open a file that torch.jit.save wrote.");
        }
    }

    // The content of a record, or empty when it cannot be read, which is then a problem.
    std::string read(std::string_view name)
    {
        const auto found = m_index.find(std::string(name));
        if (found == m_index.end())
            return {};
        const std::uint64_t size = m_zip.entries()[found->second].size;
        if (size > largestText || m_readBytes + size > largestTexts) {
            problem(Verdict::Refused, "oversized-record", name,
                    fmt::format("The record would take {} MB; that is more than code and pickles "
                                "ever have.",
                                size >> 20),
                    "Do not trust this file; get the model from its maker.");
            return {};
        }
        m_readBytes += size;
        Result<ZipContent> content = m_zip.read(found->second, largestText);
        if (!content) {
            problem(Verdict::Damaged, "damaged-record", name, content.error().what, copyAgain);
            return {};
        }
        if (!content->checksumHolds) {
            // No more than a remark: PyTorch can be told to write no checksums.
            problem(Verdict::Ok, "checksum", name,
                    "The content does not fit its checksum; it may be damaged.", copyAgain);
        }
        return std::move(content->bytes);
    }

    void inspectModel()
    {
        m_report.producer = has("byteorder") ? "PyTorch 2.1 or newer" : "PyTorch";
        if (m_folder.empty()) {
            return problem(Verdict::Damaged, "no-top-folder", {},
                           "The records do not lie in one folder, so the archive was unpacked and "
                           "zipped again.",
                           "Zip the folder itself, not its content, without compression (zip -r0); "
                           "or save the model again.");
        }
        if (has("model.json")) {
            return problem(Verdict::Unsupported, "legacy-format", "model.json",
                           "The file has the format of PyTorch before version 1.2.",
                           "Load it with PyTorch 1.2 to 1.13 and save it again.");
        }
        checkVersion();
        for (const std::string_view needed : {"data.pkl", "constants.pkl"}) {
            if (!has(needed)) {
                problem(Verdict::Damaged, "missing-record", needed,
                        fmt::format("The archive has no record '{}'.", needed), saveAgain);
            }
        }
        if (!hasBelow("code/")) {
            problem(Verdict::Damaged, "missing-record", "code/", "The archive holds no code.",
                    saveAgain);
        }
        if (has("byteorder"))
            m_report.byteOrder = read("byteorder").substr(0, 16);
        inspectContents();
    }

    void checkVersion()
    {
        const std::string_view record = has(".data/version") ? ".data/version" : "version";
        if (!has(record)) {
            return problem(Verdict::Damaged, "missing-record", "version",
                           "The archive does not say which version of the format it has.",
                           saveAgain);
        }
        const std::string text = read(record);
        const std::string_view digits =
            std::string_view(text).substr(0, text.find_last_not_of(" \r\n\t") + 1);
        std::int64_t version = 0;
        const auto [end, status] =
            std::from_chars(digits.data(), digits.data() + digits.size(), version);
        if (status != std::errc() || end != digits.data() + digits.size()) {
            return problem(Verdict::Damaged, "version", record,
                           "The version of the format is no number.", saveAgain);
        }
        m_report.fileFormatVersion = version;
        if (version > newestVersion) {
            problem(Verdict::Unsupported, "version-too-new", record,
                    fmt::format("The file has version {} of the format; LibTorch 2.11 reads up to "
                                "{}.",
                                version, newestVersion),
                    "Save it again with PyTorch 2.11 or older.");
        } else if (version < oldestVersion) {
            problem(Verdict::Unsupported, "version-too-old", record,
                    fmt::format("The file has version {} of the format; LibTorch 2.11 reads from "
                                "{}.",
                                version, oldestVersion),
                    saveAgain);
        }
    }

    void inspectContents()
    {
        bool isTraced = false;
        bool isScripted = false;
        bool hasControlFlow = false;
        std::set<std::string> fileOperators;
        // By index: a problem must not disturb the loop.
        for (std::size_t i = 0; i < m_report.records.size(); ++i) {
            const std::string name = m_report.records[i].name;
            if (!isHashed(name) && !isDebugRecord(name))
                continue;
            const std::string content = read(name);
            if (isDebugRecord(name)) {
                const DebugScan debug = scanDebugRecord(content);
                isTraced |= debug.isTraced;
                isScripted |= debug.isScripted;
                continue;
            }
            m_hashed += content;
            if (isCode(name))
                hasControlFlow |= inspectCode(name, content);
            else
                inspectPickle(name, content);
        }
        if (isTraced || isScripted)
            m_report.origin = !isScripted ? Origin::Traced
                              : isTraced  ? Origin::Mixed
                                          : Origin::Scripted;
        else if (has("traced_inputs.pkl"))
            m_report.origin = hasControlFlow ? Origin::Mixed : Origin::Traced;
        else if (hasControlFlow)
            m_report.origin = Origin::Scripted;
    }

    bool inspectCode(const std::string& name, std::string_view content)
    {
        const CodeScan code = scanCode(content);
        if (code.deepestNesting > deepestNesting) {
            problem(Verdict::Refused, "nesting", name,
                    fmt::format("The code is nested {} deep, on which LibTorch's parser overflows "
                                "the stack.",
                                code.deepestNesting),
                    "Split the expression in the Python source and save the model again.");
        }
        for (const std::string& op : code.fileOperators) {
            problem(Verdict::Ok, "writes-files", name,
                    fmt::format("The code calls {}, which can write files.", op),
                    "The engine may write in the document's folder only; look at the code before "
                    "you run the model elsewhere.");
        }
        for (const std::string& type : code.customClasses) {
            problem(Verdict::Ok, "custom-class", name,
                    fmt::format("The code uses the custom class {}.", type),
                    "If loading fails, name the library that provides it.");
        }
        return code.hasControlFlow;
    }

    void inspectPickle(const std::string& name, std::string_view content)
    {
        if (!content.empty() && !scanPickle(content).isWhole) {
            problem(Verdict::Damaged, "damaged-record", name, "The record is no complete pickle.",
                    copyAgain);
        }
    }

    const ZipReader& m_zip;
    Report& m_report;
    std::string m_folder; // with its slash
    std::unordered_map<std::string, std::size_t> m_index;
    std::string m_hashed;
    std::uint64_t m_readBytes = 0;
    std::size_t m_deciding = 0; // problems at the front that are more than remarks
};

} // namespace

void inspectZip(const std::filesystem::path& file, Report& report)
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
    Inspection(*zip, report).run();
}

} // namespace jitscope::archive
