#include "core/archive/flat_inspection_p.h"

#include "core/archive/code_inspection_p.h"
#include "core/archive/flat_model_p.h"
#include "core/archive/flat_tensors_p.h"
#include "core/archive/mapped_file_p.h"
#include "core/support/content_hash.h"

namespace jitscope::archive {

namespace {

class FlatInspection
{
public:
    FlatInspection(const FlatModule& module, Report& report)
        : m_module(module), m_report(report), m_problems(report), m_code(m_problems, report)
    {}

    void run()
    {
        const Result<Bytecode> bytecode = readBytecode(m_module);
        if (!bytecode) {
            return m_problems.add(Verdict::Damaged, "damaged-record", {}, bytecode.error().what,
                                  copyAgain);
        }
        const auto* const sources = m_module.root().sources();
        m_report.hasCode = sources != nullptr && sources->size() > 0;
        m_report.tensors = describeTensors(m_module);
        m_code.add({}, *bytecode);
        if (m_report.hasCode)
            inspectSources(*sources);
        for (const flat::Class* type : *m_module.root().classes()) {
            if (type->form() == flat::ClassForm::WithSetState)
                m_code.addRunAtLoad(std::string(textOf(type->name())));
        }
        m_code.finish();
        if (m_code.hasControlFlow())
            m_report.origin = Origin::Scripted;
    }

private:
    void inspectSources(const flatbuffers::Vector<flatbuffers::Offset<flat::File>>& sources)
    {
        for (const flat::File* source : sources) {
            const std::string module(textOf(source->name()));
            m_code.add(codeRecord(module), module, textOf(source->content()));
        }
    }

    const FlatModule& m_module;
    Report& m_report;
    ProblemList m_problems;
    CodeInspection m_code;
};

} // namespace

Result<void> inspectFlat(const std::filesystem::path& file, const InspectOptions& options,
                         Report& report)
{
    report.kind = Kind::LiteInterpreter;
    report.producer = "PyTorch";
    report.byteOrder = "little";
    const auto tell = [&report](const FlatFault& fault) {
        ProblemList(report).add(fault.verdict, fault.code, {}, fault.message,
                                fault.verdict == Verdict::Refused ? doNotTrust : copyAgain);
    };
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(file, error);
    if (const auto fault = FlatModule::checkSize(error ? 0 : size)) {
        tell(*fault);
        return {};
    }
    const Result<MappedFile> mapped =
        options.mapsFile ? MappedFile::open(file) : MappedFile::copy(file);
    if (!mapped)
        return tl::unexpected(mapped.error());
    // The form has no checksums that could stand for the weights.
    report.modelHash = contentHash(mapped->bytes());
    if (const auto module = FlatModule::check(mapped->bytes()))
        FlatInspection(*module, report).run();
    else
        tell(module.error());
    return {};
}

} // namespace jitscope::archive
