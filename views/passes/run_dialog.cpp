#include "views/passes/run_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace jitscope::views {

namespace {

constexpr int mostIterations = 1'000'000;
constexpr int mostThreads = 1024;

QSpinBox* numberBox(const QString& name, int from, int to, int value)
{
    auto* box = new QSpinBox;
    box->setObjectName(name);
    box->setRange(from, to);
    box->setValue(value);
    return box;
}

// Where the list of arguments ends: at the bracket that closes the first one.
qsizetype endOfArguments(const QString& schema, qsizetype begin)
{
    int depth = 0;
    for (qsizetype i = begin; i < schema.size(); ++i) {
        const QChar c = schema[i];
        if (c == QLatin1Char('(') || c == QLatin1Char('['))
            ++depth;
        else if (c == QLatin1Char(')') || c == QLatin1Char(']'))
            --depth;
        if (depth < 0)
            return i;
    }
    return schema.size();
}

QStringList splitArguments(const QString& list)
{
    QStringList parts;
    int depth = 0;
    qsizetype begin = 0;
    for (qsizetype i = 0; i <= list.size(); ++i) {
        const QChar c = i < list.size() ? list[i] : QLatin1Char(',');
        if (c == QLatin1Char('(') || c == QLatin1Char('['))
            ++depth;
        else if (c == QLatin1Char(')') || c == QLatin1Char(']'))
            --depth;
        else if (c == QLatin1Char(',') && (depth == 0 || i == list.size())) {
            parts << list.mid(begin, i - begin).trimmed();
            begin = i + 1;
        }
    }
    return parts;
}

} // namespace

std::vector<InputArgument> inputArguments(const QString& schema)
{
    std::vector<InputArgument> arguments;
    const qsizetype open = schema.indexOf(QLatin1Char('('));
    if (open < 0)
        return arguments;
    const QString list = schema.mid(open + 1, endOfArguments(schema, open + 1) - open - 1);
    const QStringList parts = splitArguments(list);
    for (qsizetype i = 0; i < parts.size(); ++i) {
        const QString declaration = parts[i].section(QLatin1Char('='), 0, 0);
        const qsizetype space = declaration.lastIndexOf(QLatin1Char(' '));
        if (space < 0)
            continue;
        const bool isObject = declaration.startsWith(QLatin1String("__torch__."));
        if (i == 0 && (isObject || declaration.mid(space + 1) == QLatin1String("self")))
            continue; // what the method is of, which need not be called self
        arguments.push_back({declaration.mid(space + 1), declaration.left(space)});
    }
    return arguments;
}

RunDialog::RunDialog(const std::vector<InputArgument>& arguments, const QStringList& devices,
                     const protocol::RunParams& last, QWidget* parent)
    : QDialog(parent),
      m_last(last),
      m_device(new QComboBox),
      m_mode(new QComboBox),
      m_shapes(new QCheckBox(tr("See the &shapes of all values")))
{
    setObjectName(QStringLiteral("runDialog"));
    setWindowTitle(tr("Run"));
    auto* form = new QFormLayout;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        auto* input = new QLineEdit;
        input->setObjectName(QStringLiteral("input%1").arg(i));
        input->setPlaceholderText(tr("generated"));
        input->setToolTip(tr(
            "A shape such as 1x3x224x224, with a type such as int64:1x16:0..1000, a number, true,\n"
            "a list in [ ], a tuple in ( ), or the path of a tensor saved with torch.save.\n"
            "Empty: made from what the model says of it."));
        if (i < last.inputs.size())
            input->setText(QString::fromStdString(last.inputs[i]));
        m_inputs.push_back(input);
        form->addRow(QStringLiteral("%1 (%2)").arg(arguments[i].name, arguments[i].type), input);
    }
    m_device->setObjectName(QStringLiteral("device"));
    m_device->addItems(devices.isEmpty() ? QStringList{QStringLiteral("cpu")} : devices);
    m_device->setCurrentText(QString::fromStdString(last.device));
    m_warmups = numberBox(QStringLiteral("warmups"), 0, mostIterations, last.warmups);
    m_warmups->setToolTip(tr("The executor profiles in the first run and optimises in the second; "
                             "these are not recorded."));
    m_iterations = numberBox(QStringLiteral("iterations"), 1, mostIterations, last.iterations);
    m_threads = numberBox(QStringLiteral("threads"), 0, mostThreads, last.threads);
    m_threads->setSpecialValueText(tr("as many as there are cores"));
    m_mode->setObjectName(QStringLiteral("mode"));
    m_mode->addItem(tr("Follow the executor's optimised plan"), QStringLiteral("executor"));
    m_mode->addItem(tr("Interpret the shown stage as it stands"), QStringLiteral("interpret"));
    m_mode->setCurrentIndex(std::max(0, m_mode->findData(QString::fromStdString(last.mode))));
    form->addRow(tr("&Device"), m_device);
    form->addRow(tr("&Warm-ups"), m_warmups);
    form->addRow(tr("&Iterations"), m_iterations);
    form->addRow(tr("&Threads"), m_threads);
    form->addRow(tr("&Mode"), m_mode);
    m_shapes->setObjectName(QStringLiteral("shapes"));
    m_shapes->setChecked(last.observeTypes);
    m_shapes->setToolTip(tr("Interprets the stage once more before the warm-ups; the graph then "
                            "shows what tensors went along its edges."));
    form->addRow(QString(), m_shapes);

    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    QPushButton* start = buttons->addButton(tr("&Run"), QDialogButtonBox::AcceptRole);
    start->setObjectName(QStringLiteral("startRun"));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto* layout = new QVBoxLayout(this);
    layout->addLayout(form);
    layout->addWidget(buttons);
    // Only now is there a dialog that the button can be the default of.
    buttons->button(QDialogButtonBox::Cancel)->setAutoDefault(false);
    start->setDefault(true);
    setMinimumWidth(fontMetrics().averageCharWidth() * 70);
}

protocol::RunParams RunDialog::params() const
{
    protocol::RunParams params = m_last;
    params.inputs.clear();
    for (const QLineEdit* input : m_inputs)
        params.inputs.push_back(input->text().trimmed().toStdString());
    // An argument that is left empty at the end is left out; one in between stays, to be generated.
    while (!params.inputs.empty() && params.inputs.back().empty())
        params.inputs.pop_back();
    params.device = m_device->currentText().toStdString();
    params.warmups = m_warmups->value();
    params.iterations = m_iterations->value();
    params.threads = m_threads->value();
    params.mode = m_mode->currentData().toString().toStdString();
    params.observeTypes = m_shapes->isChecked();
    return params;
}

} // namespace jitscope::views
