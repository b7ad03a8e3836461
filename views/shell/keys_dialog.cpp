#include "views/shell/keys_dialog.h"

#include "views/shell/menu_actions.h"

#include <QDialog>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <utility>

namespace jitscope::views {

namespace {

enum Column
{
    Action,
    Keys
};

QString tr(const char* text)
{
    return QObject::tr(text);
}

QTreeWidgetItem* group(QTreeWidget& tree, const QString& title)
{
    for (int i = 0; i < tree.topLevelItemCount(); ++i) {
        if (tree.topLevelItem(i)->text(Action) == title)
            return tree.topLevelItem(i);
    }
    auto* made = new QTreeWidgetItem(&tree, {title});
    made->setFirstColumnSpanned(true);
    QFont bold = tree.font();
    bold.setBold(true);
    made->setFont(Action, bold);
    made->setExpanded(true);
    return made;
}

// What is done by keys that are no action.
void addViewKeys(QTreeWidget& tree)
{
    const std::pair<QString, QString> graph[] = {
        {tr("Walk along inputs and outputs"), tr("Arrow keys")},
        {tr("Open or close the selected box"), tr("Return")},
        {tr("Clear the selection"), tr("Esc")},
        {tr("Scroll"), tr("Page Up, Page Down, the mouse with Space held")},
        {tr("Zoom"), tr("The mouse wheel, also with Ctrl")},
        {tr("Select one more box"), tr("Ctrl and a click")}};
    const std::pair<QString, QString> timeline[] = {{tr("Zoom"), tr("W, S, Ctrl and the wheel")},
                                                    {tr("Move in time"), tr("A, D, Left, Right")},
                                                    {tr("First, last"), tr("Home, End")}};
    for (const auto& [action, keys] : graph)
        new QTreeWidgetItem(group(tree, tr("In the graph")), {action, keys});
    for (const auto& [action, keys] : timeline)
        new QTreeWidgetItem(group(tree, tr("In the timeline")), {action, keys});
}

void filter(QTreeWidget& tree, const QString& text)
{
    for (int i = 0; i < tree.topLevelItemCount(); ++i) {
        QTreeWidgetItem* top = tree.topLevelItem(i);
        bool isAnyShown = false;
        for (int j = 0; j < top->childCount(); ++j) {
            QTreeWidgetItem* item = top->child(j);
            const bool isShown = item->text(Action).contains(text, Qt::CaseInsensitive) ||
                                 item->text(Keys).contains(text, Qt::CaseInsensitive) ||
                                 top->text(Action).contains(text, Qt::CaseInsensitive);
            item->setHidden(!isShown);
            isAnyShown = isAnyShown || isShown;
        }
        top->setHidden(!isAnyShown);
    }
}

} // namespace

void showKeys(const QMenuBar& menus, QWidget& parent)
{
    QDialog dialog(&parent);
    dialog.setObjectName(QStringLiteral("keysDialog"));
    dialog.setWindowTitle(tr("Keys"));
    auto* line = new QLineEdit;
    line->setObjectName(QStringLiteral("keysFilter"));
    line->setPlaceholderText(tr("Look for an action or a key"));
    line->setAccessibleName(line->placeholderText());
    line->setClearButtonEnabled(true);
    auto* tree = new QTreeWidget;
    tree->setObjectName(QStringLiteral("keysTree"));
    tree->setAccessibleName(tr("Keys"));
    tree->setColumnCount(2);
    tree->setHeaderLabels({tr("Action"), tr("Keys")});
    tree->header()->setSectionResizeMode(Action, QHeaderView::ResizeToContents);
    tree->header()->setStretchLastSection(true);
    tree->setRootIsDecorated(false);
    for (const MenuAction& entry : menuActions(menus)) {
        const QString keys =
            QKeySequence::listToString(entry.action->shortcuts(), QKeySequence::NativeText);
        if (keys.isEmpty())
            continue;
        // A submenu says what its actions are about: "Theme: Dark".
        const QStringList within = entry.menus.mid(1) + QStringList{entry.text()};
        new QTreeWidgetItem(group(*tree, entry.menus.value(0)),
                            {within.join(QStringLiteral(": ")), keys});
    }
    addViewKeys(*tree);
    QObject::connect(line, &QLineEdit::textChanged, tree,
                     [tree](const QString& text) { filter(*tree, text.trimmed()); });
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    QObject::connect(buttons, &QDialogButtonBox::rejected, &dialog, &QDialog::reject);
    auto* layout = new QVBoxLayout(&dialog);
    layout->addWidget(line);
    layout->addWidget(tree);
    layout->addWidget(buttons);
    dialog.resize(dialog.fontMetrics().averageCharWidth() * 80, dialog.fontMetrics().height() * 36);
    line->setFocus();
    dialog.exec();
}

} // namespace jitscope::views
