#include "app/cli/session/pass_descriptions.h"

#include "core/torchscript/pass_list.h"

namespace jitscope::cli {

std::vector<protocol::PassDescription> passDescriptions()
{
    std::vector<protocol::PassDescription> descriptions;
    for (const torchscript::PassInfo& pass : torchscript::passCatalogue()) {
        protocol::PassDescription description;
        description.name = pass.name;
        description.label = pass.label;
        description.category = pass.category;
        description.effect = pass.effect;
        for (const torchscript::PassNeed need : pass.needs)
            description.needs.emplace_back(toString(need));
        for (const torchscript::PassArgument& argument : pass.arguments) {
            description.arguments.push_back(
                {argument.name, argument.meaning, argument.defaultValue, argument.choices});
        }
        description.available = pass.available;
        description.reason = pass.reason;
        descriptions.push_back(std::move(description));
    }
    return descriptions;
}

} // namespace jitscope::cli
