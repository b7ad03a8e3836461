// The documents that are open when the window is closed, for the next start; in the settings.
#pragma once

#include <QString>
#include <QStringList>

namespace jitscope::views {

struct OpenDocuments
{
    QStringList files; // in the order of the tabs
    QString current;
};

void rememberOpenDocuments(const OpenDocuments& documents);
// Those that still exist. They are forgotten by that: what brings the program down is not opened at
// every start.
[[nodiscard]] OpenDocuments takeOpenDocuments();

[[nodiscard]] bool restoresDocuments(); // what the user wants; true at first
void setRestoresDocuments(bool on);

} // namespace jitscope::views
