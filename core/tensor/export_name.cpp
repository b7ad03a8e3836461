#include "core/tensor/export_name.h"

#include <algorithm>

namespace jitscope::tensor {

namespace {

constexpr std::size_t longestName = 200; // bytes; file systems allow 255

bool isHarmless(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

std::string lowered(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

} // namespace

std::string ExportNames::add(std::string_view tensor)
{
    std::string stem(tensor.substr(0, longestName));
    std::replace_if(
        stem.begin(), stem.end(), [](char c) { return !isHarmless(c); }, '_');
    if (stem.empty() || stem.front() == '.' || stem.front() == '-')
        stem.insert(0, "_");
    std::string name = stem;
    for (int n = 2; !m_taken.insert(lowered(name)).second; ++n)
        name = stem + "-" + std::to_string(n);
    return name + ".npy";
}

} // namespace jitscope::tensor
