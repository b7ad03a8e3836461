// The shared libraries that register operators for LibTorch, such as torchvision/_C.so: which the
// user has chosen, kept in the settings. They run as code, so only those are opened, never one that
// a document names.
#pragma once

#include "core/support/error.h"

#include <QObject>
#include <QStringList>

#include <string>

namespace jitscope::views {

class OperatorLibraries : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    [[nodiscard]] QStringList files() const; // in the order in which they are opened
    void set(const QStringList& files);

Q_SIGNALS:
    void changed(); // not when the same is set again
};

// Whether the user helps by changing the list.
[[nodiscard]] bool concernsOperatorLibraries(const Error& error);

// The paths of a document's fact `operator_libraries`; empty for none and for what is no list.
[[nodiscard]] QStringList librariesOf(const std::string& fact);

} // namespace jitscope::views
