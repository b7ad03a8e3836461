// The flatbuffer form of a lite-interpreter file, checked. What reads it afterwards may trust every
// index and every text in it, and that no value holds itself. Private to core/archive.
#pragma once

#include "core/archive/preflight.h"

#include "lite_module_generated.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jitscope::archive {

// Why a file is not read.
struct FlatFault
{
    Verdict verdict = Verdict::Damaged;
    std::string code;
    std::string message;
};

using FlatId = std::uint32_t; // of a value

class FlatModule
{
public:
    // Nothing when a file of this size can be one; before any of it is read.
    [[nodiscard]] static std::optional<FlatFault> checkSize(std::uint64_t bytes);
    // The bytes must outlive it and be aligned to 16 bytes. Costs time and memory in proportion to
    // their number; the weights among them are not read.
    [[nodiscard]] static tl::expected<FlatModule, FlatFault>
    check(std::span<const std::byte> bytes);

    [[nodiscard]] const flat::Module& root() const { return *m_root; }
    [[nodiscard]] std::span<const std::byte> bytes() const { return m_bytes; }

    [[nodiscard]] FlatId size() const { return m_root->values()->size(); }
    [[nodiscard]] const flat::Value& value(FlatId id) const { return *m_root->values()->Get(id); }
    [[nodiscard]] const flat::Class& classOf(const flat::Object& object) const
    {
        return *m_root->classes()->Get(object.class_index());
    }

    // The bytes of the storage that a tensor lies in.
    [[nodiscard]] std::uint64_t storageBytes(const flat::Tensor& tensor) const;

private:
    explicit FlatModule(std::span<const std::byte> bytes);

    std::span<const std::byte> m_bytes;
    const flat::Module* m_root = nullptr;
};

[[nodiscard]] inline std::string_view textOf(const flatbuffers::String* text)
{
    return text == nullptr ? std::string_view() : std::string_view(text->c_str(), text->size());
}

// As the records of an archive are named; the module is what a file of code defines,
// "__torch__.torch.nn".
[[nodiscard]] std::string codeRecord(std::string_view module);
[[nodiscard]] std::string storageRecord(std::uint32_t index);

// A list of texts that the schema has as numbers; may be null.
using FlatTexts = flatbuffers::Vector<std::uint32_t>;
[[nodiscard]] const flatbuffers::String* textAt(const FlatTexts& texts, std::uint32_t index);

} // namespace jitscope::archive
