#include "app/cli/session/model_program.h"

#include "app/cli/session/bytecode_program.h"

namespace jitscope::cli {

namespace {

Result<ModelProgram> bytecodeOnly(const ModelFile& model, std::optional<Error> codeFailure)
{
    Result<ir::Program> program = readBytecodeProgram(model.path, model.report);
    if (!program)
        return tl::unexpected(program.error());
    return ModelProgram{*std::move(program), nullptr, std::move(codeFailure)};
}

} // namespace

Result<ModelProgram> readModelProgram(const ModelFile& model,
                                      const std::vector<std::filesystem::path>& operatorLibraries,
                                      const JobContext& job)
{
    if (isBytecodeOnly(model.report))
        return bytecodeOnly(model, std::nullopt);
    torchscript::LoadOptions options;
    options.operatorLibraries = operatorLibraries;
    auto loaded = torchscript::Session::load(model.path, options, job);
    if (!loaded && hasBytecodeInstead(model.report, loaded.error()))
        return bytecodeOnly(model, loaded.error());
    if (!loaded)
        return tl::unexpected(archive::withDamage(loaded.error(), model.report));
    if (job.isCancelled())
        return cancelled();
    Result<ir::Program> program = (*loaded)->program(job);
    if (!program)
        return tl::unexpected(program.error());
    if (model.report.kind == archive::Kind::LiteInterpreter) {
        Result<ir::Program> bytecode =
            readBytecodeProgram(model.path, model.report, nextKey(*program));
        if (bytecode)
            addBytecode(*program, *std::move(bytecode));
        else
            program->problems.push_back(bytecode.error().message());
        (*loaded)->reserveKeys(nextKey(*program));
    }
    return ModelProgram{*std::move(program), *std::move(loaded), std::nullopt};
}

} // namespace jitscope::cli
