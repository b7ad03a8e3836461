// What a model's code and bytecode tell, in whatever form of file they lie. Private to
// core/archive.
#pragma once

#include "core/archive/bytecode.h"
#include "core/archive/problem_list_p.h"

#include <map>
#include <set>

namespace jitscope::archive {

class CodeInspection
{
public:
    // Both must outlive it. The report tells whether there is code.
    CodeInspection(ProblemList& problems, Report& report) : m_problems(problems), m_report(report)
    {}

    // A file of code; the module is what it defines: "__torch__.torch.nn".
    void add(const std::string& record, const std::string& module, std::string_view content);
    void add(std::string_view record, const Bytecode& bytecode);
    // Names a class of the object files that runs code while it is loaded.
    void addRunAtLoad(std::string type) { m_runAtLoad.insert(std::move(type)); }
    // Fills in the report; once, when all is added.
    void finish();

    [[nodiscard]] bool hasControlFlow() const { return m_hasControlFlow; }

private:
    ProblemList& m_problems;
    Report& m_report;
    std::map<std::string, std::uint64_t> m_operators;
    std::set<std::string> m_classes;
    std::set<std::string> m_customClasses;
    std::set<std::string> m_runAtLoad;
    bool m_hasControlFlow = false;
};

} // namespace jitscope::archive
