// Pieces of pickles of protocol 2, for tests that make models byte by byte.
#pragma once

#include "tests/core/archive/zip_file.h"

#include <cstdint>
#include <string>
#include <vector>

namespace jitscope::test {

inline std::string number(std::int64_t value)
{
    std::string bytes = "\x8a\x08";
    for (int i = 0; i < 8; ++i)
        bytes += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i));
    return bytes;
}
inline std::string text(const std::string& value)
{
    std::string bytes = "X";
    for (int i = 0; i < 4; ++i)
        bytes += static_cast<char>(value.size() >> (8 * i));
    return bytes + value;
}
inline std::string tuple(const std::vector<std::string>& items)
{
    std::string bytes = "(";
    for (const std::string& item : items)
        bytes += item;
    return bytes + "t";
}
inline std::string numbers(const std::vector<std::int64_t>& values)
{
    std::vector<std::string> items;
    for (const std::int64_t value : values)
        items.push_back(number(value));
    return tuple(items);
}

struct TensorText
{
    std::string key = "0";
    std::int64_t elements = 6;
    std::int64_t offset = 0;
    std::vector<std::int64_t> shape{2, 3};
    std::vector<std::int64_t> strides{3, 1};
    std::string type = "Float";

    [[nodiscard]] std::string pickle() const
    {
        const std::string storage = tuple({text("storage"), "ctorch\n" + type + "Storage\n",
                                           text(key), text("cpu"), number(elements)}) +
                                    "Q";
        return "ctorch._utils\n_rebuild_tensor_v2\n" +
               tuple({storage, number(offset), numbers(shape), numbers(strides), "\x89",
                      "ccollections\nOrderedDict\n)R"}) +
               "R";
    }
};

// A model whose only attribute is that tensor.
inline std::string modelPickle(const TensorText& tensor)
{
    return "\x80\x02" + std::string("c__torch__\nM\n)\x81}") + text("weight") + tensor.pickle() +
           "sb.";
}

inline ZipRecords modelWith(const TensorText& tensor, std::size_t bytes = 24)
{
    ZipRecords records = with(test::smallModel(), "m/data.pkl", modelPickle(tensor));
    records.emplace_back("m/data/" + tensor.key, std::string(bytes, '\0'));
    return records;
}

} // namespace jitscope::test
