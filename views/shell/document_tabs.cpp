#include "views/shell/document_tabs.h"

#include "views/icons/icon.h"

#include <QFileInfo>
#include <QMouseEvent>
#include <QTimer>

#include <algorithm>

namespace jitscope::views {

namespace {

// An engine that was asked to leave has left, or was ended, by then.
constexpr int retirement = 3000; // ms

} // namespace

DocumentTabs::DocumentTabs(QWidget* parent) : QTabBar(parent)
{
    setObjectName(QStringLiteral("documentTabs"));
    setAccessibleName(tr("Open documents"));
    setDocumentMode(true);
    setMovable(true);
    setTabsClosable(true);
    setExpanding(false);
    setElideMode(Qt::ElideMiddle);
    setUsesScrollButtons(true);
    setAutoHide(true);
    connect(this, &QTabBar::currentChanged, this,
            [this](int index) { Q_EMIT currentPageChanged(pageAt(index)); });
    connect(this, &QTabBar::tabCloseRequested, this, [this](int index) {
        if (DocumentPage* page = pageAt(index))
            Q_EMIT closeRequested(page);
    });
}

DocumentTabs::~DocumentTabs()
{
    disconnect();
}

void DocumentTabs::add(std::unique_ptr<DocumentPage> page)
{
    DocumentPage* added = page.get();
    m_pages.push_back(std::move(page));
    connect(added, &DocumentPage::changed, this, &DocumentTabs::updateTexts);
    // The data must be there before currentChanged() is told of the first tab.
    const bool wasQuiet = blockSignals(true);
    const int index = addTab(added->title());
    setTabData(index, QVariant::fromValue<QObject*>(added));
    blockSignals(wasQuiet);
    updateTexts();
    if (count() == 1)
        Q_EMIT currentPageChanged(added);
}

void DocumentTabs::remove(DocumentPage& page)
{
    const auto owner = std::find_if(m_pages.begin(), m_pages.end(), [&page](const auto& candidate) {
        return candidate.get() == &page;
    });
    if (owner == m_pages.end())
        return;
    std::unique_ptr<DocumentPage> removed = std::move(*owner);
    m_pages.erase(owner);
    page.disconnect(this);
    page.retire();
    removeTab(indexOf(page));
    updateTexts();
    // Qt owns it from here: it goes with the window if that is closed first.
    removed.release()->setParent(this);
    QTimer::singleShot(retirement, &page, &QObject::deleteLater);
}

DocumentPage* DocumentTabs::pageAt(int index) const
{
    return qobject_cast<DocumentPage*>(tabData(index).value<QObject*>());
}

DocumentPage* DocumentTabs::current() const
{
    return pageAt(currentIndex());
}

int DocumentTabs::indexOf(const DocumentPage& page) const
{
    for (int i = 0; i < count(); ++i) {
        if (pageAt(i) == &page)
            return i;
    }
    return -1;
}

void DocumentTabs::setCurrent(DocumentPage& page)
{
    setCurrentIndex(indexOf(page));
}

DocumentPage* DocumentTabs::withFile(const QString& path) const
{
    const QFileInfo wanted(path);
    for (DocumentPage* page : pages()) {
        if (page->isEmpty())
            continue;
        // The document of a model has one engine that writes it.
        if (QFileInfo(page->file()) == wanted ||
            QFileInfo(page->workspace().document().path()) == wanted)
            return page;
    }
    return nullptr;
}

std::vector<DocumentPage*> DocumentTabs::pages() const
{
    std::vector<DocumentPage*> all;
    all.reserve(static_cast<std::size_t>(count()));
    for (int i = 0; i < count(); ++i)
        all.push_back(pageAt(i));
    return all;
}

void DocumentTabs::next()
{
    if (count() > 1)
        setCurrentIndex((currentIndex() + 1) % count());
}

void DocumentTabs::previous()
{
    if (count() > 1)
        setCurrentIndex((currentIndex() + count() - 1) % count());
}

void DocumentTabs::updateTexts()
{
    for (int i = 0; i < count(); ++i) {
        const DocumentPage* page = pageAt(i);
        QString title = page->title();
        title.replace(QLatin1Char('&'), QStringLiteral("&&"));
        if (tabText(i) != title)
            setTabText(i, title);
        setTabToolTip(i, page->file());
        const bool isBusy = page->workspace().isBusy();
        setTabIcon(i, icon(isBusy ? QStringLiteral("engine") : QStringLiteral("document")));
    }
}

QSize DocumentTabs::minimumTabSizeHint(int index) const
{
    constexpr int fewest = 24; // characters, with the icon and the button
    const QSize whole = tabSizeHint(index);
    return {std::min(whole.width(), fontMetrics().averageCharWidth() * fewest), whole.height()};
}

void DocumentTabs::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::MiddleButton) {
        if (DocumentPage* page = pageAt(tabAt(event->position().toPoint())))
            Q_EMIT closeRequested(page);
        return;
    }
    QTabBar::mouseReleaseEvent(event);
}

} // namespace jitscope::views
