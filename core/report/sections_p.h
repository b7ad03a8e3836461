// The sections of the page, each a function of what is known. Private to core/report.
#pragma once

#include "core/report/model_facts_p.h"
#include "core/report/page_p.h"
#include "core/report/report.h"

namespace jitscope::report {

struct Content
{
    const Source& source;
    const ModelFacts* facts = nullptr; // null for a file that is no model
    const Limits& limits;
    const JobContext& job;
};

// Title, verdict and one line about the model, above all sections; markup.
[[nodiscard]] std::string headerOf(const Content& content);
[[nodiscard]] std::string titleOf(const Content& content); // plain text

void writeSummary(Page& page, const Content& content);
void writeFindings(Page& page, const Content& content);
void writeRecords(Page& page, const Content& content); // of a file that is no model
void writeModuleTree(Page& page, const Content& content);
void writeOperators(Page& page, const Content& content);
void writeWeights(Page& page, const Content& content);
[[nodiscard]] Result<void> writePictures(Page& page, const Content& content);
[[nodiscard]] Result<void> writeRuns(Page& page, const Content& content);

} // namespace jitscope::report
