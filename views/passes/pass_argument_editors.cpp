#include "views/passes/pass_argument_editors.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QSpinBox>

#include <algorithm>
#include <limits>

namespace jitscope::views {

namespace {

using Argument = protocol::PassDescription::Argument;

QString qt(const std::string& text)
{
    return QString::fromStdString(text);
}

// "Side effects" of side-effects.
QString titleOf(const Argument& argument)
{
    QString title = qt(argument.name).replace(QLatin1Char('-'), QLatin1Char(' '));
    if (!title.isEmpty())
        title[0] = title[0].toUpper();
    return title;
}

bool isYesOrNo(const Argument& argument)
{
    std::vector<std::string> choices = argument.choices;
    std::sort(choices.begin(), choices.end());
    return choices == std::vector<std::string>{"no", "yes"};
}

bool isNumber(const std::string& text)
{
    return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

} // namespace

PassArgumentEditors::PassArgumentEditors(QWidget* parent)
    : QWidget(parent), m_form(new QFormLayout(this))
{
    setObjectName(QStringLiteral("passArguments"));
    m_form->setContentsMargins(0, 0, 0, 0);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    hide();
}

void PassArgumentEditors::setPass(const protocol::PassDescription* pass)
{
    keep();
    const std::string name = pass == nullptr ? std::string() : pass->name;
    if (name == m_pass && !m_editors.empty())
        return; // what is being typed stays
    m_pass = name;
    m_editors.clear();
    while (m_form->rowCount() > 0)
        m_form->removeRow(0);
    if (pass != nullptr) {
        const Arguments& kept = m_kept[name];
        for (const Argument& argument : pass->arguments) {
            const auto set = kept.find(argument.name);
            add(argument, set == kept.end() ? argument.defaultValue : set->second);
        }
    }
    setVisible(!m_editors.empty());
}

void PassArgumentEditors::add(const Argument& argument, const std::string& value)
{
    QWidget* widget = nullptr;
    std::function<std::string()> read;
    if (isYesOrNo(argument)) {
        auto* box = new QCheckBox(titleOf(argument));
        box->setChecked(value == "yes");
        read = [box] { return box->isChecked() ? "yes" : "no"; };
        widget = box;
    } else if (!argument.choices.empty()) {
        auto* box = new QComboBox;
        for (const std::string& choice : argument.choices)
            box->addItem(qt(choice));
        box->setCurrentText(qt(value));
        read = [box] { return box->currentText().toStdString(); };
        widget = box;
    } else if (isNumber(argument.defaultValue)) {
        auto* box = new QSpinBox;
        box->setRange(0, std::numeric_limits<int>::max());
        box->setValue(qt(value).toInt());
        read = [box] { return std::to_string(box->value()); };
        widget = box;
    } else {
        auto* line = new QLineEdit(qt(value));
        line->setPlaceholderText(qt(argument.meaning));
        read = [line] { return line->text().trimmed().toStdString(); };
        widget = line;
    }
    widget->setObjectName(QStringLiteral("argument-") + qt(argument.name));
    widget->setAccessibleName(titleOf(argument));
    widget->setAccessibleDescription(qt(argument.meaning));
    widget->setToolTip(qt(argument.meaning));
    if (qobject_cast<QCheckBox*>(widget) != nullptr)
        m_form->addRow(widget);
    else
        m_form->addRow(titleOf(argument), widget);
    m_editors.push_back({argument.name, argument.defaultValue, std::move(read)});
}

void PassArgumentEditors::keep()
{
    if (!m_editors.empty())
        m_kept[m_pass] = arguments();
}

PassArgumentEditors::Arguments PassArgumentEditors::arguments() const
{
    Arguments set;
    for (const Editor& editor : m_editors) {
        const std::string value = editor.value();
        if (value != editor.defaultValue)
            set.emplace(editor.argument, value);
    }
    return set;
}

} // namespace jitscope::views
