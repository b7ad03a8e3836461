// What a run says about a node or a module, for the properties. No widgets.
#pragma once

#include "core/timeline/run_times.h"
#include "views/model/document_model.h"
#include "views/shell/node_description.h"

namespace jitscope::views {

// Time, executions and share of the node, of what the executor made of it when it did not execute
// the node itself. Says so when it was not executed. No lines when there is no run.
[[nodiscard]] DescriptionSection describeNodeTime(const document::NodeRef& ref,
                                                  const DocumentModel& document,
                                                  const timeline::RunTimes* times);
[[nodiscard]] DescriptionSection describeModuleTime(const QString& path,
                                                    const DocumentModel& document,
                                                    const timeline::RunTimes* times);

} // namespace jitscope::views
