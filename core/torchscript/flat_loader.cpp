#include "core/torchscript/flat_loader_p.h"

#include "core/archive/flat_layout.h"
#include "core/lite/program.h"
#include "core/torchscript/operator_shape.h"

#include <torch/csrc/jit/mobile/flatbuffer_loader.h>
#include <torch/csrc/jit/serialization/import.h>

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace jitscope::torchscript {

namespace {

// Pages are read when something needs them.
void map(const std::filesystem::path& file, FlatModel& model)
{
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    TORCH_CHECK(descriptor >= 0, std::strerror(errno));
    struct stat status = {};
    void* start = MAP_FAILED;
    if (::fstat(descriptor, &status) == 0) {
        model.size = static_cast<std::size_t>(status.st_size);
        start = ::mmap(nullptr, model.size, PROT_READ | PROT_WRITE, MAP_PRIVATE, descriptor, 0);
    }
    const int error = errno;
    ::close(descriptor);
    TORCH_CHECK(start != MAP_FAILED, std::strerror(error));
    model.bytes = {static_cast<char*>(start),
                   [size = model.size](char* bytes) { ::munmap(bytes, size); }};
}

} // namespace

void requireSoundSetStates(const std::filesystem::path& file)
{
    Result<archive::LiteModel> model = archive::readLiteModel(file);
    TORCH_CHECK(model, model.error().what);
    std::erase_if(model->bytecode.functions, [](const archive::BytecodeFunction& function) {
        return !function.name.ends_with(archive::setStateName);
    });
    model->problems.clear();
    const ir::Program program = lite::programOf(*model, {}, registeredOperator, 1);
    TORCH_CHECK(program.problems.empty(), program.problems.front(),
                " LibTorch would run it while it loads the model.");
}

FlatModel loadFlatModel(const std::filesystem::path& file)
{
    FlatModel model;
    map(file, model);
    torch::jit::ExtraFilesMap sources;
    const torch::jit::mobile::Module mobile =
        torch::jit::parse_and_initialize_mobile_module_for_jit(
            model.bytes.get(), model.size, sources, model.constants, c10::Device(c10::kCPU));
    model.module = torch::jit::jitModuleFromSourceAndConstants(
        mobile._ivalue(), sources, model.constants,
        static_cast<std::int32_t>(mobile.bytecode_version()));
    model.module.set_delete_memory(model.bytes);
    return model;
}

} // namespace jitscope::torchscript
