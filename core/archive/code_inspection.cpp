#include "core/archive/code_inspection_p.h"

#include "core/archive/code_scan_p.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace jitscope::archive {

namespace {

// Deeper code makes LibTorch's parser overflow the stack; 20,000 brackets do for sure. What
// LibTorch prints itself stays far below this. Values in values are taken apart recursively, too.
constexpr std::size_t deepestNesting = 1000;

// Namespaces of the custom classes that LibTorch 2.11 has itself.
constexpr std::array ownNamespaces{
    std::string_view("quantized."), std::string_view("sparse."),   std::string_view("rnn."),
    std::string_view("xnnpack."),   std::string_view("mkldnn."),   std::string_view("_nnapi."),
    std::string_view("c10d."),      std::string_view("dist_rpc."), std::string_view("profiler."),
    std::string_view("cuda."),
};

bool isOwnClass(std::string_view type)
{
    return std::any_of(ownNamespaces.begin(), ownNamespaces.end(),
                       [&](std::string_view own) { return type.starts_with(own); });
}

} // namespace

void CodeInspection::add(const std::string& record, const std::string& module,
                         std::string_view content)
{
    const CodeScan code = scanCode(content);
    if (code.deepestNesting > deepestNesting) {
        m_problems.add(Verdict::Refused, "nesting", record,
                       fmt::format("The code is nested {} deep, on which LibTorch's parser "
                                   "overflows the stack.",
                                   code.deepestNesting),
                       "Split the expression in the Python source and save the model again.");
    }
    for (const std::string& op : code.fileOperators) {
        m_problems.add(
            Verdict::Ok, "writes-files", record,
            fmt::format("The code calls {}, which can write files{}.", op,
                        code.runAtLoad.empty() ? "" : "; it may do so while it is loaded"),
            "The engine may write no files outside the document's folder; look at the code before "
            "you run the model elsewhere.");
    }
    if (code.hidesCalls) {
        m_problems.add(Verdict::Ok, "hidden-calls", record,
                       "The code gives a namespace of operators another name, which "
                       "torch.jit.save never writes: what it calls cannot be told.",
                       "Look at the code before you run the model.");
    }
    for (const std::string& type : code.customClasses) {
        if (isOwnClass(type))
            continue;
        m_problems.add(Verdict::Ok, customClassCode, record,
                       fmt::format("The code uses the custom class {}.", type),
                       "If loading fails, name the library that provides it.");
    }
    for (const auto& [op, calls] : code.operators)
        m_operators[op] += calls;
    for (const std::string& type : code.classes)
        m_classes.insert(fmt::format("{}.{}", module, type));
    for (const std::string& type : code.runAtLoad)
        m_runAtLoad.insert(fmt::format("{}.{}", module, type));
    m_customClasses.insert(code.customClasses.begin(), code.customClasses.end());
    m_hasControlFlow = m_hasControlFlow || code.hasControlFlow;
}

void CodeInspection::add(std::string_view record, const Bytecode& bytecode)
{
    m_report.bytecodeVersion = bytecode.version;
    std::set<std::string> fileOperators;
    for (const BytecodeFunction& function : bytecode.functions) {
        m_report.bytecode.push_back({function.name, function.instructions.size(),
                                     function.operators.size(), function.constants.size(),
                                     function.types.size(), function.registers});
        for (const BytecodeOperator& op : function.operators) {
            if (op.name == "aten::save" || op.name == "aten::from_file")
                fileOperators.insert(op.name);
        }
        if (m_report.hasCode)
            continue;
        for (const Instruction& instruction : function.instructions) {
            if (isOperatorCall(instruction))
                ++m_operators[function.operators[static_cast<std::size_t>(instruction.x)].name];
        }
    }
    for (const std::string& op : fileOperators) {
        m_problems.add(Verdict::Ok, "writes-files", record,
                       fmt::format("The bytecode calls {}, which can write files.", op),
                       "Look at what it does before you run the model.");
    }
}

void CodeInspection::finish()
{
    for (const auto& [name, calls] : m_operators)
        m_report.operators.push_back({name, calls});
    m_report.classes.assign(m_classes.begin(), m_classes.end());
    m_report.customClasses.assign(m_customClasses.begin(), m_customClasses.end());
    m_report.runAtLoad.assign(m_runAtLoad.begin(), m_runAtLoad.end());
}

} // namespace jitscope::archive
