// Whatever bytes a model file holds: the scans that look at them before LibTorch does come to an
// end and never look beyond them.

#include "core/archive/bytecode_p.h"
#include "core/archive/code_scan_p.h"
#include "core/archive/file_signature_p.h"
#include "core/archive/lite_debug_p.h"
#include "core/archive/pickle_tensors_p.h"
#include "tests/fuzz/fuzz_driver.h"

#include <cstdlib>
#include <string>

using namespace jitscope;

namespace {

void require(bool promise)
{
    if (!promise)
        std::abort();
}

// Everything that is asked of a pickle.
void scanPickle(const std::string& bytes)
{
    const Result<archive::PickleDocument> pickle = archive::readPickle(bytes);
    if (!pickle) {
        require(!pickle.error().what.empty());
        return;
    }
    require(pickle->end() <= bytes.size() && pickle->size() <= 2 * bytes.size());
    if (!archive::checkDepth(*pickle))
        return;
    (void)archive::isStateDict(*pickle);
    for (const archive::PickledTensor& tensor : archive::tensorsOf(*pickle)) {
        (void)archive::reach(tensor);
        (void)archive::bytesOf(tensor);
    }
    (void)archive::shownValue(*pickle, pickle->root());
    if (Result<archive::Bytecode> bytecode = archive::readBytecode(*pickle))
        archive::readDebugHandles(*pickle, *bytecode);
    (void)archive::readCallStacks(*pickle);
    std::vector<std::pair<std::int64_t, archive::LitePlace>> places;
    archive::readPlaces(*pickle, places);
}

test::FuzzInput bytesOf(std::string_view text)
{
    return {text.begin(), text.end()};
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    // A copy of just this size, so that a sanitizer sees any step beyond it.
    const std::string copy(reinterpret_cast<const char*>(data), size);
    const archive::CodeScan code = archive::scanCode(copy);
    require(code.deepestNesting <= size);
    (void)archive::scanDebugRecord(copy);
    scanPickle(copy);
    const archive::Signature signature =
        archive::signatureOf(std::string_view(copy).substr(0, archive::signatureLength), size);
    require((signature.verdict == archive::Verdict::Ok) == signature.message.empty());
    return 0;
}

#ifndef JITSCOPE_LIBFUZZER
int main()
{
    using namespace std::string_view_literals;
    const std::vector<test::FuzzInput> corpus{
        {},
        bytesOf("class M(Module):\n  def forward(self, x: Tensor) -> Tensor:\n    if bool(x):\n"
                "      y = torch.save(x, \"a\\\"(b\") # (\n    return [(x)]\n"),
        bytesOf("\x80\x02}q\0(X\x04\0\0\0nameq\x01"
                "ctorch._utils\n_rebuild_tensor_v2\nq\x02)RU\x01xQu."sv),
        bytesOf("\x80\x04\x95\x10\0\0\0\0\0\0\0\x8c\x06models\x8c\x03Net\x93)\x81."sv),
        bytesOf("/m/resnet.py(12): forward\n/m/a.py(3): call\n  def f(x):\n    return x"),
        bytesOf("\x08\0\0\0\0\0\0\0{\"a\":1}"sv),
        bytesOf("\x08\x08\x12\x07pytorch\x1a"sv),
    };
    test::runFuzzer(corpus, std::chrono::seconds(2));
    return 0;
}
#endif
