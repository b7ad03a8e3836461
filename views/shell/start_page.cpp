#include "views/shell/start_page.h"

#include "views/icons/icon.h"

#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

namespace jitscope::views {

namespace {

QListWidget* fileList(const QString& name, const QString& accessibleName)
{
    auto* list = new QListWidget;
    list->setObjectName(name);
    list->setAccessibleName(accessibleName);
    list->setFrameShape(QFrame::NoFrame);
    list->setUniformItemSizes(true);
    list->viewport()->setAutoFillBackground(false);
    return list;
}

void addFile(QListWidget& list, const QString& path)
{
    auto* item =
        new QListWidgetItem(icon(QStringLiteral("document")), QFileInfo(path).fileName(), &list);
    item->setData(Qt::UserRole, path);
    item->setToolTip(path);
}

QWidget* column(const QString& title, QListWidget* list)
{
    auto* box = new QWidget;
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* label = new QLabel(title);
    QFont bold = label->font();
    bold.setBold(true);
    label->setFont(bold);
    layout->addWidget(label);
    layout->addWidget(list);
    return box;
}

} // namespace

StartPage::StartPage(RecentFiles& recent, const QString& samples, QWidget* parent)
    : QWidget(parent),
      m_recent(recent),
      m_recentList(fileList(QStringLiteral("recentList"), tr("Recent files"))),
      m_recentBox(column(tr("Recent"), m_recentList))
{
    setObjectName(QStringLiteral("startPage"));
    auto* title = new QLabel(QStringLiteral("Jitscope"));
    QFont large = title->font();
    large.setPointSizeF(large.pointSizeF() * 2.2);
    title->setFont(large);
    auto* hint =
        new QLabel(tr("Open a TorchScript model or a Jitscope document, or drop one here."));
    hint->setWordWrap(true);
    auto* open = new QPushButton(icon(QStringLiteral("open")), tr("Open a file\u2026"));
    open->setObjectName(QStringLiteral("openButton"));
    connect(open, &QPushButton::clicked, this, &StartPage::openRequested);

    auto* sampleList = fileList(QStringLiteral("sampleList"), tr("Sample models"));
    const QFileInfoList files =
        QDir(samples).entryInfoList({QStringLiteral("*.pt")}, QDir::Files, QDir::Name);
    for (const QFileInfo& file : files)
        addFile(*sampleList, file.absoluteFilePath());
    QWidget* sampleBox = column(tr("Sample models"), sampleList);
    sampleBox->setVisible(!files.isEmpty());
    for (QListWidget* list : {m_recentList, sampleList}) {
        connect(list, &QListWidget::itemActivated, this, [this](const QListWidgetItem* item) {
            Q_EMIT fileChosen(item->data(Qt::UserRole).toString());
        });
        connect(list, &QListWidget::itemClicked, this, [this](const QListWidgetItem* item) {
            Q_EMIT fileChosen(item->data(Qt::UserRole).toString());
        });
    }

    auto* lists = new QHBoxLayout;
    lists->setSpacing(32);
    lists->addWidget(m_recentBox, 1);
    lists->addWidget(sampleBox, 1);
    auto* page = new QVBoxLayout;
    page->setSpacing(12);
    page->addWidget(title);
    page->addWidget(hint);
    page->addWidget(open, 0, Qt::AlignLeft);
    page->addSpacing(12);
    page->addLayout(lists, 1);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(48, 40, 48, 24);
    layout->addLayout(page, 4);
    layout->addStretch(1);
    connect(&m_recent, &RecentFiles::changed, this, &StartPage::fillRecent);
    fillRecent();
}

void StartPage::fillRecent()
{
    m_recentList->clear();
    const QStringList files = m_recent.files();
    for (const QString& file : files) {
        if (QFileInfo::exists(file))
            addFile(*m_recentList, file);
    }
    m_recentBox->setVisible(m_recentList->count() > 0);
}

} // namespace jitscope::views
