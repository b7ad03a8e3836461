#include "views/shell/palette_sources.h"

#include "views/code/code_view.h"
#include "views/graph/graph_view.h"
#include "views/shell/menu_actions.h"

#include <QAction>
#include <QFileInfo>
#include <QObject>
#include <QPointer>

#include <algorithm>
#include <memory>
#include <set>
#include <unordered_map>

namespace jitscope::views {

namespace {

QString tr(const char* text)
{
    return QObject::tr(text);
}

QString qt(const std::string& text)
{
    return QString::fromStdString(text);
}

void addCommands(const PaletteContext& context, QList<PaletteItem>& items)
{
    for (const MenuAction& entry : menuActions(context.menus)) {
        PaletteItem item;
        item.id = entry.action->objectName();
        item.title = entry.text();
        item.detail = entry.menus.join(QStringLiteral(" \u203a "));
        item.shortcut = QKeySequence::listToString(entry.action->shortcuts().mid(0, 1),
                                                   QKeySequence::NativeText);
        item.isEnabled = entry.action->isEnabled();
        item.reason = reasonOf(*entry.action);
        if (entry.action->isCheckable() && entry.action->isChecked())
            item.detail += tr(" (on)");
        item.run = [action = QPointer<QAction>(entry.action)] {
            if (action)
                action->trigger();
        };
        items.append(std::move(item));
    }
}

void addPasses(const PaletteContext& context, QList<PaletteItem>& items)
{
    DocumentPage& page = context.page();
    Workspace* workspace = &page.workspace();
    const bool isOpen = workspace->document().isOpen();
    for (const protocol::PassDescription& pass : page.passes()) {
        PaletteItem item;
        item.id = QStringLiteral("pass ") + qt(pass.name);
        item.title = tr("Apply pass: %1").arg(qt(pass.label));
        item.detail = qt(pass.category);
        item.isEnabled = isOpen && pass.available && !workspace->isBusy();
        item.reason = !pass.available       ? qt(pass.reason)
                      : !isOpen             ? tr("Nothing is open.")
                      : workspace->isBusy() ? tr("The engine is working.")
                                            : QString();
        item.run = [workspace = QPointer<Workspace>(workspace), name = qt(pass.name)] {
            if (workspace)
                workspace->applyPass(name);
        };
        items.append(std::move(item));
    }
}

void addStages(const PaletteContext& context, QList<PaletteItem>& items)
{
    DocumentModel& document = context.page().workspace().document();
    for (const document::StageRow& stage : document.stages()) {
        if (stage.id == document.currentStage())
            continue;
        PaletteItem item;
        item.title = tr("Show stage %1: %2").arg(stage.id).arg(qt(stage.label));
        item.detail = qt(stage.method);
        item.run = [shown = QPointer<DocumentModel>(&document), id = stage.id] {
            if (shown)
                shown->setCurrentStage(id);
        };
        items.append(std::move(item));
    }
}

void addRecentFiles(const PaletteContext& context, QList<PaletteItem>& items)
{
    for (const QString& path : context.recent.files()) {
        PaletteItem item;
        item.id = QStringLiteral("file ") + path;
        item.title = tr("Open %1").arg(QFileInfo(path).fileName());
        item.detail = QFileInfo(path).absolutePath();
        item.run = [open = context.openFile, path] { open(path); };
        items.append(std::move(item));
    }
}

QList<PaletteItem> modules(const PaletteContext& context)
{
    QList<PaletteItem> items;
    DocumentPage* page = &context.page();
    const auto content = page->workspace().document().content();
    std::unordered_map<std::int64_t, std::vector<QString>> methods; // by module
    for (const document::MethodRow& row : content->methods)
        methods[row.module].push_back(qt(row.name));
    for (const document::ModuleRow& row : content->modules) {
        const QString path = qt(row.path);
        PaletteItem item;
        item.title = path.isEmpty() ? tr("The model itself") : path;
        item.detail = qt(row.class_name);
        item.run = [page = QPointer<DocumentPage>(page), path] {
            if (!page)
                return;
            page->workspace().selection().selectModule(path, nullptr);
            page->graph().revealModule(path);
        };
        items.append(std::move(item));
        for (const QString& method : methods[row.id]) {
            PaletteItem shown;
            shown.title = (path.isEmpty() ? QString() : path + QLatin1Char('.')) + method +
                          QStringLiteral("()");
            shown.detail = tr("show this method");
            shown.run = [show = context.showMethod, path, method] { show(path, method); };
            items.append(std::move(shown));
        }
    }
    return items;
}

QList<PaletteItem> nodes(const PaletteContext& context, const QString& text)
{
    PaletteItem item;
    item.title = text.isEmpty() ? tr("Find nodes, values, constants") : tr("Find %1").arg(text);
    item.detail = text.isEmpty() ? tr("type a word, such as relu or kind:conv") : QString();
    item.isEnabled = context.page().workspace().document().isOpen();
    item.reason = tr("Nothing is open.");
    item.run = [find = context.find, text] { find(text); };
    return {item};
}

// "resnet.py:93" or "93" in the only file.
QList<PaletteItem> lines(const PaletteContext& context, const QString& text)
{
    const qsizetype colon = text.lastIndexOf(QLatin1Char(':'));
    bool isNumber = false;
    int line = QStringView(text).mid(colon + 1).toInt(&isNumber);
    line = isNumber && line > 0 ? line : 1;
    const QString name = isNumber ? text.left(std::max<qsizetype>(colon, 0)) : text;
    DocumentPage* page = &context.page();
    const auto content = page->workspace().document().content();
    const auto index = page->workspace().document().nodeIndex();
    std::set<std::string> files;
    for (const document::SourceRow& row : content->sources)
        files.insert(row.file);
    for (const document::NamedNode& node : index->nodes()) {
        if (!node.file.empty())
            files.insert(node.file);
    }
    QList<PaletteItem> items;
    for (const std::string& file : files) {
        const QString path = qt(file);
        const QString shown = QFileInfo(path).fileName();
        if (!shown.contains(name, Qt::CaseInsensitive))
            continue;
        PaletteItem item;
        item.title = QStringLiteral("%1:%2").arg(shown).arg(line);
        item.detail = QFileInfo(path).path();
        item.run = [page = QPointer<DocumentPage>(page), path, line] {
            if (page)
                page->showSource(path, line);
        };
        items.append(std::move(item));
    }
    return items;
}

} // namespace

std::vector<PaletteSource> paletteSources(PaletteContext given)
{
    const auto context = std::make_shared<const PaletteContext>(std::move(given));
    const auto commands = [context](const QString&) {
        QList<PaletteItem> items;
        addCommands(*context, items);
        addPasses(*context, items);
        addStages(*context, items);
        addRecentFiles(*context, items);
        return items;
    };
    return {
        {{}, tr("commands"), commands, false},
        {QStringLiteral(">"), tr("commands"), commands, false},
        {QStringLiteral("@"), tr("modules and methods"),
         [context](const QString&) { return modules(*context); }, false},
        {QStringLiteral("#"), tr("nodes"),
         [context](const QString& text) { return nodes(*context, text); }, true},
        {QStringLiteral(":"), tr("lines of source"),
         [context](const QString& text) { return lines(*context, text); }, true},
    };
}

} // namespace jitscope::views
