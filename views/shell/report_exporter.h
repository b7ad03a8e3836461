// Writes the report of a document, one HTML page. UI thread only.
#pragma once

#include "views/shell/file_writer.h"

namespace jitscope::views {

class ReportExporter : public FileWriter
{
    Q_OBJECT

public:
    explicit ReportExporter(QWidget* window); // the progress is "reportProgress"

    // Asks for the file. Nothing is written when the user gives none. `title` is the name that is
    // proposed, without ending.
    void askAndExport(const QString& document, const QString& title);
    // A file that is there is replaced, once the page is complete.
    void write(const QString& document, const QString& target);
};

} // namespace jitscope::views
