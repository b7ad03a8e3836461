#include "views/shell/node_description.h"

#include "core/ir/names.h"
#include "core/ir/tensor_type.h"
#include "core/operators/operator_notes.h"
#include "core/scene/constant_text.h"
#include "core/scene/schema_text.h"

#include <QFileInfo>
#include <QLocale>
#include <QObject>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace jitscope::views {

namespace {

QString tr(const char* text)
{
    return QObject::tr(text);
}

QString qt(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString bytesText(std::int64_t bytes)
{
    return QLocale().formattedDataSize(bytes);
}

QString locationText(std::string_view file, std::int64_t line, std::int64_t column)
{
    QString text = QStringLiteral("%1:%2").arg(qt(file)).arg(line);
    if (column != 0)
        text += QStringLiteral(":%1").arg(column);
    return text;
}

void addLocation(DescriptionSection& section, const QString& name, std::string_view file,
                 std::int64_t line, std::int64_t column)
{
    if (file.empty() || line == 0)
        return;
    section.lines.push_back({name,
                             locationText(ir::packagePath(file), line, column),
                             {},
                             locationText(file, line, column)});
}

// As the graph states it, else as it is known from elsewhere.
QString typeText(const ir::Graph& graph, const ir::Value& value, const std::string& known)
{
    const std::string_view stated = graph.text(value.type);
    const auto type = ir::tensorTypeOf(stated);
    return known.empty() || (type && type->isComplete()) ? qt(stated)
                                                         : QString::fromStdString(known);
}

DescriptionSection outputsOf(const ir::Graph& graph, const ir::Node& node,
                             std::string_view modulePath, const scene::KnownTypes* types)
{
    DescriptionSection section{tr("Outputs"), {}};
    const auto outputs = graph.outputsOf(node);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        const ir::Value& value = graph.values[outputs[i]];
        const std::string known =
            types != nullptr ? types->output(graph, node, modulePath, i, {}) : std::string();
        section.lines.push_back(
            {QStringLiteral("%") + qt(graph.text(value.name)), typeText(graph, value, known), {}});
    }
    return section;
}

// The text of a constant; empty for any other value.
QString constantText(const ir::Graph& graph, const ir::Value& value)
{
    if (value.producer == ir::none || graph.kind(graph.nodes[value.producer]) != "prim::Constant")
        return {};
    const ir::Attribute* constant = graph.attribute(graph.nodes[value.producer], "value");
    return constant == nullptr ? QString()
                               : QString::fromStdString(scene::displayAttribute(
                                     graph, graph.nodes[value.producer], *constant));
}

// Each input under the name of the schema's argument, as far as there is one.
DescriptionSection inputsOf(const ir::Graph& graph, const ir::Node& node,
                            std::string_view modulePath, const scene::KnownTypes* types)
{
    DescriptionSection section{tr("Inputs"), {}};
    const auto arguments = scene::argumentsOf(graph.text(node.schema));
    const auto inputs = graph.inputsOf(node);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const ir::Value& value = graph.values[inputs[i]];
        const QString name = QStringLiteral("%") + qt(graph.text(value.name));
        const std::string known =
            types != nullptr ? types->input(graph, node, modulePath, i, {}) : std::string();
        QString text = typeText(graph, value, known);
        if (const QString constant = constantText(graph, value); !constant.isEmpty())
            text += QStringLiteral(" = ") + constant;
        if (i < arguments.size() && !arguments[i].name.empty())
            section.lines.push_back({QString::fromStdString(arguments[i].name),
                                     name + QStringLiteral(" : ") + text,
                                     {}});
        else
            section.lines.push_back({name, text, {}});
    }
    return section;
}

// What the operator does, and whether it can be run here.
void addOperator(DescriptionSection& section, std::string_view kind, const DocumentContent& content)
{
    if (const auto note = operators::noteOf(kind)) {
        section.lines.push_back({tr("Does"), QString::fromStdString(note->text), {}});
        if (!note->url.empty()) {
            const QString url = QString::fromStdString(note->url);
            section.lines.push_back(
                {tr("Documentation"),
                 url.section(QLatin1Char('/'), -1).section(QLatin1Char('.'), 0, -2), url});
        }
    }
    const document::MissingOperatorRow* missing = content.missingOperator(kind);
    if (missing == nullptr)
        return;
    const QString library = QString::fromStdString(missing->library);
    QString text =
        ir::isOfLibTorch(kind) ? tr("cannot run here: this version of LibTorch does not have it")
        : library.isEmpty()    ? tr("cannot run here: no library that was loaded provides it")
                            : tr("cannot run here without the operator library of %1").arg(library);
    if (missing->is_guessed != 0)
        text += tr("; its schema is guessed from the calls");
    section.lines.push_back({tr("Missing"), text, {}});
}

// The methods that a call through an interface may reach.
DescriptionSection candidatesOf(std::int64_t loadedKey, const DocumentContent& content)
{
    DescriptionSection section{tr("May call"), {}};
    for (const document::CallCandidateRow& candidate : content.candidates) {
        const document::FunctionRow* function =
            candidate.node == loadedKey ? content.function(candidate.function) : nullptr;
        if (function != nullptr)
            section.lines.push_back({{}, QString::fromStdString(function->name), {}});
    }
    return section;
}

QString tensorText(const ir::Graph& graph, const ir::TensorConstant& tensor)
{
    QStringList sizes;
    for (const std::int64_t size : graph.shapeOf(tensor))
        sizes << QString::number(size);
    QString text = QStringLiteral("%1 [%2]").arg(qt(graph.text(tensor.dtype)),
                                                 sizes.join(QStringLiteral(", ")));
    if (tensor.hasStatistics) {
        text += QStringLiteral("\nmin %1, max %2, mean %3")
                    .arg(tensor.minimum, 0, 'g', 5)
                    .arg(tensor.maximum, 0, 'g', 5)
                    .arg(tensor.mean, 0, 'g', 5);
    }
    if (tensor.preview != 0)
        text += QLatin1Char('\n') + qt(graph.text(tensor.preview));
    return text;
}

DescriptionSection attributesOf(const ir::Graph& graph, const ir::Node& node)
{
    DescriptionSection section{tr("Attributes"), {}};
    for (const ir::Attribute& attribute : graph.attributesOf(node)) {
        QString text = QString::fromStdString(scene::displayAttribute(graph, node, attribute));
        for (const ir::TensorConstant& tensor : graph.tensorsOf(attribute))
            text = tensorText(graph, tensor);
        for (const ir::Graph& subgraph : graph.subgraphsOf(attribute))
            text = subgraph.nodes.size() == 1
                       ? tr("a graph of 1 node")
                       : tr("a graph of %1 nodes").arg(subgraph.nodes.size());
        section.lines.push_back({qt(graph.text(attribute.name)), text, {}});
    }
    return section;
}

QString stageLabel(const DocumentModel& document, std::int64_t id)
{
    const document::StageRow* stage = document.stage(id);
    return stage == nullptr ? QString::number(id) : QString::fromStdString(stage->label);
}

// The nodes of other stages that stand for the same line of code in the same module instance.
DescriptionSection relatives(const document::NodeRef& ref, const DocumentModel& document)
{
    DescriptionSection section{tr("In other stages"), {}};
    const auto index = document.nodeIndex();
    std::map<std::pair<std::int64_t, std::string>, int> counts; // by stage and kind
    for (const ir::NodeKey key : index->related(ref)) {
        const document::NamedNode* node = index->node(key);
        if (node != nullptr && key != ref.key)
            ++counts[{node->stage, node->kind}];
    }
    for (const auto& [stageAndKind, count] : counts) {
        const auto& [stage, kind] = stageAndKind;
        section.lines.push_back(
            {stageLabel(document, stage),
             count == 1 ? qt(kind) : QStringLiteral("%1 \u00d7 %2").arg(qt(kind)).arg(count),
             {}});
    }
    return section;
}

void addUnlessEmpty(Description& description, DescriptionSection section)
{
    if (!section.lines.empty())
        description.push_back(std::move(section));
}

void addLine(DescriptionSection& section, const QString& name, const QString& value)
{
    if (!value.isEmpty())
        section.lines.push_back({name, value, {}});
}

} // namespace

Description describeNode(const ir::Graph& graph, const ir::Node& node, const document::NodeRef& ref,
                         const DocumentModel& document)
{
    DescriptionSection general{qt(graph.kind(node)), {}};
    addOperator(general, graph.kind(node), *document.content());
    addLine(general, tr("Module"), QString::fromStdString(ref.modulePath));
    addLocation(general, tr("Source"), graph.text(node.source.file), node.source.line,
                node.source.column);
    addLine(general, tr("Function"), qt(graph.text(node.function)));
    addLine(general, tr("Schema"), qt(graph.text(node.schema)));
    if (const document::NamedNode* named = document.nodeIndex()->node(node.key))
        addLine(general, tr("Made in stage"), stageLabel(document, named->stage));
    addLine(general, tr("Key"), QString::number(node.key));
    Description description{std::move(general)};
    const auto types = document.knownTypes();
    addUnlessEmpty(description, inputsOf(graph, node, ref.modulePath, types.get()));
    addUnlessEmpty(description, outputsOf(graph, node, ref.modulePath, types.get()));
    addUnlessEmpty(description, attributesOf(graph, node));
    if (node.source.callChain != 0) {
        DescriptionSection chain{tr("Call chain"), {}};
        const QStringList calls =
            qt(graph.text(node.source.callChain)).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        for (const QString& call : calls)
            chain.lines.push_back({{}, qt(ir::packagePath(call.toStdString())), {}, call});
        addUnlessEmpty(description, std::move(chain));
    }
    addUnlessEmpty(description,
                   candidatesOf(ref.loaded != 0 ? ref.loaded : node.key, *document.content()));
    addUnlessEmpty(description, relatives(ref, document));
    return description;
}

Description describeAbsentNode(const document::NodeRef& ref, const DocumentModel& document)
{
    const document::NamedNode* node =
        document.nodeIndex()->node(ref.key != 0 ? ref.key : ref.loaded);
    if (node == nullptr)
        return {};
    DescriptionSection general{qt(node->kind), {}};
    addOperator(general, node->kind, *document.content());
    addLine(general, tr("Module"), QString::fromStdString(ref.modulePath));
    addLocation(general, tr("Source"), node->file, node->line, node->column);
    addLine(general, tr("Function"), qt(node->function));
    addLine(general, tr("Made in stage"), stageLabel(document, node->stage));
    Description description{std::move(general)};
    addUnlessEmpty(description, relatives(ref, document));
    return description;
}

Callers callersOf(const QString& path, const DocumentContent& content)
{
    Callers callers;
    QString around = path;
    while (!around.isEmpty() && callers.methods.empty()) {
        const qsizetype dot = around.lastIndexOf(QLatin1Char('.'));
        around.truncate(std::max<qsizetype>(dot, 0));
        const document::ModuleRow* module = content.moduleAt(around.toStdString());
        if (module == nullptr)
            continue;
        callers.module = around;
        for (const document::MethodRow& method : content.methods) {
            const document::FunctionRow* function =
                method.module == module->id ? content.function(method.function) : nullptr;
            if (function != nullptr)
                callers.methods.push_back(function);
        }
    }
    return callers;
}

std::vector<DescriptionLine> callsOf(const QString& path, const QString& around,
                                     const ir::Graph& body)
{
    const QString wanted = around.isEmpty() ? path : path.mid(around.size() + 1);
    // A value that is read from the method's own module, one attribute after the other.
    const auto pathOf = [&body](ir::ValueId value) -> std::optional<QString> {
        QStringList parts;
        while (body.values[value].producer != ir::none) {
            const ir::Node& node = body.nodes[body.values[value].producer];
            const ir::Attribute* name = body.attribute(node, "name");
            if (body.kind(node) != "prim::GetAttr" || name == nullptr || node.inputs.count == 0)
                return std::nullopt;
            parts.prepend(qt(ir::unquoted(body.text(name->text))));
            value = body.inputsOf(node)[0];
        }
        const auto parameters = body.parametersOf(body.blocks.at(0));
        if (parameters.empty() || parameters[0] != value)
            return std::nullopt;
        return parts.join(QLatin1Char('.'));
    };
    std::vector<DescriptionLine> lines;
    for (const ir::Node& node : body.nodes) {
        if (body.kind(node) != "prim::CallMethod" || node.inputs.count == 0 ||
            node.source.file == 0 || node.source.line == 0 ||
            pathOf(body.inputsOf(node)[0]) != wanted)
            continue;
        const std::string_view file = body.text(node.source.file);
        const QString whole = locationText(file, node.source.line, node.source.column);
        const bool isKnown =
            std::any_of(lines.begin(), lines.end(),
                        [&whole](const DescriptionLine& line) { return line.whole == whole; });
        if (!isKnown)
            lines.push_back({tr("Called at"),
                             locationText(ir::packagePath(file), node.source.line, 0),
                             {},
                             whole});
    }
    return lines;
}

Description describeModule(const QString& path, const DocumentModel& document,
                           const std::vector<DescriptionLine>& calls)
{
    const DocumentContent& content = *document.content();
    const document::ModuleRow* module = content.moduleAt(path.toStdString());
    if (module == nullptr)
        return {};
    DescriptionSection general{qt(module->class_name), {}};
    addLine(general, tr("Module"), path.isEmpty() ? tr("the model itself") : path);
    addLine(general, tr("Type"), qt(module->type_name));
    general.lines.insert(general.lines.end(), calls.begin(), calls.end());
    if (const document::FunctionRow* forward = content.functionOf(module->id, "forward")) {
        const auto index = document.nodeIndex();
        if (const document::NamedNode* first = index->firstWritten(forward->name))
            addLocation(general, tr("Defined at"), first->file, first->line, 0);
    }
    DescriptionSection methods{tr("Methods"), {}};
    for (const document::MethodRow& method : content.methods) {
        if (method.module != module->id)
            continue;
        const document::FunctionRow* function = content.function(method.function);
        methods.lines.push_back(
            {qt(method.name), function == nullptr ? QString() : qt(function->schema), {}});
    }
    DescriptionSection tensors{tr("Tensors"), {}};
    const std::string prefix = path.isEmpty() ? std::string() : path.toStdString() + ".";
    std::int64_t bytes = 0;
    for (const document::TensorRow& tensor : content.tensors) {
        if (tensor.role == "constant" || !tensor.name.starts_with(prefix))
            continue;
        bytes += tensor.bytes;
        const std::string name = tensor.name.substr(prefix.size());
        if (name.find('.') == std::string::npos) {
            tensors.lines.push_back({qt(name),
                                     QStringLiteral("%1 %2, %3, %4")
                                         .arg(qt(tensor.dtype), qt(tensor.shape), qt(tensor.role),
                                              bytesText(tensor.bytes)),
                                     {}});
        }
    }
    addLine(general, tr("Weights"), bytes == 0 ? QString() : bytesText(bytes));
    Description description{std::move(general)};
    addUnlessEmpty(description, std::move(methods));
    addUnlessEmpty(description, std::move(tensors));
    return description;
}

} // namespace jitscope::views
