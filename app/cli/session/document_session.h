// A model and its document: opens the model, and writes every stage and run that is made of it into
// the document. What both the commands and `serve` work with. Belongs to one thread, that of the
// torchscript::Session in it.
#pragma once

#include "app/cli/session/tensor_work.h"
#include "core/archive/preflight.h"
#include "core/support/job.h"
#include "core/torchscript/session.h"
#include "profiler/record/recorder.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jitscope::cli {

// What to do with a document that is there already.
enum class Existing
{
    Replace,  // begin anew
    Continue, // go on with it if it is of the same model, else an Error
};

struct OpenRequest
{
    std::filesystem::path model; // may be empty with Continue: then the one the document names
    std::filesystem::path document;
    std::vector<std::filesystem::path> operatorLibraries;
    Existing existing = Existing::Continue;
    // Weights whose checksums are looked at, in bytes: they are left in the file until something
    // needs them, so looking at them takes time.
    std::uint64_t verifiedWeights = 0;
    std::optional<archive::Report> inspected = {}; // of the model, when it was looked at already
    std::string shown; // what messages name in place of the document; empty for the document
};

struct AppliedPass
{
    std::int64_t stage = 0;
    torchscript::PassOutcome outcome;
};

struct RecordedRun
{
    std::int64_t run = 0;           // row of the table `run`
    std::int64_t executedStage = 0; // the plan that the last iteration followed
    record::RunOutcome outcome;
};

class DocumentSession
{
public:
    // Told of every row that was added: "stage", "run", "chunks" (then with the id of the run) or
    // "tensors" (statistics of one and perhaps others).
    // Called on the thread that works, for chunks on the recorder's.
    using OnChanged = std::function<void(std::string_view what, std::int64_t id)>;

    // Looks at the file before LibTorch does: what is damaged or no TorchScript is an Error. Of a
    // text file with printed IR a document is made without LibTorch; inlined(), apply() and run()
    // answer with an Error then, for there is no model.
    [[nodiscard]] static Result<std::unique_ptr<DocumentSession>>
    open(const OpenRequest& request, OnChanged onChanged, const JobContext& job);
    ~DocumentSession();

    [[nodiscard]] const std::filesystem::path& document() const;
    [[nodiscard]] const std::string& modelHash() const;
    // What could not be read, a sentence each.
    [[nodiscard]] const std::vector<std::string>& problems() const;
    [[nodiscard]] const std::vector<ir::MissingOperator>& missingOperators() const;

    // The stage of kind `inlined` of a method: the one that the document has, or a new one.
    [[nodiscard]] Result<std::int64_t> inlined(const std::string& module, const std::string& method,
                                               const JobContext& job);

    // `stage` is of kind inlined or pass.
    [[nodiscard]] Result<AppliedPass> apply(std::int64_t stage, const std::string& pass,
                                            const torchscript::PassArguments& arguments,
                                            const JobContext& job);

    // Records into the document while it runs. `stage` is of kind inlined or pass; the request's
    // own stage, module and method are taken from it. A run that is cancelled or fails stays in
    // the document with that state.
    [[nodiscard]] Result<RecordedRun> run(std::int64_t stage, record::RunRequest request,
                                          const JobContext& job);

    // Statistics, values and files of the model's tensors; an Error when there is no model.
    [[nodiscard]] Result<TensorWork*> tensors();

private:
    class Implementation;
    explicit DocumentSession(std::unique_ptr<Implementation> implementation);
    std::unique_ptr<Implementation> m_implementation;
};

} // namespace jitscope::cli
