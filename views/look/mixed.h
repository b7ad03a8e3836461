// Colours between two others.
#pragma once

#include <QColor>

namespace jitscope::views {

// `share` of `b` and the rest of `a`; 0 is `a`, 1 is `b`. Opaque.
[[nodiscard]] QColor mixed(const QColor& a, const QColor& b, double share);

} // namespace jitscope::views
