// Reads the texts of the three panes, the lines that the nodes of the shown stage were written in,
// and the times of the shown run. Private to views/code. UI thread only.
#pragma once

#include "core/timeline/node_totals.h"
#include "views/code/line_times_p.h"
#include "views/code/stage_lines_p.h"
#include "views/code/text_panes_p.h"
#include "views/model/background.h"

#include <QObject>
#include <QStringList>

#include <memory>

namespace jitscope::views {

class SourceFinder;

class CodeTexts : public QObject
{
    Q_OBJECT

public:
    CodeTexts(DocumentModel& document, Selection& selection, TextPanes& panes,
              QObject* parent = nullptr);
    ~CodeTexts() override;

    void reload(); // everything
    // The texts that these names stand for are shown when they are there; false when there is no
    // such text.
    bool showPython(const QString& file);
    bool showSerialized(std::int64_t code); // row of the table `code`
    // The IR of the selected node's function, in the stage `loaded`.
    void followSelection();
    bool showSource(const QString& file, int line);

    [[nodiscard]] const QStringList& searchFolders() const { return m_searchFolders; }
    void setSearchFolders(const QStringList& folders);

    [[nodiscard]] const StageLines& lines() const { return *m_lines; }
    // Which module instances call which free functions; empty until that is read.
    [[nodiscard]] const search::FunctionInstances& callers() const { return *m_callers; }
    // Row of the table `code` of the record that is chosen; 0 for none.
    [[nodiscard]] std::int64_t chosenCode() const;

Q_SIGNALS:
    void linesChanged(); // those of another stage
    // A text came. `scroll` if its selected lines are to be shown.
    void textChanged(bool scroll);
    void statusMessage(const QString& text);

private:
    void fillChoices();
    void nameIr();
    void readMissing();
    void readCallers();
    void readStage();
    void readStageLines(const std::shared_ptr<const ir::Graph>& graph);
    void placeNodes();
    void readPython();
    void readSerialized();
    void readIr();
    [[nodiscard]] Background::Finish shower(TextPane& pane, PreparedText text);
    void goToWantedLine();
    void loadTotals();
    void readTimes();
    void showHeat();

    DocumentModel& m_document;
    Selection& m_selection;
    TextPanes& m_panes;
    Background* m_background;
    Background* m_timesReader;   // long runs must not keep texts waiting
    Background* m_callersReader; // nor large models
    CodeSettings m_settings;
    std::shared_ptr<SourceFinder> m_finder; // used on the background thread only
    QStringList m_searchFolders;
    bool m_takeFile = false;
    int m_wantedLine = 0; // of the Python file that is being read; 0 for none
    std::shared_ptr<const StageLines> m_lines = std::make_shared<const StageLines>();
    std::shared_ptr<const search::FunctionInstances> m_callers =
        std::make_shared<const search::FunctionInstances>();
    std::shared_ptr<const timeline::NodeTotals> m_totals;
    std::shared_ptr<const LineTimes> m_times;
    std::int64_t m_irGraph = 0;
};

} // namespace jitscope::views
