// What the document says about how its stages were made, and so how to make them again: a stage
// follows from the model and the passes before it.
#pragma once

#include "core/document/reader.h"
#include "core/torchscript/pass_list.h"

namespace jitscope::cli {

class StageHistory
{
public:
    [[nodiscard]] static Result<StageHistory> read(const std::filesystem::path& document);

    // The row, or an Error that says which stages there are.
    [[nodiscard]] Result<document::StageRow> stage(std::int64_t id) const;
    // From the stage of kind inlined down to `id`, both included. An Error for a stage that cannot
    // be made again: `loaded` and executed plans.
    [[nodiscard]] Result<std::vector<document::StageRow>> chain(std::int64_t id) const;
    // The stage of kind inlined of a method; 0 if there is none.
    [[nodiscard]] std::int64_t inlinedStage(const std::string& module,
                                            const std::string& method) const;
    // Of the encoded graph.
    [[nodiscard]] Result<std::string> graphHash(std::int64_t graph) const;
    // The first key that was given to a node of the stage; 0 if it brought no new nodes.
    [[nodiscard]] Result<std::int64_t> firstKey(std::int64_t stage) const;
    // One more than the largest key in the document.
    [[nodiscard]] Result<std::int64_t> nextKey() const;

private:
    StageHistory(document::Reader reader, std::vector<document::StageRow> stages);
    [[nodiscard]] Result<std::int64_t> number(const std::string& sql) const;

    document::Reader m_reader;
    std::vector<document::StageRow> m_stages; // in order of id
};

} // namespace jitscope::cli
