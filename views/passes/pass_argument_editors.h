// Editors for the arguments of one pass: a list where it has choices, a box for yes and no, a
// number or a line of text. What was set for a pass is kept while the window is open.
#pragma once

#include "core/protocol/messages.h"

#include <QWidget>

#include <functional>
#include <map>
#include <string>
#include <vector>

class QFormLayout;

namespace jitscope::views {

class PassArgumentEditors : public QWidget
{
    Q_OBJECT

public:
    using Arguments = std::map<std::string, std::string>;

    // Object name "passArguments"; each editor is named "argument-" and its argument's name.
    explicit PassArgumentEditors(QWidget* parent = nullptr);

    // Null for none. Hidden when there is nothing to set.
    void setPass(const protocol::PassDescription* pass);
    // By name; what has its default value is left out.
    [[nodiscard]] Arguments arguments() const;

private:
    struct Editor
    {
        std::string argument;
        std::string defaultValue;
        std::function<std::string()> value;
    };
    void add(const protocol::PassDescription::Argument& argument, const std::string& value);
    void keep();

    QFormLayout* m_form;
    std::string m_pass;
    std::vector<Editor> m_editors;
    std::map<std::string, Arguments> m_kept; // by pass
};

} // namespace jitscope::views
