#include "views/code/definitions_p.h"

#include "core/ir/names.h"

#include <QFileInfo>

#include <algorithm>
#include <map>
#include <tuple>

namespace jitscope::views {

std::optional<SerializedDefinition> serializedDefinition(const std::string& qualifiedName,
                                                         const DocumentContent& content)
{
    const QStringList parts = QString::fromStdString(qualifiedName).split(QLatin1Char('.'));
    if (parts.size() < 3)
        return {};
    // __torch__.a.b.Class.method lies in code/__torch__/a/b.py, a free function one level higher.
    for (const qsizetype levels : {qsizetype{2}, qsizetype{1}}) {
        const QString record = QStringLiteral("code/") +
                               parts.mid(0, parts.size() - levels).join(QLatin1Char('/')) +
                               QStringLiteral(".py");
        for (const document::CodeRow& code : content.code) {
            if (!QString::fromStdString(code.record).endsWith(record))
                continue;
            const QString owner = QStringLiteral("class ") + parts[parts.size() - 2];
            const QString name = QStringLiteral("def %1(").arg(parts.back());
            bool isInside = levels == 1;
            const QStringList lines = linesOf(QString::fromStdString(code.text));
            for (int i = 0; i < lines.size(); ++i) {
                if (levels == 2 && lines[i].startsWith(QLatin1String("class ")))
                    isInside = lines[i].startsWith(owner + QLatin1Char('(')) ||
                               lines[i].startsWith(owner + QLatin1Char(':'));
                if (isInside && lines[i].trimmed().startsWith(name))
                    return SerializedDefinition{&code, i};
            }
        }
    }
    return {};
}

Definition definitionOf(const document::FunctionRow& function, const DocumentContent& content,
                        const document::NodeIndex& nodes)
{
    Definition definition;
    definition.name = ir::lastPart(function.name);
    if (const document::NamedNode* first = nodes.firstWritten(function.name)) {
        definition.file = QString::fromStdString(first->file);
        definition.firstLine = static_cast<int>(first->line);
    }
    if (const auto serialized = serializedDefinition(function.name, content)) {
        definition.code = serialized->code->id;
        definition.codeLine = serialized->line;
    }
    return definition;
}

int lineOf(const Definition& definition, const CodeText& text)
{
    if (definition.firstLine <= 0 || text.text.isEmpty())
        return -1;
    const int first = text.lineNumbered(definition.firstLine);
    const QStringList lines = linesOf(text.text);
    if (first < 0 || first >= lines.size())
        return -1;
    const QString name = QStringLiteral("def %1(").arg(QString::fromStdString(definition.name));
    for (int line = first; line >= 0 && text.numberOf(line) != 0; --line) {
        const QString said = lines[line].trimmed();
        if (said.startsWith(name) || said.startsWith(QLatin1String("async ") + name))
            return line;
        // What stands above is of another function.
        if (said.startsWith(QLatin1String("def ")) || said.startsWith(QLatin1String("class ")))
            break;
    }
    return first;
}

const document::FunctionRow* mainMethod(const document::ModuleRow& module,
                                        const DocumentContent& content)
{
    if (const auto* forward = content.functionOf(module.id, "forward"))
        return forward;
    const auto first =
        std::find_if(content.methods.begin(), content.methods.end(),
                     [&](const document::MethodRow& row) { return row.module == module.id; });
    return first == content.methods.end() ? nullptr : content.function(first->function);
}

bool isReadable(const QString& file, const DocumentContent& content)
{
    const std::string name = file.toStdString();
    const bool isCarried = std::any_of(
        content.sources.begin(), content.sources.end(),
        [&name](const document::SourceRow& row) { return row.file == name && !row.text.empty(); });
    return isCarried || QFileInfo(file).isFile();
}

QString likeliestFile(const DocumentContent& content, const document::NodeIndex& nodes)
{
    std::map<std::string, std::size_t> counts;
    for (const document::SourceRow& row : content.sources)
        counts.try_emplace(row.file);
    for (const document::NamedNode& node : nodes.nodes()) {
        if (!node.file.empty())
            ++counts[node.file];
    }
    QString best;
    std::tuple<bool, std::size_t> rank;
    for (const auto& [file, count] : counts) {
        const bool isInstalled = ir::packagePath(file).size() != file.size();
        const std::tuple<bool, std::size_t> own{!isInstalled, count};
        const QString name = QString::fromStdString(file);
        if ((best.isEmpty() || own > rank) && isReadable(name, content)) {
            best = name;
            rank = own;
        }
    }
    return best;
}

} // namespace jitscope::views
