// Whatever bytes a record of bytecode holds: reading it ends, and what is read becomes a sound
// graph.

#include "core/archive/bytecode_p.h"
#include "core/lite/program.h"
#include "tests/fuzz/archive_mutator.h"
#include "tests/fuzz/fuzz_driver.h"

#include <algorithm>
#include <cstdlib>

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
    const Result<archive::PickleDocument> pickle =
        archive::readPickle({reinterpret_cast<const char*>(data), size});
    if (!pickle || !archive::checkDepth(*pickle))
        return 0;
    Result<archive::Bytecode> bytecode = archive::readBytecode(*pickle);
    if (!bytecode) {
        require(!bytecode.error().what.empty());
        return 0;
    }
    archive::LiteModel model;
    model.bytecode = *std::move(bytecode);
    for (const archive::BytecodeFunction& function : model.bytecode.functions)
        require(!lite::listing(function).empty());
    const ir::Program program = lite::programOf(model, {}, {}, 1);
    require(program.functions.size() == model.bytecode.functions.size());
    for (const ir::Function& function : program.functions)
        require(function.graph.isConsistent());
    return 0;
}

#ifndef JITSCOPE_LIBFUZZER
int main()
{
    const char* const source = std::getenv("JITSCOPE_SOURCE_DIR");
    const std::filesystem::path folder = source == nullptr ? "." : source;
    std::vector<test::FuzzInput> corpus{{}};
    for (const test::RawRecord& record :
         test::readArchive(folder / "resources/samples/mobile.ptl").records) {
        if (record.name.ends_with("/bytecode.pkl"))
            corpus.emplace_back(record.content.begin(), record.content.end());
    }
    test::runFuzzer(corpus, std::chrono::seconds(2));
    return 0;
}
#endif
