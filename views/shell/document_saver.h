// Saves a copy of the document. UI thread only.
#pragma once

#include "views/shell/file_writer.h"

namespace jitscope::views {

class DocumentSaver : public FileWriter
{
    Q_OBJECT

public:
    explicit DocumentSaver(QWidget* window); // the progress is "saveProgress"

    // Asks where to, then saves. `title` is proposed as name, without extension.
    void askAndSave(const QString& document, const QString& title);
    void save(const QString& document, const QString& target);
};

} // namespace jitscope::views
