// One HTML page about a model: self-contained, light and dark, printable, readable without script
// and without this program. Needs no LibTorch: what it tells comes from the pre-flight and from a
// document.
#pragma once

#include "core/archive/preflight.h"
#include "core/document/reader.h"
#include "core/support/job.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace jitscope::report {

struct Source
{
    std::filesystem::path file; // what was asked about, a model or a document
    // Of the model: `file`, or the one that the document names, if it is there.
    std::optional<archive::Report> inspection;
    std::uint64_t fileSize = 0;                 // bytes of the model; 0 if unknown
    const document::Reader* document = nullptr; // null for a file that is no model
    std::vector<std::string> stubbedOperators;  // "torchvision::nms": readable but not to be run
    std::vector<std::string> problems;          // told while the model was read, a sentence each
    std::optional<Error> failure;               // why there is no document of a model
    std::string madeAt;                         // UTC, for the foot of the page; may be empty
};

// Of a document: the model that it names is looked at where the document says it is, or beside the
// document, unless it is another one by now. `reader` must outlive the source.
[[nodiscard]] Source sourceOf(const document::Reader& reader);

// What a report of a very large model leaves out is said where it is missing.
struct Limits
{
    std::size_t modules = 4000;  // of the module tree
    std::size_t operators = 500; // kinds
    std::size_t tensors = 3000;  // the largest
    std::size_t pictures = 40;
    std::size_t boxes = 500;              // of one picture
    std::size_t pictureBytes = 4'000'000; // of all
    std::size_t runs = 20;
};

// Fails only when the document cannot be read, or with Cancelled.
[[nodiscard]] Result<std::string> html(const Source& source, const JobContext& job,
                                       const Limits& limits = {});

} // namespace jitscope::report
