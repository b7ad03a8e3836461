// The nodes that read a tensor: where a module's methods get an attribute of their instance.
// Private to views/weights.
#pragma once

#include "views/model/document_model.h"

#include <functional>
#include <string>
#include <vector>

namespace jitscope::views {

// Finds the nodes of the stage `loaded` that read the attribute `name` (such as "weight", or
// "conv.weight" where it is read through another module) of the instance `module`, in its own
// methods and those of the instances above it. Gives them to `done` on the UI thread, unless
// `context` is gone by then; none if it is read nowhere.
void findAttributeReads(DocumentModel& document, const std::string& module, const std::string& name,
                        QObject* context, std::function<void(std::vector<document::NodeRef>)> done);

} // namespace jitscope::views
