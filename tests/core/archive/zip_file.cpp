#include "tests/core/archive/zip_file.h"

#include <zip.h>

#include <stdexcept>

namespace jitscope::test {

void writeZip(const std::filesystem::path& file, const ZipRecords& records, bool isDeflated)
{
    int code = 0;
    zip_t* archive = zip_open(file.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
    if (archive == nullptr)
        throw std::runtime_error("cannot create " + file.string());
    for (const auto& [name, content] : records) {
        zip_source_t* source = zip_source_buffer(archive, content.data(), content.size(), 0);
        const zip_int64_t index = zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
        if (index < 0)
            throw std::runtime_error("cannot add " + name);
        zip_set_file_compression(archive, static_cast<zip_uint64_t>(index),
                                 isDeflated ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0);
    }
    if (zip_close(archive) != 0)
        throw std::runtime_error("cannot write " + file.string());
}

ZipRecords smallModel()
{
    return {
        {"m/data.pkl", "\x80\x02}."},
        {"m/code/__torch__.py",
         "class M(Module):\n  def forward(self: __torch__.M,\n    x: Tensor) "
         "-> Tensor:\n    return torch.relu(x)\n"},
        {"m/constants.pkl", "\x80\x02)."},
        {"m/version", "3\n"},
        {"m/byteorder", "little"},
    };
}

ZipRecords with(ZipRecords records, const std::string& name, const std::string& content)
{
    std::erase_if(records, [&](const auto& record) { return record.first == name; });
    records.emplace_back(name, content);
    return records;
}

} // namespace jitscope::test
