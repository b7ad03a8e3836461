// The model file: its records, and its weights, which stay in the file until they are needed.
//
// A lite-interpreter file in flatbuffer form has no records, but code and storages that are taken
// for some. It is seen as memory, so its weights stay in it without further ado. Of an archive:
// While LibTorch loads the module, reads of tensor payloads are skipped: LibTorch allocates each
// storage but its bytes stay untouched (and take no memory) until fill(). Nothing may read a tensor
// before that.
#pragma once

#include "core/archive/flat_layout.h"
#include "core/ir/program.h"
#include "core/support/job.h"
#include "core/torchscript/flat_loader_p.h"

#include <caffe2/serialize/inline_container.h>
#include <torch/csrc/jit/api/module.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace jitscope::torchscript {

// Where the bytes of a storage lie in the file, as they are in memory.
struct FilePlace
{
    std::string record;
    std::uint64_t position = 0;
    std::size_t bytes = 0;
};

struct StoredConstant
{
    at::Tensor tensor;
    std::optional<FilePlace> place; // none: its elements are in memory
};

class Archive
{
public:
    // Throws LibTorch's exceptions for what is no archive.
    [[nodiscard]] static std::shared_ptr<Archive> open(const std::filesystem::path& file);
    ~Archive();

    // Reads everything, always. For the records besides the weights. Null for a flatbuffer.
    [[nodiscard]] const std::shared_ptr<caffe2::serialize::PyTorchStreamReader>& reader() const
    {
        return m_reader;
    }

    // Whether the weights can be left in the file. False when loading itself computes with them
    // (objects with
    // __setstate__, quantized or sparse tensors, custom classes) or when they are not stored as
    // they are in memory.
    [[nodiscard]] bool canBeLazy() const { return m_canBeLazy; }

    [[nodiscard]] torch::jit::Module load(bool lazy);

    [[nodiscard]] bool isFilled() const { return m_pending.empty(); }
    // Reads what is still in the file.
    [[nodiscard]] Result<void> fill(const JobContext& job);

    // The record that a storage was read from ("data/12"), or empty.
    [[nodiscard]] std::string recordOf(const c10::StorageImpl* storage) const;

    // Where it was read from; nothing when loading may have changed what was read, or the record is
    // compressed.
    [[nodiscard]] std::optional<FilePlace> placeOf(const c10::StorageImpl* storage) const;

    // Fewer bytes than asked for where the file ends. Touches no storage.
    [[nodiscard]] std::size_t read(std::uint64_t position, void* buffer, std::size_t bytes) const;

    // How many bytes the storage really has: what its record holds may be less than its size says.
    [[nodiscard]] std::size_t bytesOf(const c10::StorageImpl* storage) const;

    [[nodiscard]] std::vector<ir::CodeFile> code() const;

    // The tensors of the archive's constants, in the order of their table. Those that have a place
    // are without their bytes: only their metadata may be read.
    [[nodiscard]] std::vector<StoredConstant> constants() const;

private:
    class Adapter;

    struct Payload
    {
        std::uint64_t begin = 0; // in the file
        std::uint64_t end = 0;
        std::string record;
    };

    struct Pending
    {
        c10::Storage storage;
        std::uint64_t position = 0;
        std::size_t bytes = 0;
    };

    explicit Archive(std::shared_ptr<Adapter> file);
    Archive(std::shared_ptr<Adapter> file, archive::FlatLayout layout);
    [[nodiscard]] std::vector<Payload> payloads(std::string_view folder) const;
    [[nodiscard]] bool isStored(const std::string& record) const;
    [[nodiscard]] bool loadingComputes() const;
    [[nodiscard]] std::string flatRecordOf(const c10::StorageImpl* storage) const;

    std::string m_path;
    std::shared_ptr<Adapter> m_file;
    std::shared_ptr<caffe2::serialize::PyTorchStreamReader> m_reader;
    std::vector<std::string> m_records;
    std::vector<Payload> m_weights; // in order of position
    bool m_areStored = false;       // no payload is compressed
    bool m_canBeLazy = false;
    std::vector<Pending> m_pending;
    std::unordered_map<const c10::StorageImpl*, FilePlace> m_origins;

    std::optional<archive::FlatLayout> m_layout; // of a flatbuffer
    FlatModel m_flat;
};

} // namespace jitscope::torchscript
