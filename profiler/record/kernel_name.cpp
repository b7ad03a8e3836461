#include "profiler/record/kernel_name_p.h"

#include <algorithm>

namespace jitscope::record {

std::string shortKernelName(std::string_view demangled)
{
    constexpr std::string_view anonymous = "(anonymous namespace)::";
    std::string name(demangled);
    for (std::size_t at = name.find(anonymous); at != std::string::npos; at = name.find(anonymous))
        name.erase(at, anonymous.size());
    name.resize(std::min(name.find_first_of("<("), name.size()));
    const std::size_t begin = name.find_last_of(" :");
    if (begin != std::string::npos)
        name.erase(0, begin + 1);
    return name.empty() ? std::string(demangled) : name;
}

} // namespace jitscope::record
