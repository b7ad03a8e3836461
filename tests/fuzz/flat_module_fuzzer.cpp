// Whatever bytes a file in flatbuffer form holds: checking it ends, and what passes can be read and
// becomes a sound graph.

#include "core/archive/flat_model_p.h"
#include "core/archive/flat_tensors_p.h"
#include "core/lite/program.h"
#include "tests/fuzz/fuzz_driver.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace jitscope;

namespace {

void require(bool promise)
{
    if (!promise)
        std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::vector<std::uint8_t> aligned(data, data + size);
    const auto module = archive::FlatModule::check(std::as_bytes(std::span(aligned)));
    if (!module) {
        require(!module.error().message.empty() && !module.error().code.empty());
        return 0;
    }
    const std::vector<archive::DescribedTensor> tensors = archive::describeTensors(*module);
    const Result<archive::LiteModel> model = archive::readLiteModel(*module);
    if (!model) {
        require(!model.error().what.empty());
        return 0;
    }
    for (const archive::LiteObject& object : model->objects)
        require(object.parent < model->objects.size());
    const ir::Program program = lite::programOf(*model, tensors, {}, 1);
    require(program.functions.size() == model->bytecode.functions.size());
    require(program.tensors.size() == tensors.size());
    for (const ir::Function& function : program.functions)
        require(function.graph.isConsistent());
    return 0;
}

#ifndef JITSCOPE_LIBFUZZER
int main()
{
    const char* const source = std::getenv("JITSCOPE_SOURCE_DIR");
    const std::filesystem::path folder = source == nullptr ? "." : source;
    std::ifstream sample(folder / "resources/samples/mobile_flatbuffer.ptl", std::ios::binary);
    const std::vector<test::FuzzInput> corpus{
        {std::istreambuf_iterator<char>(sample), std::istreambuf_iterator<char>()}};
    test::runFuzzer(corpus, std::chrono::seconds(2));
    return 0;
}
#endif
