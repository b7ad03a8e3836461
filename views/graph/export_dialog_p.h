// Asks what of the graph goes into which file, and writes it on a thread of its own. Private to
// views/graph.
#pragma once

#include "views/graph/graph_export_p.h"

#include <QDialog>

#include <functional>
#include <memory>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QThread;

namespace jitscope::views {

struct ExportChoices
{
    PicturePtr picture;
    std::vector<std::uint32_t> scopes; // open boxes to choose from, the likeliest first
    GraphView::ColourBy colourBy = GraphView::ColourBy::OperatorClass;
    std::shared_ptr<const BoxTimes> times;
    QFont font;
    QPalette palette; // of the window
    QString name;     // of the file, without a suffix
};

// Object name "graphExportDialog"; its controls: exportScope, exportFormat, exportScale,
// exportTheme, exportTransparent, exportPath, exportBrowse, exportSize, exportProblem, exportWrite.
class ExportDialog : public QDialog
{
    Q_OBJECT

public:
    explicit ExportDialog(ExportChoices choices, QWidget* parent = nullptr);
    ~ExportDialog() override; // waits for the file that is being written

Q_SIGNALS:
    void written(const QString& path);

protected:
    void reject() override;

private:
    void compose();
    void follow(); // the choices: suffix, size, what can be set
    void browse();
    [[nodiscard]] bool mayWrite();
    void write();
    void finish(const QString& problem);
    [[nodiscard]] QString format() const;
    [[nodiscard]] ExportOptions options() const;
    [[nodiscard]] GraphStyle style() const;

    ExportChoices m_choices;
    QComboBox* m_scope;
    QComboBox* m_format;
    QDoubleSpinBox* m_scale;
    QComboBox* m_theme;
    QCheckBox* m_transparent;
    QLineEdit* m_path;
    QPushButton* m_browse;
    QLabel* m_size;
    QLabel* m_problem;
    QProgressBar* m_progress;
    QPushButton* m_write;
    QString m_confirmed;         // the file of which the user said that it may be replaced
    QThread* m_thread = nullptr; // while a file is being written
};

} // namespace jitscope::views
