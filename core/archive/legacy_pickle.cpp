#include "core/archive/legacy_pickle_p.h"

#include "core/archive/pickle_tensors_p.h"

namespace jitscope::archive {

namespace {

// torch/serialization.py: 0x1950a86a20f9469cfc6c, little-endian.
constexpr std::string_view magicNumber = "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";

void explain(Report& report, std::string_view what, std::string_view remedy)
{
    report.verdict = Verdict::Unsupported;
    report.problems.push_back({"other-kind", {}, std::string(what), std::string(remedy)});
}

constexpr std::string_view convert =
    "Load it in Python, make a TorchScript model with torch.jit.trace or torch.jit.script, and "
    "save that with torch.jit.save.";

} // namespace

void inspectLegacyPickle(std::string head, Report& report)
{
    report.kind = Kind::EagerPickle;
    Result<PickleDocument> pickle = readPickle(head);
    const bool isTorch = pickle && pickle->is(pickle->root(), PickleKind::Text) &&
                         pickle->text(pickle->root()) == magicNumber;
    if (!isTorch) {
        return explain(report, "The file is a Python pickle; it holds no TorchScript.", convert);
    }
    report.producer = "PyTorch";
    // The magic number, the version of the protocol, facts about the machine, and the object.
    for (int i = 0; pickle && i < 3; ++i) {
        head.erase(0, pickle->end());
        pickle = readPickle(head);
    }
    if (!pickle) {
        explain(report,
                "The file is a Python pickle, as torch.save wrote it before version 1.6; it "
                "holds no TorchScript.",
                convert);
        report.problems.push_back(
            {"damaged-record", {}, pickle.error().what, "Download or copy the file again."});
        return;
    }
    describeTensors(*pickle, report);
    if (isStateDict(*pickle)) {
        report.kind = Kind::StateDict;
        return explain(report,
                       "The file holds the tensors of a model, as torch.save wrote them before "
                       "version 1.6, but no code.",
                       "Load them into the model in Python, make a TorchScript model with "
                       "torch.jit.trace or torch.jit.script, and save that.");
    }
    explain(report,
            "The file is a Python pickle, as torch.save wrote it before version 1.6; it holds no "
            "TorchScript.",
            convert);
}

} // namespace jitscope::archive
