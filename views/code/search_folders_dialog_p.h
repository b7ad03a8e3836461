// The folders in which Python files are looked for. Private to views/code.
#pragma once

#include <QDialog>
#include <QStringList>

class QListWidget;
class QPushButton;

namespace jitscope::views {

class SearchFoldersDialog : public QDialog
{
    Q_OBJECT

public:
    explicit SearchFoldersDialog(const QStringList& folders, QWidget* parent = nullptr);

    [[nodiscard]] QStringList folders() const;
    void addFolder(const QString& folder);

private:
    void askForFolder();
    void removeSelected();

    QListWidget* m_list;
    QPushButton* m_remove;
};

} // namespace jitscope::views
