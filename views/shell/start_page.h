// What the window shows while no document is open: the files opened last, the sample models, and
// how to begin.
#pragma once

#include "views/shell/recent_files.h"

#include <QWidget>

class QListWidget;

namespace jitscope::views {

class StartPage : public QWidget
{
    Q_OBJECT

public:
    // Object name "startPage"; within it "openButton", "recentList", "sampleList". `samples` is a
    // folder; may not exist.
    StartPage(RecentFiles& recent, const QString& samples, QWidget* parent = nullptr);

Q_SIGNALS:
    void openRequested();
    void fileChosen(const QString& path);

private:
    void fillRecent();

    RecentFiles& m_recent;
    QListWidget* m_recentList;
    QWidget* m_recentBox;
};

} // namespace jitscope::views
