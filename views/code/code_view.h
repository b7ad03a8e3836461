// The text behind the graph: Python source, serialized code, and the IR of the shown stage, one of
// them or beside each other, with the lines that have nodes marked and the time of the shown run.
// One selection with the other views. Texts are read and made on a thread of its own. UI thread
// only.
#pragma once

#include "views/model/document_model.h"
#include "views/model/selection.h"

#include <QStringList>
#include <QWidget>

#include <memory>

namespace jitscope::views {

class CodeView : public QWidget
{
    Q_OBJECT

public:
    // Object name "codeView". `document` and `selection` must outlive it. Which texts are shown,
    // the search folders and the chosen files are kept in QSettings.
    CodeView(DocumentModel& document, Selection& selection, QWidget* parent = nullptr);
    ~CodeView() override;

    // The actions for a menu, in order, separators included, are QWidget::actions(). Their object
    // names: codeShowPython, codeShowSerialized, codeShowIr, codeFind, codeFindNext,
    // codeFindPrevious, codeSearchFolders, codeUnlocated.

    // The folders in which Python files are looked for that are not where they were when the model
    // was made.
    [[nodiscard]] QStringList searchFolders() const;

public Q_SLOTS:
    void setSearchFolders(const QStringList& folders);
    // The Python file at a line, or the fragment of it that the model carries, once it is read.
    // False when the model knows no such file.
    bool showSource(const QString& file, int line);
    void find(); // opens the find bar
    void findNext();
    void findPrevious();

Q_SIGNALS:
    // An action of it was used; it may be out of sight.
    void wanted();
    // For the status bar; empty to clear.
    void statusMessage(const QString& text);

private:
    class Implementation;
    std::unique_ptr<Implementation> m_implementation;
};

} // namespace jitscope::views
