#include "core/report/report.h"

#include "core/report/page_frame_p.h"
#include "core/report/sections_p.h"

#include <fmt/format.h>

namespace jitscope::report {

Source sourceOf(const document::Reader& reader)
{
    Source source;
    source.file = reader.path();
    source.document = &reader;
    const Result<std::string> named = reader.info("model_path");
    const Result<std::string> hash = reader.info("model_hash");
    if (!named || named->empty() || !hash)
        return source;
    std::error_code error;
    std::filesystem::path model = *named;
    if (!std::filesystem::exists(model, error))
        model = source.file.parent_path() / model.filename();
    archive::InspectOptions options;
    options.mapsFile = false; // the window's process reads reports, too
    Result<archive::Report> inspection = archive::inspect(model, options);
    if (!inspection || inspection->modelHash != *hash)
        return source;
    source.inspection = *std::move(inspection);
    const std::uintmax_t size = std::filesystem::file_size(model, error);
    source.fileSize = error ? 0 : size;
    return source;
}

Result<std::string> html(const Source& source, const JobContext& job, const Limits& limits)
{
    std::unique_ptr<const ModelFacts> facts;
    if (source.document != nullptr) {
        job.progress("reading the document");
        Result<std::unique_ptr<const ModelFacts>> read = readFacts(*source.document, job);
        if (!read)
            return tl::unexpected(read.error());
        facts = *std::move(read);
    }
    const Content content{source, facts.get(), limits, job};
    Page page;
    writeSummary(page, content);
    writeFindings(page, content);
    if (facts) {
        if (const Result<void> runs = writeRuns(page, content); !runs)
            return tl::unexpected(runs.error());
        writeModuleTree(page, content);
        job.progress("drawing");
        if (const Result<void> pictures = writePictures(page, content); !pictures)
            return tl::unexpected(pictures.error());
        writeOperators(page, content);
        writeWeights(page, content);
    } else {
        writeRecords(page, content);
    }
    if (job.isCancelled())
        return cancelled();
    std::string foot = "Made by Jitscope";
    if (facts)
        foot += " " + escapedMarkup(facts->infoValue("jitscope_version"));
    if (!source.madeAt.empty())
        foot += ", " + escapedMarkup(source.madeAt);
    return framed(page, titleOf(content), headerOf(content), foot + ".");
}

} // namespace jitscope::report
