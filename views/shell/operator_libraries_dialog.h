// Which operator libraries are opened before a model, and in which order.
#pragma once

#include <QDialog>
#include <QStringList>

class QListWidget;
class QPushButton;

namespace jitscope::views {

class OperatorLibrariesDialog : public QDialog
{
    Q_OBJECT

public:
    // Object name "operatorLibrariesDialog"; within it "missingOperators", "libraryList",
    // "addLibrary", "removeLibrary", "moveLibraryUp", "moveLibraryDown", "acceptLibraries".
    // `missing` are the operators of the open model that no library provides.
    OperatorLibrariesDialog(const QStringList& files, const QStringList& missing,
                            QWidget* parent = nullptr);

    [[nodiscard]] QStringList files() const;
    // Those that are there already are not added again.
    void add(const QStringList& files);

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void ask();
    void remove();
    void move(int rows);
    void updateButtons();

    QListWidget* m_list;
    QPushButton* m_remove;
    QPushButton* m_up;
    QPushButton* m_down;
};

} // namespace jitscope::views
