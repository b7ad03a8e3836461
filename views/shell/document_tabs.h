// The tabs of the window: one page each. Ctrl+Tab, the middle button and dragging work as in a
// browser. Owns the pages. UI thread only.
#pragma once

#include "views/shell/document_page.h"

#include <QTabBar>

#include <memory>
#include <vector>

namespace jitscope::views {

class DocumentTabs : public QTabBar
{
    Q_OBJECT

public:
    // Object name "documentTabs". It shows itself from the second page on.
    explicit DocumentTabs(QWidget* parent = nullptr);
    ~DocumentTabs() override;

    // At the end; does not change the current one, but for the first page.
    void add(std::unique_ptr<DocumentPage> page);
    // Takes a page away and ends its engine. The page beside it becomes the current one.
    void remove(DocumentPage& page);
    void setCurrent(DocumentPage& page);
    [[nodiscard]] DocumentPage* current() const; // null while there is none
    [[nodiscard]] DocumentPage* pageAt(int index) const;
    [[nodiscard]] DocumentPage* withFile(const QString& path) const; // null for none
    // In the order of the tabs.
    [[nodiscard]] std::vector<DocumentPage*> pages() const;

    void next();
    void previous();

Q_SIGNALS:
    void currentPageChanged(jitscope::views::DocumentPage* page);
    void closeRequested(jitscope::views::DocumentPage* page);

protected:
    void mouseReleaseEvent(QMouseEvent* event) override;
    // Names are cut in their middle down to this; beyond, the tabs scroll.
    [[nodiscard]] QSize minimumTabSizeHint(int index) const override;

private:
    void updateTexts();
    [[nodiscard]] int indexOf(const DocumentPage& page) const;

    std::vector<std::unique_ptr<DocumentPage>>
        m_pages; // in no order; a tab's data points at its own
};

} // namespace jitscope::views
