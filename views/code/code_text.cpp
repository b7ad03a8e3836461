#include "views/code/code_text_p.h"

#include "core/ir/print.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <set>

namespace jitscope::views {

namespace {

// A larger file is no source that a person wrote.
constexpr qint64 largestFile = 8 * 1024 * 1024;

class Text
{
    Q_DECLARE_TR_FUNCTIONS(jitscope::views::CodeView)
};

// The file where it was when the model was made, or below a folder under the longest part of its
// path that is there.
QString located(const QString& file, const QStringList& searchFolders)
{
    if (QFileInfo(file).isFile())
        return file;
    const QStringList parts =
        QDir::fromNativeSeparators(file).split(QLatin1Char('/'), Qt::SkipEmptyParts);
    if (parts.contains(QStringLiteral("..")))
        return {};
    for (qsizetype first = 0; first < parts.size(); ++first) {
        const QString tail = parts.mid(first).join(QLatin1Char('/'));
        for (const QString& folder : searchFolders) {
            const QString candidate = QDir(folder).filePath(tail);
            if (QFileInfo(candidate).isFile())
                return candidate;
        }
    }
    return {};
}

QString readFile(const QString& path)
{
    QFile file(path);
    if (path.isEmpty() || file.size() > largestFile || !file.open(QIODevice::ReadOnly))
        return {};
    return QString::fromUtf8(file.readAll());
}

QStringList linesOf(QString text)
{
    text.remove(QLatin1Char('\r'));
    QStringList lines = text.split(QLatin1Char('\n'));
    if (!lines.isEmpty() && lines.back().isEmpty())
        lines.pop_back();
    return lines;
}

// By line of the file, from 1; of fragments that overlap the first one counts.
std::map<int, QString> carriedLines(const QString& file, const DocumentContent& content)
{
    std::map<int, QString> lines;
    for (const document::SourceRow& row : content.sources) {
        if (row.text.empty() || row.first_line < 1 || row.first_line > 10'000'000 ||
            QString::fromStdString(row.file) != file)
            continue;
        int number = static_cast<int>(row.first_line);
        for (const QString& line : linesOf(QString::fromStdString(row.text)))
            lines.try_emplace(number++, line);
    }
    return lines;
}

bool agrees(const QStringList& file, const std::map<int, QString>& carried)
{
    // Fragments lose the indentation that they had in the file.
    return std::all_of(carried.begin(), carried.end(), [&](const auto& entry) {
        return entry.first <= file.size() &&
               file[entry.first - 1].trimmed() == entry.second.trimmed();
    });
}

} // namespace

CodeText pythonText(const QString& file, const DocumentContent& content,
                    const document::NodeIndex& nodes, const QStringList& searchFolders)
{
    CodeText result;
    result.language = CodeLanguage::Python;
    const std::map<int, QString> carried = carriedLines(file, content);
    const QString path = located(file, searchFolders);
    const QStringList whole = linesOf(readFile(path));
    std::map<int, int> lineOf; // of the file, from 1, to that of the text, from 0
    QStringList lines;
    if (!whole.isEmpty() && agrees(whole, carried)) {
        lines = whole;
        for (int i = 0; i < lines.size(); ++i)
            lineOf[i + 1] = i;
    } else {
        int before = 0;
        for (const auto& [number, line] : carried) {
            if (number != before + 1 && before != 0) {
                lines << QStringLiteral("\u22ef"); // what lies between is not in the model
                result.lineNumbers.push_back(0);
            }
            lineOf[number] = static_cast<int>(lines.size());
            lines << line;
            result.lineNumbers.push_back(number);
            before = number;
        }
        if (!whole.isEmpty())
            result.notice = Text::tr("%1 differs from the file that the model was made from: shown "
                                     "is what the model carries.")
                                .arg(path);
        else if (carried.empty())
            result.notice =
                Text::tr("%1 is not here, and the model carries no source of it. Name a "
                         "folder to look in.")
                    .arg(file);
        else
            result.notice =
                Text::tr("%1 is not here: shown is what the model carries of it.").arg(file);
    }
    result.text = lines.join(QLatin1Char('\n'));
    const std::string name = file.toStdString();
    for (const document::NamedNode& node : nodes.nodes()) {
        const auto line = lineOf.find(static_cast<int>(node.line));
        if (node.file == name && line != lineOf.end())
            result.nodes[line->second].push_back(node.key);
    }
    return result;
}

CodeText serializedText(const document::CodeRow& code)
{
    CodeText result;
    result.language = CodeLanguage::Serialized;
    result.text = QString::fromStdString(code.text);
    return result;
}

CodeText irText(const ir::Graph& graph)
{
    CodeText result;
    result.language = CodeLanguage::Ir;
    result.text = QString::fromStdString(ir::print(graph)).trimmed();
    // Nodes are numbered in the order of their lines, a line with " = " each; bodies of groups
    // follow the graph.
    const ir::Graph* body = &graph;
    std::size_t node = 0;
    std::size_t group = 0;
    const QStringList lines = result.text.split(QLatin1Char('\n'));
    for (int i = 0; i < lines.size() && body != nullptr; ++i) {
        if (lines[i].startsWith(QLatin1String("with "))) {
            const bool isNext = group < graph.subgraphs.size() &&
                                lines[i].contains(QStringLiteral("_%1 = graph(").arg(group));
            body = isNext ? &graph.subgraphs[group++] : nullptr;
            node = 0;
        } else if (node < body->nodes.size()) {
            const std::string_view kind = body->kind(body->nodes[node]);
            const QString assignment =
                QStringLiteral(" = ") +
                QString::fromUtf8(kind.data(), static_cast<qsizetype>(kind.size()));
            if (lines[i].contains(assignment))
                result.nodes[i].push_back(body->nodes[node++].key);
        }
    }
    return result;
}

QStringList pythonFiles(const DocumentContent& content, const document::NodeIndex& nodes)
{
    std::set<std::string> files;
    for (const document::SourceRow& row : content.sources)
        files.insert(row.file);
    for (const document::NamedNode& node : nodes.nodes())
        files.insert(node.file);
    QStringList result;
    for (const std::string& file : files) {
        if (!file.empty())
            result << QString::fromStdString(file);
    }
    return result;
}

std::optional<Definition> definitionOf(const std::string& qualifiedName,
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
                    return Definition{&code, i};
            }
        }
    }
    return {};
}

} // namespace jitscope::views
