// Finds in the shown stage as one types: a line for the query, and what was found by groups. Enter
// and F3 choose. UI thread only.
#pragma once

#include "core/search/index.h"
#include "views/model/document_model.h"

#include <QWidget>

#include <memory>

namespace jitscope::views {

class FindPanel : public QWidget
{
    Q_OBJECT

public:
    // Object name "findPanel"; within it "findText", "findCount", "findResults", "findPrevious",
    // "findNext", "findClose". `document` must outlive it.
    explicit FindPanel(DocumentModel& document, QWidget* parent = nullptr);
    ~FindPanel() override;

    [[nodiscard]] QString text() const;
    [[nodiscard]] bool isBusy() const; // an answer is awaited
    [[nodiscard]] std::size_t hitCount() const;

public Q_SLOTS:
    void open(); // the keyboard goes to the line, whose text is selected
    void setText(const QString& text);
    void first(); // chooses the first hit, when it is found
    void next();  // chooses the hit after the current one; at the end the first
    void previous();

Q_SIGNALS:
    void chosen(const jitscope::search::Target& target);
    void closeRequested();
    void answered(); // the list is that of the text

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    class Implementation;
    std::unique_ptr<Implementation> m_implementation;
};

} // namespace jitscope::views
