#include "views/code/code_text_p.h"

#include "core/ir/print.h"
#include "views/code/source_finder_p.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

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

QString readFile(const QString& path)
{
    QFile file(path);
    if (path.isEmpty() || file.size() > largestFile || !file.open(QIODevice::ReadOnly))
        return {};
    return QString::fromUtf8(file.readAll());
}

// By line of the file, from 1; of fragments that overlap the first one counts.
std::map<int, QString> carriedLines(const QString& file, const DocumentContent& content)
{
    std::map<int, QString> lines;
    const std::string name = file.toStdString();
    for (const document::SourceRow& row : content.sources) {
        if (row.text.empty() || row.first_line < 1 || row.first_line > 10'000'000 ||
            row.file != name)
            continue;
        int number = static_cast<int>(row.first_line);
        for (const QString& line : linesOf(QString::fromStdString(row.text)))
            lines.try_emplace(number++, line);
    }
    return lines;
}

// How many of the lines that the model carries say something else in the file. Fragments lose the
// indentation that they had in the file.
int differences(const QStringList& file, const std::map<int, QString>& carried)
{
    return static_cast<int>(std::count_if(carried.begin(), carried.end(), [&](const auto& entry) {
        return entry.first > file.size() ||
               file[entry.first - 1].trimmed() != entry.second.trimmed();
    }));
}

void setWhole(CodeText& text, const QStringList& lines)
{
    text.text = lines.join(QLatin1Char('\n'));
    text.isOfFile = true;
}

void setCarried(CodeText& text, const std::map<int, QString>& carried)
{
    QStringList lines;
    int before = 0;
    for (const auto& [number, line] : carried) {
        if (number != before + 1 && before != 0) {
            lines << QStringLiteral("\u22ef"); // what lies between is not in the model
            text.lineNumbers.push_back(0);
        }
        lines << line;
        text.lineNumbers.push_back(number);
        before = number;
    }
    text.text = lines.join(QLatin1Char('\n'));
}

// What there is to say when the text is the model's own, or there is none.
void explainCarried(CodeText& text, const QString& file, const std::map<int, QString>& carried)
{
    if (carried.empty())
        text.warning = Text::tr("%1 is not here, and the model carries no source of it. Name a "
                                "folder to look in.")
                           .arg(file);
    else
        text.origin = Text::tr("From the model's debug records: %1 is not here").arg(file);
}

QString originOf(const QString& path, const QString& file, const QString& chosen)
{
    if (path == file)
        return Text::tr("File: %1").arg(path);
    return chosen.isEmpty() ? Text::tr("File found below a search folder: %1").arg(path)
                            : Text::tr("File that you chose: %1").arg(path);
}

} // namespace

QStringList linesOf(QString text)
{
    text.remove(QLatin1Char('\r'));
    QStringList lines = text.split(QLatin1Char('\n'));
    if (!lines.isEmpty() && lines.back().isEmpty())
        lines.pop_back();
    return lines;
}

int CodeText::lineNumbered(int number) const
{
    if (lineNumbers.empty())
        return number - 1;
    const auto found = std::find(lineNumbers.begin(), lineNumbers.end(), number);
    return found == lineNumbers.end() ? -1 : static_cast<int>(found - lineNumbers.begin());
}

std::map<int, int> CodeText::linesByNumber() const
{
    std::map<int, int> lines;
    if (text.isEmpty())
        return lines;
    const auto count = static_cast<int>(text.count(QLatin1Char('\n')) + 1);
    for (int line = 0; line < count; ++line) {
        if (const int number = numberOf(line); number != 0)
            lines.emplace_hint(lines.end(), number, line);
    }
    return lines;
}

int CodeText::numberOf(int line) const
{
    if (lineNumbers.empty())
        return line + 1;
    return line >= 0 && static_cast<std::size_t>(line) < lineNumbers.size()
               ? lineNumbers[static_cast<std::size_t>(line)]
               : 0;
}

std::map<int, std::vector<ir::NodeKey>> placed(const std::map<int, std::vector<ir::NodeKey>>& nodes,
                                               const CodeText& text)
{
    const std::map<int, int> lines = text.linesByNumber();
    std::map<int, std::vector<ir::NodeKey>> result;
    for (const auto& [number, keys] : nodes) {
        if (const auto line = lines.find(number); line != lines.end())
            result[line->second] = keys;
    }
    return result;
}

CodeText pythonText(const PythonRequest& request, const DocumentContent& content,
                    const std::map<int, std::vector<ir::NodeKey>>& nodes, SourceFinder& finder,
                    const CancelToken& cancel)
{
    CodeText result;
    result.language = CodeLanguage::Python;
    const std::map<int, QString> carried = carriedLines(request.file, content);
    QString path = request.chosen;
    if (path.isEmpty()) {
        const QStringList found = finder.candidates(request.file, request.searchFolders, cancel);
        if (found.size() == 1)
            path = found.front();
        else
            result.candidates = found;
    }
    const QStringList whole = linesOf(readFile(path));
    const int different = differences(whole, carried);
    // A traced model carries no text, but knows lines that its file must have.
    const int last = nodes.empty() ? 0 : nodes.rbegin()->first;
    const bool isTooShort = last > whole.size();
    const bool fits = different == 0 && !isTooShort;
    const QString here = originOf(path, request.file, request.chosen);
    result.hasOther = !whole.isEmpty() && !carried.empty() && !fits;
    if (whole.isEmpty()) {
        setCarried(result, carried);
        explainCarried(result, request.file, carried);
    } else if (fits || carried.empty() || request.takeFile) {
        setWhole(result, whole);
        result.origin = here;
        if (different != 0)
            result.warning = Text::tr("This file does not fit the model any more: %1 of the %2 "
                                      "lines that the model carries differ. Its marks may be "
                                      "beside the wrong lines.")
                                 .arg(different)
                                 .arg(carried.size());
        else if (isTooShort)
            result.warning = Text::tr("This file does not fit the model any more: it ends before "
                                      "line %1, in which the model has nodes.")
                                 .arg(last);
    } else {
        setCarried(result, carried);
        result.origin = Text::tr("From the model's debug records");
        result.warning = Text::tr("%1 does not fit the model any more: %2 of the %3 lines that the "
                                  "model carries differ.")
                             .arg(path)
                             .arg(different)
                             .arg(carried.size());
    }
    if (!result.candidates.isEmpty())
        result.warning = Text::tr("%1 files fit %2 equally well: choose one.")
                             .arg(result.candidates.size())
                             .arg(request.file);
    result.states = lineStates(result.language, result.text);
    return result;
}

CodeText serializedText(const document::CodeRow& code)
{
    CodeText result;
    result.language = CodeLanguage::Serialized;
    result.text = linesOf(QString::fromStdString(code.text)).join(QLatin1Char('\n'));
    result.origin = Text::tr("Record %1 of the model").arg(QString::fromStdString(code.record));
    result.states = lineStates(result.language, result.text);
    return result;
}

CodeText irText(const ir::Graph& graph)
{
    const ir::PrintedLines printed =
        ir::printLines(graph, {.locations = true, .modulePaths = true});
    CodeText result;
    result.language = CodeLanguage::Ir;
    result.text = QString::fromStdString(printed.text);
    result.text.chop(1); // the line end
    for (std::size_t line = 0; line < printed.keys.size(); ++line) {
        if (printed.keys[line] != 0)
            result.nodes[static_cast<int>(line)].push_back(printed.keys[line]);
    }
    return result;
}

QStringList pythonFiles(const DocumentContent& content, const document::NodeIndex& nodes)
{
    std::set<std::string> files;
    for (const document::SourceRow& row : content.sources)
        files.insert(row.file);
    const std::string* last = nullptr; // neighbours are of one file
    for (const document::NamedNode& node : nodes.nodes()) {
        if (last == nullptr || *last != node.file)
            files.insert(node.file);
        last = &node.file;
    }
    QStringList result;
    for (const std::string& file : files) {
        if (!file.empty())
            result << QString::fromStdString(file);
    }
    return result;
}

std::vector<CallFrame> callFrames(std::string_view chain)
{
    static const QRegularExpression form(QStringLiteral("^(.*)\\((\\d+)\\):\\s*(.*)$"));
    std::vector<CallFrame> frames;
    const QString text = QString::fromUtf8(chain.data(), static_cast<qsizetype>(chain.size()));
    for (const QString& line : text.split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
        const QRegularExpressionMatch match = form.match(line);
        if (match.hasMatch())
            frames.push_back(
                {match.captured(1).trimmed(), match.captured(2).toInt(), match.captured(3)});
    }
    return frames;
}

} // namespace jitscope::views
