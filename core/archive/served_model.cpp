#include "core/archive/served_model.h"
#include "core/archive/served_model_p.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace jitscope::archive {

namespace {

using nlohmann::json;

constexpr std::string_view manifestName = "MAR-INF/MANIFEST.json";

// A text or number of an object, as text.
std::string field(const json& object, const char* name)
{
    const auto found = object.is_object() ? object.find(name) : object.end();
    if (!object.is_object() || found == object.end())
        return {};
    return found->is_string()   ? found->get<std::string>()
           : found->is_number() ? found->dump()
                                : std::string();
}

bool isModelName(std::string_view name)
{
    return name.ends_with(".pt") || name.ends_with(".pth") || name.ends_with(".ptl") ||
           name.ends_with(".torchscript");
}

} // namespace

void inspectServedModel(RecordAccess& records, Report& report, std::string& hashed)
{
    ServedModel served;
    if (!records.has(manifestName)) {
        report.served = served;
        return records.problem(Verdict::Damaged, "missing-record", manifestName,
                               "The TorchServe archive has no manifest.",
                               "Make it again with torch-model-archiver.");
    }
    const std::string text = records.read(manifestName);
    hashed += text;
    const json manifest = json::parse(text, nullptr, false);
    const json model = manifest.is_object() ? manifest.value("model", json()) : json();
    if (!model.is_object()) {
        report.served = served;
        return records.problem(Verdict::Damaged, "damaged-record", manifestName,
                               "The manifest of the TorchServe archive cannot be read.",
                               "Make it again with torch-model-archiver.");
    }
    served.name = field(model, "modelName");
    served.version = field(model, "modelVersion");
    served.handler = field(model, "handler");
    served.modelFile = field(model, "modelFile");
    served.serialized = field(model, "serializedFile");
    served.runtime = field(manifest, "runtime");
    served.archiver = field(manifest, "archiverVersion");
    report.producer = served.archiver.empty() ? "torch-model-archiver"
                                              : "torch-model-archiver " + served.archiver;
    if (!served.serialized.empty() && !records.has(served.serialized)) {
        records.problem(Verdict::Damaged, "missing-record", served.serialized,
                        "The manifest names a model that is not in the archive.",
                        "Make it again with torch-model-archiver.");
    }
    // Some name no model and load one in their handler.
    for (std::size_t i = 0; served.serialized.empty() && i < report.records.size(); ++i) {
        if (isModelName(report.records[i].name))
            served.serialized = report.records[i].name;
    }
    if (served.serialized.empty()) {
        records.problem(Verdict::Unsupported, "other-kind", {},
                        "The TorchServe archive holds no model file.",
                        "Its handler makes the model; open the file that it loads.");
    }
    report.served = std::move(served);
}

Result<void> extractServedModel(const std::filesystem::path& archive, const std::string& record,
                                const std::filesystem::path& file)
{
    const Result<ZipReader> zip = ZipReader::open(archive);
    if (!zip)
        return tl::unexpected(zip.error());
    const std::vector<ZipEntry>& entries = zip->entries();
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (entries[i].name != record && !entries[i].name.ends_with("/" + record))
            continue;
        std::error_code error;
        const std::filesystem::space_info space = std::filesystem::space(file.parent_path(), error);
        if (!error && space.available < entries[i].size) {
            return fail(ErrorCode::Unavailable,
                        fmt::format("The model in the archive has {} MB, for which there is no "
                                    "room.",
                                    entries[i].size >> 20U),
                        file.parent_path().string(),
                        "Make room for temporary files, or let TMPDIR name another folder.");
        }
        return zip->extract(i, file, entries[i].size);
    }
    return fail(ErrorCode::UnusableFile, "The archive has no such record.",
                fmt::format("{}: {}", archive.string(), record));
}

} // namespace jitscope::archive
