// Whatever bytes a file holds that begins like an archive: looking at it comes to an end, tells
// what is wrong, and reads nothing outside the file.

#include "core/archive/preflight.h"
#include "core/archive/zip_layout_p.h"
#include "tests/fuzz/archive_mutator.h"
#include "tests/fuzz/fuzz_driver.h"

#include <cstdlib>
#include <fstream>

#include <unistd.h>

using namespace jitscope;

namespace {

void require(bool promise)
{
    if (!promise)
        std::abort();
}

std::filesystem::path scratchFile()
{
    return std::filesystem::temp_directory_path() /
           ("jitscope-zip-fuzzer-" + std::to_string(getpid()));
}

test::FuzzInput bytesOf(const test::RawArchive& archive)
{
    const std::string bytes = test::archiveBytes(archive);
    return {bytes.begin(), bytes.end()};
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::filesystem::path file = scratchFile();
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
    constexpr std::size_t mostRecords = 1000;
    const Result<archive::ZipLayout> layout = archive::readLayout(file, mostRecords);
    if (layout) {
        require(layout->places.size() <= mostRecords && layout->fileSize == size);
        require(layout->directory <= size);
    } else {
        require(!layout.error().what.empty());
    }
    archive::InspectOptions options;
    options.verifiedWeights = 1u << 20;
    const Result<archive::Report> report = archive::inspect(file, options);
    require(report.has_value());
    require(report->verdict == archive::Verdict::Ok || !report->problems.empty());
    const Result<void> loadable = archive::checkLoadable(*report, file);
    require(loadable.has_value() || !loadable.error().what.empty());
    return 0;
}

#ifndef JITSCOPE_LIBFUZZER
int main()
{
    test::RawArchive model;
    model.records = {
        {"m/data.pkl", "\x80\x02}."},
        {"m/code/__torch__.py", "def f(x: Tensor) -> Tensor:\n  return torch.relu(x)\n"},
        {"m/constants.pkl", "\x80\x02)."},
        {"m/version", "3\n"},
        {"m/data/0", std::string(64, 'w')}};
    test::RawArchive served;
    served.records = {{"MAR-INF/MANIFEST.json", R"({"model":{"serializedFile":"m.pt"}})"},
                      {"m.pt", "x"}};
    test::RawArchive lying = model;
    lying.records[1].sizeLie = 5;
    lying.records[2].offsetLie = -3;
    lying.countLie = 1;
    test::runFuzzer({{bytesOf(model), bytesOf(served), bytesOf(lying), {}}},
                    std::chrono::seconds(2));
    std::filesystem::remove(scratchFile());
    return 0;
}
#endif
