// One text of the code view: what may be shown in it, what is shown, and what is wrong with that.
// Private to views/code.
#pragma once

#include "views/code/code_edit_p.h"

#include <QWidget>

class QComboBox;
class QFrame;
class QLabel;
class QStackedWidget;
class QToolButton;

namespace jitscope::views {

class TextPane : public QWidget
{
    Q_OBJECT

public:
    // `name` begins the object names of what is in it: "python" gives pythonTexts (the choice),
    // pythonText, pythonOrigin, pythonWarning, pythonMessage, pythonCandidates, pythonOther.
    TextPane(const QString& name, const QString& title, QWidget* parent = nullptr);

    // The texts to choose from.
    struct Entry
    {
        QString title;
        QString name; // of the text, unique in the pane
    };
    void setEntries(const std::vector<Entry>& entries);
    void setTitle(const QString& name, const QString& title);
    // Makes it the chosen one, without a signal; false when there is none of that name.
    bool choose(const QString& name);
    [[nodiscard]] QString chosen() const;
    [[nodiscard]] bool isEmpty() const; // nothing to choose from

    // Gives back a document to be deleted.
    std::shared_ptr<QTextDocument> showText(PreparedText text);
    void showMessage(const QString& message);
    [[nodiscard]] CodeEdit& edit() { return *m_edit; }
    [[nodiscard]] const CodeText& code() const { return m_edit->code(); }
    // The chosen text is the one in sight.
    [[nodiscard]] bool isShown() const { return m_shown == chosen() && !m_shown.isEmpty(); }

Q_SIGNALS:
    void textChosen(const QString& name); // by the user
    void lineClicked(int line);
    void candidateChosen(const QString& path);
    void otherWanted(bool file); // the file, or what the model carries

private:
    void showOrigin(const CodeText& text);

    QComboBox* m_texts;
    QLabel* m_origin;
    QFrame* m_warningBar;
    QLabel* m_warning;
    QToolButton* m_candidates;
    QToolButton* m_other;
    CodeEdit* m_edit;
    QLabel* m_message;
    QStackedWidget* m_stack;
    QString m_shown;
};

} // namespace jitscope::views
