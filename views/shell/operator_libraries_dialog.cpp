#include "views/shell/operator_libraries_dialog.h"

#include "views/icons/icon.h"

#include <QAction>
#include <QDialogButtonBox>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QMimeData>
#include <QPushButton>
#include <QUrl>
#include <QVBoxLayout>

namespace jitscope::views {

namespace {

constexpr int mostNamed = 5; // missing operators that are named one by one

QPushButton* button(const char* name, const QString& text)
{
    auto* made = new QPushButton(text);
    made->setObjectName(QLatin1String(name));
    made->setAutoDefault(false);
    return made;
}

QString missingText(const QStringList& missing)
{
    QString names = missing.mid(0, mostNamed).join(QStringLiteral(", "));
    if (missing.size() > mostNamed)
        names += QObject::tr(" and %1 more").arg(missing.size() - mostNamed);
    return QObject::tr("The open model needs a library that provides %1.").arg(names);
}

} // namespace

OperatorLibrariesDialog::OperatorLibrariesDialog(const QStringList& files,
                                                 const QStringList& missing, QWidget* parent)
    : QDialog(parent),
      m_list(new QListWidget),
      m_remove(button("removeLibrary", tr("&Remove"))),
      m_up(button("moveLibraryUp", tr("Move &up"))),
      m_down(button("moveLibraryDown", tr("Move &down")))
{
    setObjectName(QStringLiteral("operatorLibrariesDialog"));
    setWindowTitle(tr("Operator libraries"));
    setAcceptDrops(true);
    auto* about = new QLabel(
        tr("Shared libraries that register operators, such as torchvision/_C.so in Python's "
           "site-packages. They are opened in this order before a model is. They run as code: add "
           "only those that you trust."));
    about->setWordWrap(true);
    auto* needed = new QLabel(missing.isEmpty() ? QString() : missingText(missing));
    needed->setObjectName(QStringLiteral("missingOperators"));
    needed->setWordWrap(true);
    needed->setTextFormat(Qt::PlainText);
    needed->setVisible(!missing.isEmpty());
    QFont bold = needed->font();
    bold.setBold(true);
    needed->setFont(bold);

    m_list->setObjectName(QStringLiteral("libraryList"));
    m_list->setAccessibleName(tr("Operator libraries in the order in which they are opened"));
    m_list->setTextElideMode(Qt::ElideMiddle);
    m_list->setDragDropMode(QAbstractItemView::InternalMove);
    auto* removal = new QAction(m_list);
    removal->setShortcut(QKeySequence::Delete);
    removal->setShortcutContext(Qt::WidgetShortcut);
    m_list->addAction(removal);

    auto* addition = button("addLibrary", tr("&Add\u2026"));
    auto* column = new QVBoxLayout;
    for (QPushButton* each : {addition, m_remove, m_up, m_down})
        column->addWidget(each);
    column->addStretch();
    auto* row = new QHBoxLayout;
    row->addWidget(m_list, 1);
    row->addLayout(column);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    buttons->button(QDialogButtonBox::Ok)->setObjectName(QStringLiteral("acceptLibraries"));
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(about);
    layout->addWidget(needed);
    layout->addLayout(row);
    layout->addWidget(buttons);
    resize(fontMetrics().averageCharWidth() * 90, fontMetrics().height() * 20);

    connect(addition, &QPushButton::clicked, this, &OperatorLibrariesDialog::ask);
    connect(m_remove, &QPushButton::clicked, this, &OperatorLibrariesDialog::remove);
    connect(removal, &QAction::triggered, this, &OperatorLibrariesDialog::remove);
    connect(m_up, &QPushButton::clicked, this, [this] { move(-1); });
    connect(m_down, &QPushButton::clicked, this, [this] { move(1); });
    connect(m_list, &QListWidget::currentRowChanged, this, &OperatorLibrariesDialog::updateButtons);
    connect(m_list->model(), &QAbstractItemModel::rowsMoved, this,
            &OperatorLibrariesDialog::updateButtons);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    add(files);
    m_list->setCurrentRow(0);
    updateButtons();
}

QStringList OperatorLibrariesDialog::files() const
{
    QStringList files;
    for (int row = 0; row < m_list->count(); ++row)
        files.append(m_list->item(row)->text());
    return files;
}

void OperatorLibrariesDialog::add(const QStringList& files)
{
    for (const QString& file : files) {
        const QString path = QFileInfo(file).absoluteFilePath();
        if (!m_list->findItems(path, Qt::MatchExactly | Qt::MatchCaseSensitive).isEmpty())
            continue;
        auto* item = new QListWidgetItem(path, m_list);
        const bool isThere = QFileInfo(path).isFile();
        item->setIcon(icon(isThere ? QStringLiteral("document") : QStringLiteral("warning")));
        item->setToolTip(isThere ? path : tr("%1\nThere is no such file.").arg(path));
        m_list->setCurrentItem(item);
    }
    updateButtons();
}

void OperatorLibrariesDialog::ask()
{
    const QListWidgetItem* current = m_list->currentItem();
    add(QFileDialog::getOpenFileNames(
        this, tr("Add operator libraries"),
        current == nullptr ? QString() : QFileInfo(current->text()).absolutePath(),
        tr("Shared libraries (*.so *.so.*);;All files (*)")));
}

void OperatorLibrariesDialog::remove()
{
    delete m_list->takeItem(m_list->currentRow());
    updateButtons();
}

void OperatorLibrariesDialog::move(int rows)
{
    const int from = m_list->currentRow();
    const int to = from + rows;
    if (from < 0 || to < 0 || to >= m_list->count())
        return;
    m_list->insertItem(to, m_list->takeItem(from));
    m_list->setCurrentRow(to);
}

void OperatorLibrariesDialog::updateButtons()
{
    const int row = m_list->currentRow();
    m_remove->setEnabled(row >= 0);
    m_up->setEnabled(row > 0);
    m_down->setEnabled(row >= 0 && row + 1 < m_list->count());
}

void OperatorLibrariesDialog::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls())
        event->acceptProposedAction();
}

void OperatorLibrariesDialog::dropEvent(QDropEvent* event)
{
    QStringList dropped;
    const QList<QUrl> urls = event->mimeData()->urls();
    for (const QUrl& url : urls) {
        if (url.isLocalFile())
            dropped.append(url.toLocalFile());
    }
    add(dropped);
    event->acceptProposedAction();
}

} // namespace jitscope::views
