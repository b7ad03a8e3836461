#include "core/torchscript/session_p.h"

#include "core/ir/print.h"
#include "core/support/utf8.h"
#include "core/torchscript/archive_p.h"
#include "core/torchscript/devices_p.h"
#include "core/torchscript/exceptions_p.h"
#include "core/torchscript/graph_converter_p.h"
#include "core/torchscript/missing_operators_p.h"
#include "core/torchscript/operator_libraries_p.h"
#include "core/torchscript/operator_stubs_p.h"
#include "core/torchscript/pass_rows_p.h"
#include "core/torchscript/pass_runner_p.h"
#include "core/torchscript/program_builder_p.h"
#include "core/torchscript/structural_inliner_p.h"
#include "core/torchscript/tensor_table_p.h"

#include <torch/csrc/jit/api/function_impl.h>
#include <torch/headeronly/version.h>

#include <algorithm>
#include <chrono>

namespace jitscope::torchscript {

Session::Implementation::Implementation() = default;
Session::Implementation::~Implementation() = default;

const StageGraph* Session::Implementation::stage(StageHandle handle) const
{
    const auto found = m_stages.find(handle);
    return found == m_stages.end() ? nullptr : &found->second;
}

StageHandle Session::Implementation::keep(StageGraph stage)
{
    m_stages.emplace(++m_lastHandle, std::move(stage));
    return m_lastHandle;
}

Result<void> Session::Implementation::fillWeights(const JobContext& job)
{
    if (!m_damage.empty()) {
        return fail(ErrorCode::UnusableFile, m_damage.front(), m_path.string(),
                    "The model can be read but not run. Copy or download it again.");
    }
    return m_archive->fill(job);
}

ConvertedPlan Session::Implementation::convertPlan(const torch::jit::Graph& plan)
{
    ConvertedPlan converted;
    converted.graph =
        convert(plan, *m_identity, *m_schemas, [&](const torch::jit::Node& node, ir::NodeId) {
            // What the executor added itself has no origins; its neighbours' would claim time that
            // is not theirs.
            std::vector<ir::NodeKey> origins;
            if (m_identity->keyOf(&node) != 0 || !subgraphsOf(node).empty())
                origins = originsOf(node, *m_identity);
            const ir::NodeKey key = m_identity->add(derivedRecord(origins, *m_identity));
            return NodeMark{key, std::move(origins)};
        });
    forEachNode(plan, false, [&](torch::jit::Node* node) { converted.nodes.push_back(node); });
    return converted;
}

void Session::Implementation::tagFunctions()
{
    if (m_tagged)
        return;
    m_instances = instancesOf(m_module);
    m_functions = functionsOf(m_instances, *m_compilationUnit);
    m_interfaces = InterfaceCalls(m_instances, m_functions);
    m_tagged = true;
}

Result<std::vector<ir::Function>>
Session::Implementation::functions(const JobContext& job, std::vector<std::string>& problems)
{
    tagFunctions();
    auto functions =
        convertFunctions(m_functions, *m_identity, *m_sources, *m_schemas, job, problems);
    m_hasLoadedKeys = m_hasLoadedKeys || functions.has_value();
    return functions;
}

Result<void> Session::Implementation::giveLoadedKeys(const JobContext& job)
{
    if (m_hasLoadedKeys)
        return {};
    std::vector<std::string> problems;
    const auto converted = functions(job, problems);
    return converted ? Result<void>{} : tl::unexpected(converted.error());
}

const std::vector<NamedTensor>& Session::Implementation::tensors(std::vector<std::string>& problems)
{
    tagFunctions();
    if (!m_tensors)
        m_tensors = tensorsOf(m_instances, *m_archive, problems);
    return *m_tensors;
}

Session::Session(std::unique_ptr<Implementation> implementation)
    : m_implementation(std::move(implementation))
{}
Session::~Session() = default;

namespace {

Result<void> checkFile(const std::filesystem::path& model)
{
    std::error_code status;
    if (!std::filesystem::exists(model, status)) {
        return fail(ErrorCode::UnusableFile, "The file does not exist.", model.string(),
                    "Check the path.");
    }
    if (!std::filesystem::is_regular_file(model, status)) {
        return fail(ErrorCode::UnusableFile, "The path is no file.", model.string(),
                    "Give the path of a model file; an unpacked archive must be zipped again.");
    }
    if (std::filesystem::file_size(model, status) == 0 && !status) {
        return fail(ErrorCode::UnusableFile, "The file is empty.", model.string(),
                    "Copy or download the model again.");
    }
    return {};
}

Result<void> openLibraries(const std::vector<std::filesystem::path>& libraries,
                           const JobContext& job)
{
    if (!libraries.empty() && OperatorStubs::areInForce()) {
        return fail(ErrorCode::Unavailable,
                    "Operators of the library are declared for a model that is open for reading.",
                    libraries.front().string(),
                    "Close the other models first, or start the engine anew.");
    }
    for (const auto& library : libraries) {
        if (auto opened = openOperatorLibrary(library, job); !opened)
            return opened;
    }
    return {};
}

// A tensor whose storage is smaller than its shape says makes every operator read past the end.
std::vector<std::string> damagedTensors(const torch::jit::Module& module, const Archive& archive)
{
    std::vector<std::string> damage;
    const auto check = [&](const std::string& name, const at::Tensor& tensor) {
        if (!tensor.defined() || tensor.layout() != c10::kStrided || !tensor.has_storage() ||
            tensor.numel() == 0)
            return;
        std::uint64_t last = static_cast<std::uint64_t>(tensor.storage_offset());
        for (std::int64_t d = 0; d < tensor.dim(); ++d)
            last += static_cast<std::uint64_t>(tensor.size(d) - 1) *
                    static_cast<std::uint64_t>(tensor.stride(d));
        if ((last + 1) * tensor.element_size() >
            archive.bytesOf(tensor.storage().unsafeGetStorageImpl()))
            damage.push_back("The weights of " + toUtf8(name) +
                             " are cut off. Download or copy the file again.");
    };
    for (const auto& parameter : module.named_parameters())
        check(parameter.name, parameter.value);
    for (const auto& buffer : module.named_buffers())
        check(buffer.name, buffer.value);
    return damage;
}

} // namespace

Result<std::unique_ptr<Session>> Session::load(const std::filesystem::path& model,
                                               const LoadOptions& options, const JobContext& job)
{
    if (auto checked = checkFile(model); !checked)
        return tl::unexpected(checked.error());
    if (auto opened = openLibraries(options.operatorLibraries, job); !opened)
        return tl::unexpected(opened.error());
    // Each time that an operator is missing there are stubs for more of them; a model has only so
    // many.
    constexpr int mostAttempts = 100;
    const auto stubs = options.stubMissingOperators ? OperatorStubs::acquire() : nullptr;
    for (int attempt = 1;; ++attempt) {
        auto loaded = std::make_unique<Implementation>();
        loaded->m_path = model;
        loaded->m_stubs = stubs;
        try {
            if (auto read = loaded->load(options, job); !read)
                return tl::unexpected(read.error());
            return std::unique_ptr<Session>(new Session(std::move(loaded)));
        } catch (...) {
            Error error = loadError(model.string());
            const bool hasStubs =
                stubs && loaded->m_archive &&
                stubMissing(*stubs, *loaded->m_archive, currentExceptionMessage());
            if (hasStubs && attempt < mostAttempts)
                continue;
            if (attempt > 1) {
                error.remedy += " The model needs operators that no library provides here; what "
                                "they give was guessed to be tensors, which may be the cause. Give "
                                "the library that registers them as operator library.";
            }
            return tl::unexpected(std::move(error));
        }
    }
}

// Throws what LibTorch throws.
Result<void> Session::Implementation::load(const LoadOptions& options, const JobContext& job)
{
    job.progress("reading the archive");
    m_archive = Archive::open(m_path);
    m_sources = std::make_shared<SourceMap>(m_archive->reader());
    m_sources->readAhead();
    m_schemas = std::make_unique<SchemaTexts>();
    m_identity = std::make_unique<NodeIdentity>(m_sources);
    if (job.isCancelled())
        return cancelled();
    job.progress("loading the model");
    m_module = m_archive->load(options.lazyWeights);
    m_compilationUnit = m_module._ivalue()->compilation_unit();
    m_damage = damagedTensors(m_module, *m_archive);
    return {};
}

Result<ir::Program> Session::program(const JobContext& job)
{
    Implementation& self = *m_implementation;
    return guarded(
        [&]() -> Result<ir::Program> {
            ir::Program program;
            job.progress("reading graphs");
            auto functions = self.functions(job, program.problems);
            if (!functions)
                return tl::unexpected(functions.error());
            program.functions = *std::move(functions);
            program.candidates =
                describeCandidates(self.m_functions, self.m_interfaces, *self.m_identity);
            if (self.m_stubs)
                program.missingOperators = describeMissing(*self.m_stubs, program.functions);
            program.modules = describeModules(self.m_instances, self.m_functions);
            program.tensors =
                describeTensors(self.tensors(program.problems), *self.m_archive, program.problems);
            program.code = self.m_archive->code();
            program.codeLines = describeCodeLines(program, *self.m_identity);
            program.sources = describeSources(*self.m_sources);
            const auto& unread = self.m_sources->problems();
            program.problems.insert(program.problems.end(), unread.begin(), unread.end());
            program.problems.insert(program.problems.end(), self.m_damage.begin(),
                                    self.m_damage.end());
            return program;
        },
        [&] { return loadError(self.m_path.string()); });
}

Result<Stage> Session::inlined(const std::string& module, const std::string& method,
                               const JobContext& job)
{
    Implementation& self = *m_implementation;
    return guarded(
        [&]() -> Result<Stage> {
            if (const Result<void> given = self.giveLoadedKeys(job); !given)
                return tl::unexpected(given.error());
            const auto instance = std::find_if(
                self.m_instances.begin(), self.m_instances.end(),
                [&](const ModuleInstance& candidate) { return candidate.path == module; });
            if (instance == self.m_instances.end()) {
                return fail(ErrorCode::InvalidArgument, "The model has no module '" + module + "'.",
                            self.m_path.string(), "The module tree lists the paths.");
            }
            torch::jit::Function* function = instance->module.type()->findMethod(method);
            if (function == nullptr) {
                return fail(ErrorCode::InvalidArgument,
                            "The module has no method '" + method + "'.",
                            module.empty() ? self.m_path.string() : module,
                            "The module tree lists the methods of each module.");
            }
            job.progress("inlining");
            auto inlined = inlineCalls(torch::jit::toGraphFunction(*function), module,
                                       self.m_interfaces, *self.m_identity, job);
            if (!inlined)
                return tl::unexpected(inlined.error());
            Stage stage;
            stage.graph = convert(*inlined->graph, *self.m_identity, *self.m_schemas,
                                  [&](const torch::jit::Node& node, ir::NodeId) {
                                      const ir::NodeKey key = self.m_identity->keyOf(&node);
                                      return NodeMark{key, {inlined->loadedKeys.at(key)}};
                                  });
            stage.handle =
                self.keep({inlined->graph, instance->module, module, method, &function->getSchema(),
                           /*inlined=*/true, /*frozen=*/false,
                           /*afterPass=*/false});
            return stage;
        },
        [&] { return modelError(module.empty() ? method : module + "." + method); });
}

namespace {

constexpr std::uint64_t mostNodesForLint = 6000; // checking a graph takes a minute at 43,000

bool hasCalls(const ir::Graph& graph)
{
    return std::any_of(graph.nodes.begin(), graph.nodes.end(), [&](const ir::Node& node) {
        return graph.kind(node) == "prim::CallFunction" ||
               (graph.kind(node) == "prim::CallMethod" &&
                graph.text(graph.values[graph.inputsOf(node)[0]].type).starts_with("__torch__."));
    });
}

bool isNumber(const std::string& text)
{
    constexpr std::size_t mostDigits = 9;
    return !text.empty() && text.size() <= mostDigits &&
           text.find_first_not_of("0123456789") == std::string::npos;
}

Result<void> checkArgument(const PassInfo& pass, const PassArgument& argument,
                           const std::string& value)
{
    const auto& choices = argument.choices;
    if (!choices.empty() && std::find(choices.begin(), choices.end(), value) == choices.end()) {
        std::string all;
        for (const std::string& choice : choices)
            all += (all.empty() ? "" : ", ") + choice;
        return fail(ErrorCode::InvalidArgument,
                    "'" + value + "' is no value of the argument '" + argument.name + "'.",
                    pass.name, "It may be: " + all + ".");
    }
    if (isNumber(argument.defaultValue) && !isNumber(value)) {
        return fail(ErrorCode::InvalidArgument,
                    "The argument '" + argument.name + "' is no whole number: '" + value + "'.",
                    pass.name, "Give a number such as " + argument.defaultValue + ".");
    }
    return {};
}

Result<PassArguments> completeArguments(const PassInfo& pass, const PassArguments& given)
{
    PassArguments all;
    for (const PassArgument& argument : pass.arguments)
        all.emplace(argument.name, argument.defaultValue);
    for (const auto& [name, value] : given) {
        const auto known = all.find(name);
        if (known == all.end()) {
            std::string names;
            for (const PassArgument& argument : pass.arguments)
                names += (names.empty() ? "" : ", ") + argument.name;
            return fail(
                ErrorCode::InvalidArgument, "The pass has no argument '" + name + "'.", pass.name,
                names.empty() ? "It takes no arguments." : "Its arguments are: " + names + ".");
        }
        known->second = value;
    }
    for (const PassArgument& argument : pass.arguments) {
        if (auto checked = checkArgument(pass, argument, all.at(argument.name)); !checked)
            return tl::unexpected(checked.error());
    }
    return all;
}

Result<void> checkNeeds(const PassInfo& pass, const StageGraph& stage, const ir::Graph& graph)
{
    for (const PassNeed need : pass.needs) {
        if (need == PassNeed::Frozen && !stage.frozen) {
            return fail(ErrorCode::InvalidArgument, "The pass works on frozen models only.",
                        pass.name, "Apply freeze first.");
        }
        if (need == PassNeed::Inlined && hasCalls(graph)) {
            return fail(ErrorCode::InvalidArgument, "The pass needs a graph without calls.",
                        pass.name, "Apply inline first.");
        }
        if (need == PassNeed::EvalMode && !stage.frozen && stage.self.hasattr("training") &&
            stage.self.is_training()) {
            return fail(ErrorCode::InvalidArgument, "The model was saved in training mode.",
                        pass.name,
                        "Call eval() on the model before it is saved, or apply freeze first.");
        }
    }
    return {};
}

} // namespace

Result<PassOutcome> Session::apply(StageHandle handle, std::string_view name,
                                   const PassArguments& arguments, const JobContext& job)
{
    Implementation& self = *m_implementation;
    const StageGraph* from = self.stage(handle);
    if (from == nullptr)
        return fail(ErrorCode::InvalidArgument, "There is no such stage.", std::to_string(handle));
    (void)hasCuda(); // before a pass asks LibTorch
    const auto pass = findPass(name);
    if (!pass) {
        return fail(ErrorCode::InvalidArgument, "There is no pass '" + std::string(name) + "'.", {},
                    "The catalogue lists the passes.");
    }
    if (!pass->info.available)
        return fail(ErrorCode::Unavailable, pass->info.reason, pass->info.name);
    auto complete = completeArguments(pass->info, arguments);
    if (!complete)
        return tl::unexpected(complete.error());
    if (auto filled = self.fillWeights(job); !filled)
        return tl::unexpected(filled.error());
    if (job.isCancelled())
        return cancelled();

    return guarded(
        [&]() -> Result<PassOutcome> {
            NodeIdentity& identity = *self.m_identity;
            const auto keyed = [&](const torch::jit::Node& node, ir::NodeId) {
                return NodeMark{identity.keyOf(&node), {}};
            };
            PassContext context{from->graph->copy(), from->self, from->method,
                                from->frozen,        *complete,  {}};
            PassOutcome outcome;
            const ir::Graph before = convert(*context.graph, identity, *self.m_schemas, keyed);
            outcome.before = ir::count(before);
            outcome.kindsBefore = ir::countKinds(before);
            if (auto met = checkNeeds(pass->info, *from, before); !met)
                return tl::unexpected(met.error());
            const auto parentKeys = keysIn(*context.graph, identity);
            if (job.isCancelled())
                return cancelled();

            job.progress(pass->info.label);
            const auto start = std::chrono::steady_clock::now();
            pass->run(context);
            outcome.durationNs = std::chrono::duration_cast<std::chrono::nanoseconds>(
                                     std::chrono::steady_clock::now() - start)
                                     .count();
            if (job.isCancelled())
                return cancelled();

            const Origins origins = retag(*context.graph, parentKeys, identity);
            ir::Graph after =
                convert(*context.graph, identity, *self.m_schemas,
                        [&](const torch::jit::Node& node, ir::NodeId) {
                            const ir::NodeKey key = identity.keyOf(&node);
                            const auto found = origins.find(key);
                            return NodeMark{key, found == origins.end() ? std::vector<ir::NodeKey>{}
                                                                        : found->second};
                        });
            outcome.after = ir::count(after);
            outcome.kindsAfter = ir::countKinds(after);
            outcome.changed = ir::print(before) != ir::print(after);
            outcome.message = toUtf8(context.message);
            if (outcome.after.nodes <= mostNodesForLint)
                context.graph->lint();
            if (job.isCancelled())
                return cancelled();

            StageGraph to = *from;
            to.graph = context.graph;
            to.self = context.self;
            to.frozen = context.frozen;
            to.afterPass = true;
            to.schema = &to.self.get_method(to.method).function().getSchema();
            outcome.stage.graph = std::move(after);
            outcome.stage.handle = self.keep(std::move(to));
            return outcome;
        },
        [&] { return modelError("pass " + pass->info.name); });
}

void Session::reserveKeys(ir::NodeKey next)
{
    // The loaded keys come first and are always the same.
    Implementation& self = *m_implementation;
    (void)guarded([&] { return self.giveLoadedKeys({}); },
                  [&] { return loadError(self.m_path.string()); });
    self.m_identity->reserve(next);
}

std::vector<std::string> Session::devices()
{
    return availableDevices();
}

std::string Session::libtorchVersion()
{
    return TORCH_VERSION;
}

} // namespace jitscope::torchscript
