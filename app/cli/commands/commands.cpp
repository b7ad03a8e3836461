#include "app/cli/commands/command.h"

#include <array>

namespace jitscope::cli {

std::span<const AddCommand> commands()
{
    static constexpr std::array all{
        &addInfo,    &addOpen,   &addGraph, &addPasses, &addProfile,
        &addWeights, &addReport, &addSql,   &addServe,
    };
    return all;
}

} // namespace jitscope::cli
