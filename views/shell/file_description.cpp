#include "views/shell/file_description.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>

#include <utility>

namespace jitscope::views {

namespace {

constexpr qsizetype mostListed = 500; // operators, classes

QString tr(const char* text)
{
    return DocumentModel::tr(text);
}

QString qt(const std::string& text)
{
    return QString::fromStdString(text);
}

void add(DescriptionSection& section, const QString& name, const QString& value)
{
    if (!value.isEmpty())
        section.lines.push_back({name, value});
}

QString bytesText(qint64 bytes)
{
    const QLocale locale;
    return tr("%1 (%2 bytes)").arg(locale.formattedDataSize(bytes), locale.toString(bytes));
}

QString kindText(const QString& kind)
{
    static const std::pair<QLatin1String, const char*> texts[] = {
        {QLatin1String("torchscript"), "TorchScript archive"},
        {QLatin1String("lite-interpreter"), "for the mobile (lite) interpreter"},
        {QLatin1String("torchserve"), "TorchServe archive (.mar)"},
        {QLatin1String("printed-ir"), "printed IR"},
    };
    for (const auto& [name, text] : texts) {
        if (kind == name)
            return tr(text);
    }
    return kind;
}

QString joined(const QJsonArray& list)
{
    QStringList texts;
    for (const auto& value : list)
        texts << value.toString();
    return texts.join(QStringLiteral(", "));
}

QString checksumsText(const QJsonObject& sums)
{
    const QLocale locale;
    const auto count = [&](const char* field) { return sums[QLatin1String(field)].toInteger(); };
    QString text = tr("%1 hold").arg(locale.toString(count("verified")));
    if (count("failed") != 0)
        text += tr(", %1 do not").arg(locale.toString(count("failed")));
    if (count("unverified") != 0) {
        text += tr(", %1 not read (%2)")
                    .arg(locale.toString(count("unverified")),
                         locale.formattedDataSize(count("unverified_bytes")));
    }
    return text;
}

void addArchive(DescriptionSection& section, const DocumentContent& content)
{
    if (content.records.empty())
        return;
    qint64 bytes = 0;
    qint64 stored = 0;
    qint64 code = 0;
    for (const document::ArchiveRecordRow& record : content.records) {
        bytes += record.bytes;
        stored += record.stored_bytes;
        code += record.content == "TorchScript code" ? 1 : 0;
    }
    const QLocale locale;
    const QString size = locale.formattedDataSize(bytes);
    const QString count = locale.toString(qlonglong(content.records.size()));
    add(section, tr("Records"),
        stored == bytes
            ? tr("%1, %2").arg(count, size)
            : tr("%1, %2, stored in %3").arg(count, size, locale.formattedDataSize(stored)));
    add(section, tr("Code files"), code == 0 ? QString() : locale.toString(code));
}

void addServed(DescriptionSection& section, const QJsonObject& served)
{
    const std::pair<const char*, const char*> fields[] = {
        {"name", "Served as"},       {"version", "Version"},   {"handler", "Handler"},
        {"runtime", "Runtime"},      {"archiver", "Archiver"}, {"serialized", "Model inside"},
        {"model_file", "Model file"}};
    for (const auto& [field, name] : fields)
        add(section, tr(name), served[QLatin1String(field)].toString());
    add(section, tr("Kind of model"), kindText(served[QStringLiteral("kind")].toString()));
}

void addCode(DescriptionSection& section, const QJsonObject& facts)
{
    const auto list = [&](const char* field) { return facts[QLatin1String(field)].toArray(); };
    const QString origin = facts[QStringLiteral("origin")].toString();
    add(section, tr("Made by"),
        origin == QStringLiteral("traced")     ? tr("tracing")
        : origin == QStringLiteral("scripted") ? tr("scripting")
        : origin == QStringLiteral("mixed")    ? tr("tracing and scripting")
                                               : QString());
    for (const auto& inputs : list("sample_inputs")) {
        add(section, tr("Traced %1 with").arg(inputs[QStringLiteral("method")].toString()),
            joined(inputs[QStringLiteral("arguments")].toArray()));
    }
    add(section, tr("Runs code when loaded"), joined(list("runs_at_load")));
    add(section, tr("Custom classes"), joined(list("custom_classes")));
    const QJsonObject bytecode = facts[QStringLiteral("bytecode")].toObject();
    if (bytecode.isEmpty())
        return;
    const qint64 functions = bytecode[QStringLiteral("functions")].toArray().size();
    add(section, tr("Bytecode"),
        tr("version %1, %2")
            .arg(bytecode[QStringLiteral("version")].toInteger())
            .arg(functions == 1 ? tr("1 function") : tr("%1 functions").arg(functions)));
    add(section, tr("TorchScript code"),
        facts[QStringLiteral("has_code")].toBool() ? tr("in the file as well, and shown")
                                                   : tr("none"));
}

DescriptionSection operators(const QJsonObject& facts)
{
    const QJsonArray called = facts[QStringLiteral("called_operators")].toArray();
    DescriptionSection section{tr("Operators that the file names"), {}};
    for (const auto& op : called) {
        if (static_cast<qsizetype>(section.lines.size()) == mostListed) {
            add(section, tr("More"), QLocale().toString(called.size() - mostListed));
            break;
        }
        const qint64 calls = op[QStringLiteral("calls")].toInteger();
        add(section, op[QStringLiteral("name")].toString(),
            calls == 1 ? tr("1 call") : tr("%1 calls").arg(QLocale().toString(calls)));
    }
    return section;
}

} // namespace

QString problemText(const document::ProblemRow& problem)
{
    const Error sentence{ErrorCode::UnusableFile, problem.message, problem.record, problem.remedy};
    return qt(sentence.message()); // as the engine logs it
}

Description describeFile(const DocumentContent& content)
{
    const QJsonObject facts =
        QJsonDocument::fromJson(QByteArray::fromStdString(content.infoValue("file_facts")))
            .object();
    if (facts.isEmpty())
        return {};
    const auto text = [&](const char* field) { return facts[QLatin1String(field)].toString(); };
    DescriptionSection file{tr("File"), {}};
    const QString path = qt(content.infoValue("model_path"));
    if (!path.isEmpty())
        file.lines.push_back({tr("Name"), QFileInfo(path).fileName(), {}, path});
    add(file, tr("Kind"),
        kindText(text(facts.contains(QStringLiteral("format")) ? "format" : "kind")));
    if (const qint64 bytes = qt(content.infoValue("model_bytes")).toLongLong(); bytes > 0)
        add(file, tr("Size"), bytesText(bytes));
    if (facts.contains(QStringLiteral("file_format_version")))
        add(file, tr("Format version"),
            QString::number(facts[QStringLiteral("file_format_version")].toInteger()));
    add(file, tr("Written by"), text("producer"));
    add(file, tr("Byte order"), text("byte_order"));
    addArchive(file, content);
    if (const QJsonValue sums = facts[QStringLiteral("checksums")]; sums.isObject())
        add(file, tr("Checksums"), checksumsText(sums.toObject()));
    addCode(file, facts);
    addServed(file, facts[QStringLiteral("served")].toObject());
    add(file, tr("Hash"), text("model_hash"));

    Description description;
    DescriptionSection problems{tr("Problems of the file"), {}};
    for (const document::ProblemRow& problem : content.problems)
        problems.lines.push_back({{}, problemText(problem)});
    if (!problems.lines.empty())
        description.push_back(std::move(problems));
    description.push_back(std::move(file));
    if (DescriptionSection called = operators(facts); !called.lines.empty())
        description.push_back(std::move(called));
    return description;
}

} // namespace jitscope::views
