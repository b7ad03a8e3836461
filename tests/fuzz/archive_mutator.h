// Makes damaged and hostile archives out of whole ones, always the same for the same seed. The
// damage is of every kind that a disk, a download or an attacker does: to the bytes, to the
// directory, to which records there are, and inside records with everything around them right.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace jitscope::test {

// A record to be written, and what its headers say of it.
struct RawRecord
{
    std::string name;
    std::string content;
    // Lies: differences to the truth.
    std::int64_t sizeLie = 0;   // of the size in the directory
    std::int64_t storedLie = 0; // of the stored size in the directory
    std::int64_t offsetLie = 0; // of the place in the directory
    bool isMisnamed = false;    // the local header has another name
};

struct RawArchive
{
    std::vector<RawRecord> records;
    std::int64_t countLie = 0; // of the number of records in the end of the directory
    std::string after;         // bytes after the end
};

// Stored records only. Throws std::runtime_error when the file cannot be read.
[[nodiscard]] RawArchive readArchive(const std::filesystem::path& file);
// The bytes of the archive, with its lies and otherwise right checksums.
[[nodiscard]] std::string archiveBytes(const RawArchive& archive);

struct Mutant
{
    std::string bytes;
    std::string what; // the kind of damage: "pickle edited"
};

class ArchiveMutator
{
public:
    // The archives to start from; small ones are taken more often.
    explicit ArchiveMutator(const std::vector<std::filesystem::path>& files);

    [[nodiscard]] Mutant mutant(std::uint64_t seed) const;

private:
    struct Original
    {
        RawArchive archive;
        std::string bytes;
    };
    std::vector<Original> m_originals;
    std::vector<std::size_t> m_chances; // indexes into the originals, as often as they are taken
};

} // namespace jitscope::test
