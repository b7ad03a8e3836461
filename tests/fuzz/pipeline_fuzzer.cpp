// Whatever a file of passes holds: it is read or refused with a place, and what is read can be
// written and read again.

#include "core/pipeline/pipeline.h"
#include "tests/fuzz/fuzz_driver.h"

#include <cstdlib>

using namespace jitscope;

namespace {

void require(bool promise)
{
    if (!promise)
        std::abort();
}

test::FuzzInput seed(std::string_view text)
{
    return {text.begin(), text.end()};
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto steps = pipeline::read(text, "file");
    if (!steps) {
        require(!steps.error().what.empty() && steps.error().where.starts_with("file"));
        return 0;
    }
    require(!steps->empty());
    for (const pipeline::Step& step : *steps)
        require(step.line > 0 && !step.pass.empty());
    const auto again = pipeline::read(pipeline::write(*steps), "file");
    require(again && again->size() == steps->size());
    const std::vector<pipeline::KnownPass> known = {{"freeze", {"mode"}}};
    (void)pipeline::check(*steps, known, "file");
    return 0;
}

#ifndef JITSCOPE_LIBFUZZER
int main()
{
    const std::vector<test::FuzzInput> corpus{
        {},
        seed("# comment\nfreeze:mode=drop\nfold-batch-norm # why\n"),
        seed("[{\"name\": \"freeze\", \"arguments\": {\"mode\": \"drop\", \"n\": 3}},\n"
             "\"fold-batch-norm:a=b\"]\n"),
        seed("\xEF\xBB\xBF[[[[1, 2.5e9, true, null, \"\\u0000\\ud800\"]]]]"),
    };
    test::runFuzzer(corpus, std::chrono::seconds(2));
    return 0;
}
#endif
