// From a place in the serialized code (code/**.py of the archive) to the Python source that made
// it.
//
// LibTorch reads the same records, but without checking the numbers in them, and a damaged record
// crashes the process. Here every file is read on its own, on first use, with every number checked;
// a file that cannot be read adds a sentence to problems() and its nodes have no location.
#pragma once

#include "core/ir/program.h"

#include <caffe2/serialize/inline_container.h>
#include <torch/csrc/jit/frontend/source_range.h>

#include <future>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace jitscope::torchscript {

class SourceMap
{
public:
    using Id = std::uint32_t; // 0 is no location

    struct Location
    {
        std::uint32_t fragment = 0; // in fragments()
        std::uint32_t line = 0;     // from 1
        std::uint32_t column = 0;   // from 1; 0 when unknown, as for traced nodes
        std::uint32_t begin = 0;    // in the text that the record carries
        std::uint32_t end = 0;
    };

    // A piece of Python source. For a traced node `text` is the Python call stack of the trace.
    struct Fragment
    {
        std::string file;
        std::uint32_t firstLine = 0;
        std::string text;
        bool isTrace = false;
    };

    // `archive` reads the records; null gives a map that knows nothing.
    explicit SourceMap(std::shared_ptr<caffe2::serialize::PyTorchStreamReader> archive);

    // Starts to unpickle all records on a thread of its own, for find() to go on with. Returns at
    // once; loading the model meanwhile takes longer than that.
    void readAhead();

    // The Python location of a range in the serialized code.
    [[nodiscard]] Id find(const torch::jit::SourceRange& range);

    [[nodiscard]] const Location& location(Id id) const { return m_locations.at(id); }
    [[nodiscard]] const Fragment& fragment(std::uint32_t index) const
    {
        return m_fragments.at(index);
    }
    [[nodiscard]] const std::vector<Fragment>& fragments() const { return m_fragments; }

    // The location as LibTorch's own type, for its error messages.
    [[nodiscard]] torch::jit::SourceRange range(Id id) const;

    [[nodiscard]] const std::vector<std::string>& problems() const { return m_problems; }

private:
    struct Entry
    {
        std::uint64_t offset = 0; // in the serialized code, up to the next entry's
        Id location = 0;
    };
    using File = std::vector<Entry>;
    using Pickles = std::unordered_map<std::string, c10::IValue>; // by name of the record

    [[nodiscard]] const File& fileNamed(const std::string& name);
    [[nodiscard]] File readFile(const std::string& record);
    [[nodiscard]] c10::IValue unpickled(const std::string& record);
    [[nodiscard]] std::uint32_t addFragment(Fragment fragment);
    [[nodiscard]] Id addLocation(std::uint32_t fragment, std::uint32_t begin, std::uint32_t end);

    std::shared_ptr<caffe2::serialize::PyTorchStreamReader> m_archive;
    std::future<Pickles> m_ahead; // waited for when destroyed
    Pickles m_pickles;            // those read ahead and not yet used
    std::unordered_map<std::string, File> m_files;
    std::unordered_map<const torch::jit::Source*, const File*>
        m_bySource; // of sources held in m_held
    std::vector<std::shared_ptr<torch::jit::Source>> m_held;
    std::vector<Location> m_locations;
    std::vector<Fragment> m_fragments;
    std::unordered_multimap<std::uint64_t, Id> m_locationIndex;            // by hash
    std::unordered_multimap<std::uint64_t, std::uint32_t> m_fragmentIndex; // by hash
    mutable std::unordered_map<std::uint32_t, std::shared_ptr<torch::jit::Source>>
        m_sources; // by fragment
    std::vector<std::string> m_problems;
};

} // namespace jitscope::torchscript
