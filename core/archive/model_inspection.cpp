#include "core/archive/model_inspection_p.h"

#include "core/archive/bytecode_p.h"
#include "core/archive/code_inspection_p.h"
#include "core/archive/code_scan_p.h"
#include "core/archive/pickle_tensors_p.h"
#include "core/archive/quantized_state_p.h"
#include "core/archive/record_content.h"
#include "core/archive/shown_value_p.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <map>

namespace jitscope::archive {

namespace {

// File-format versions that LibTorch 2.11 reads (caffe2/serialize/versions.h).
constexpr std::int64_t oldestVersion = 1;
constexpr std::int64_t newestVersion = 10;

bool isDebugRecord(std::string_view name)
{
    return name.ends_with(".debug_pkl");
}

// What the model hash reads besides the directory: all that is not weights and not debug
// information.
bool isHashed(std::string_view name)
{
    return isCodeRecord(name) || name.ends_with(".pkl");
}

class ModelInspection
{
public:
    ModelInspection(RecordAccess& records, Report& report, std::string& hashed)
        : m_records(records), m_report(report), m_hashed(hashed), m_code(records.problems(), report)
    {}

    void run()
    {
        if (m_records.has("model.json")) {
            return m_records.problem(Verdict::Unsupported, "legacy-format", "model.json",
                                     "The file has the format of PyTorch before version 1.2.",
                                     "Load it with PyTorch 1.2 to 1.13 and save it again.");
        }
        checkVersion();
        const bool hasCode =
            std::any_of(m_report.records.begin(), m_report.records.end(),
                        [](const Record& record) { return isCodeRecord(record.name); });
        // A lite-interpreter file can do without.
        m_report.hasCode = hasCode && m_records.has("data.pkl") && m_records.has("constants.pkl");
        if (m_report.kind != Kind::LiteInterpreter)
            checkRecords(hasCode);
        if (m_records.has("byteorder"))
            m_report.byteOrder = m_records.read("byteorder").substr(0, 16);
        inspectContents();
    }

private:
    void checkRecords(bool hasCode)
    {
        for (const std::string_view needed : {"data.pkl", "constants.pkl"}) {
            if (!m_records.has(needed)) {
                m_records.problem(Verdict::Damaged, "missing-record", needed,
                                  fmt::format("The archive has no record '{}'.", needed),
                                  saveAgain);
            }
        }
        if (!hasCode) {
            m_records.problem(Verdict::Damaged, "missing-record", "code/",
                              "The archive holds no code.", saveAgain);
        }
    }

    void checkVersion()
    {
        const std::string_view record =
            m_records.has(".data/version") ? ".data/version" : "version";
        if (!m_records.has(record)) {
            return m_records.problem(Verdict::Damaged, "missing-record", "version",
                                     "The archive does not say which version of the format it has.",
                                     saveAgain);
        }
        const std::string text = m_records.read(record);
        const std::string_view digits =
            std::string_view(text).substr(0, text.find_last_not_of(" \r\n\t") + 1);
        std::int64_t version = 0;
        const auto [end, status] =
            std::from_chars(digits.data(), digits.data() + digits.size(), version);
        if (status != std::errc() || end != digits.data() + digits.size()) {
            return m_records.problem(Verdict::Damaged, "version", record,
                                     "The version of the format is no number.", saveAgain);
        }
        m_report.fileFormatVersion = version;
        if (version > newestVersion) {
            m_records.problem(Verdict::Unsupported, "version-too-new", record,
                              fmt::format("The file has version {} of the format; LibTorch 2.11 "
                                          "reads up to {}.",
                                          version, newestVersion),
                              "Save it again with PyTorch 2.11 or older.");
        } else if (version < oldestVersion) {
            m_records.problem(Verdict::Unsupported, "version-too-old", record,
                              fmt::format("The file has version {} of the format; LibTorch 2.11 "
                                          "reads from {}.",
                                          version, oldestVersion),
                              saveAgain);
        }
    }

    void inspectContents()
    {
        // By index: a problem must not disturb the loop.
        for (std::size_t i = 0; i < m_report.records.size(); ++i) {
            const std::string name = m_report.records[i].name;
            if (!isHashed(name) && !isDebugRecord(name))
                continue;
            std::string content = m_records.read(name);
            if (isDebugRecord(name)) {
                const DebugScan debug = scanDebugRecord(content);
                m_isTraced |= debug.isTraced;
                m_isScripted |= debug.isScripted;
                continue;
            }
            m_hashed += content;
            if (isCodeRecord(name))
                m_code.add(name, codeModule(name), content);
            else
                inspectPickle(name, std::move(content));
        }
        m_code.finish();
        checkStorages();
        decideOrigin();
    }

    void decideOrigin()
    {
        if (m_isTraced || m_isScripted)
            m_report.origin = !m_isScripted ? Origin::Traced
                              : m_isTraced  ? Origin::Mixed
                                            : Origin::Scripted;
        else if (m_records.has("traced_inputs.pkl"))
            m_report.origin = m_code.hasControlFlow() ? Origin::Mixed : Origin::Traced;
        else if (m_code.hasControlFlow())
            m_report.origin = Origin::Scripted;
    }

    void inspectPickle(const std::string& name, std::string content)
    {
        if (content.empty() && m_records.entry(name)->size != 0)
            return; // said already
        const Result<PickleDocument> pickle = readPickle(std::move(content));
        if (!pickle)
            return m_records.problem(Verdict::Damaged, "damaged-record", name, pickle.error().what,
                                     copyAgain);
        if (const Result<void> flat = checkDepth(*pickle); !flat)
            return m_records.problem(Verdict::Refused, "nesting", name, flat.error().what,
                                     doNotTrust);
        if (name == "data.pkl") {
            inspectTensors(name, "data/", *pickle);
            inspectStates(name, *pickle);
        } else if (name == "constants.pkl")
            inspectTensors(name, "constants/", *pickle);
        else if (name == "traced_inputs.pkl")
            readSampleInputs(*pickle);
        else if (name == "bytecode.pkl")
            inspectBytecode(*pickle);
    }

    // Tensors whose elements lie outside their storage are read out of bounds by LibTorch.
    void inspectTensors(std::string_view pickleName, std::string_view folder,
                        const PickleDocument& pickle)
    {
        for (const PickledTensor& tensor : tensorsOf(pickle)) {
            const std::string name = tensor.name.empty() ? std::string(pickleName) : tensor.name;
            const std::optional<std::uint64_t> needed = reach(tensor);
            const auto itemSize =
                static_cast<std::int64_t>(std::max<std::uint64_t>(tensor.elementSize, 1));
            std::int64_t storageBytes = 0;
            const bool overflows = __builtin_mul_overflow(tensor.elements, itemSize, &storageBytes);
            if (!tensor.isWellFormed || !needed || overflows ||
                *needed > static_cast<std::uint64_t>(storageBytes)) {
                m_records.problem(
                    Verdict::Refused, "tensor-bounds", pickleName,
                    fmt::format("The tensor {} reaches out of its storage; LibTorch would read "
                                "memory that is not the model's.",
                                name),
                    doNotTrust);
                continue;
            }
            const std::string record = fmt::format("{}{}", folder, tensor.record);
            auto& largest = m_storages[record];
            largest.bytes = std::max(largest.bytes, static_cast<std::uint64_t>(storageBytes));
            largest.tensor = name;
            m_report.tensors.push_back({folder == "constants/" ? record : name, tensor.dtype,
                                        tensor.shape, tensor.strides, bytesOf(tensor), record,
                                        tensor.isParameter, folder == "constants/"});
        }
    }

    void inspectStates(std::string_view pickleName, const PickleDocument& pickle)
    {
        const auto storage = [this](const std::string& record) {
            const std::string name = "data/" + record;
            return m_records.has(name) ? m_records.read(name) : std::string();
        };
        for (PickleId id = 0; id < pickle.size(); ++id) {
            if (dividesByZero(pickle, id, storage)) {
                return m_records.problem(Verdict::Refused, "set-state", pickleName,
                                         dividesByZeroMessage, doNotTrust);
            }
        }
    }

    void checkStorages()
    {
        for (const auto& [record, storage] : m_storages) {
            const ZipEntry* entry = m_records.entry(record);
            if (entry == nullptr) {
                m_records.problem(
                    Verdict::Damaged, "missing-record", record,
                    fmt::format("The record with the values of {} is missing.", storage.tensor),
                    copyAgain);
            } else if (entry->size < storage.bytes) {
                // What is computed while loading, and constants, are read at once; weights only
                // when something needs them, which the engine then refuses.
                const bool isRead = record.starts_with("constants/") || !m_report.runAtLoad.empty();
                m_records.problem(
                    isRead ? Verdict::Refused : Verdict::Ok, "short-tensor", record,
                    fmt::format("The record has {} bytes, but {} needs {}.", entry->size,
                                storage.tensor, storage.bytes),
                    isRead ? doNotTrust
                           : "The model can be read but not run. Copy or download it again.");
            }
        }
    }

    // {"forward": [tensor, tensor]}, wrapped in type tags.
    void readSampleInputs(const PickleDocument& pickle)
    {
        const auto unwrapped = [&](PickleId id) {
            return pickle.callee(id) == "torch.jit._pickle.restore_type_tag" &&
                           !pickle.arguments(id).empty()
                       ? pickle.arguments(id)[0]
                       : id;
        };
        const PickleId methods = unwrapped(pickle.root());
        if (!pickle.is(methods, PickleKind::Dict))
            return;
        const std::span<const PickleId> items = pickle.items(methods);
        for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
            SampleInputs inputs{std::string(pickle.text(items[i])), {}};
            for (const PickleId argument : pickle.items(unwrapped(items[i + 1])))
                inputs.arguments.push_back(describe(pickle, unwrapped(argument), 0));
            m_report.sampleInputs.push_back(std::move(inputs));
        }
    }

    static std::string describe(const PickleDocument& pickle, PickleId id, int depth)
    {
        if (const auto tensor = tensorAt(pickle, id)) {
            return tensor->shape.empty()
                       ? tensor->dtype + " scalar"
                       : fmt::format("{} {}", tensor->dtype, fmt::join(tensor->shape, "x"));
        }
        switch (pickle.kind(id)) {
        case PickleKind::Int:
            return fmt::format("int {}", pickle.integer(id));
        case PickleKind::Bool:
            return pickle.integer(id) != 0 ? "true" : "false";
        case PickleKind::Float:
            return fmt::format("float {}", pickle.real(id));
        case PickleKind::None:
            return "none";
        case PickleKind::Tuple:
        case PickleKind::List: {
            const std::span<const PickleId> items = pickle.items(id);
            const std::string text = shownItems(items.size(), depth, [&](std::size_t i) {
                return describe(pickle, items[i], depth + 1);
            });
            return pickle.is(id, PickleKind::Tuple) ? "(" + text + ")" : "[" + text + "]";
        }
        case PickleKind::Object: {
            const std::span<const PickleId> arguments = pickle.arguments(id);
            return pickle.callee(id).starts_with("torch.jit._pickle.") && !arguments.empty() &&
                           depth < deepestShown
                       ? describe(pickle, arguments[0], depth + 1)
                       : "object";
        }
        default:
            return "object";
        }
    }

    void inspectBytecode(const PickleDocument& pickle)
    {
        if (const Result<Bytecode> bytecode = readBytecode(pickle)) {
            m_code.add("bytecode.pkl", *bytecode);
        } else {
            m_records.problem(Verdict::Damaged, "damaged-record", "bytecode.pkl",
                              bytecode.error().what, copyAgain);
        }
    }

    struct Storage
    {
        std::uint64_t bytes = 0;
        std::string tensor;
    };

    RecordAccess& m_records;
    Report& m_report;
    std::string& m_hashed;
    CodeInspection m_code;
    std::map<std::string, Storage> m_storages; // by record
    bool m_isTraced = false;
    bool m_isScripted = false;
};

} // namespace

void inspectModel(RecordAccess& records, Report& report, bool hasTopFolder, std::string& hashed)
{
    report.producer = records.has("byteorder") ? "PyTorch 2.1 or newer" : "PyTorch";
    if (!hasTopFolder) {
        return records.problem(
            Verdict::Damaged, "no-top-folder", {},
            "The records do not lie in one folder, so the archive was unpacked and zipped again.",
            "Zip the folder itself, not its content, without compression (zip -r0); or save the "
            "model again.");
    }
    ModelInspection(records, report, hashed).run();
}

} // namespace jitscope::archive
