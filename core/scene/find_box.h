// Finds the way to a node or module: which boxes have to be opened so that it has a box of its own.
#pragma once

#include "core/scene/scope_builder.h"
#include "core/support/job.h"

#include <optional>
#include <string>
#include <vector>

namespace jitscope::scene {

// The ids of the boxes around a node, outermost first; those that are open already among them.
// Nothing when it has no box anywhere below `root` (a condensed scene folds constants into who uses
// them), when looking for it took too many scopes, or when it was cancelled. What cannot be read on
// the way is passed over.
[[nodiscard]] std::optional<std::vector<std::string>> wayTo(ScopeBuilder& builder,
                                                            const ScopePtr& root,
                                                            const document::NodeRef& node,
                                                            const CancelToken& cancel);

// The same for a module instance.
[[nodiscard]] std::optional<std::vector<std::string>> wayToModule(ScopeBuilder& builder,
                                                                  const ScopePtr& root,
                                                                  const std::string& path,
                                                                  const CancelToken& cancel);

// Which boxes to open so that one that a user names is open, it being the last: by its id
// ("/layer1/0"), or a module instance by its path ("layer1.0", or "/layer1/0" where the root's
// forward calls another method first, whose id comes before). Nothing as above, and when it is
// nothing that can be opened.
[[nodiscard]] std::optional<std::vector<std::string>> wayInto(ScopeBuilder& builder,
                                                              const ScopePtr& root,
                                                              const std::string& name,
                                                              const CancelToken& cancel);

} // namespace jitscope::scene
