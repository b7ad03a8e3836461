// The three texts beside each other, and which of them are wanted. Private to views/code.
#pragma once

#include "views/code/code_settings_p.h"
#include "views/code/text_pane_p.h"

#include <QWidget>

#include <array>

class QAction;
class QHBoxLayout;
class QSplitter;
class QToolButton;

namespace jitscope::views {

class TextPanes : public QWidget
{
    Q_OBJECT

public:
    explicit TextPanes(QWidget* parent = nullptr);

    [[nodiscard]] TextPane& python() { return *m_panes[0]; }
    [[nodiscard]] TextPane& serialized() { return *m_panes[1]; }
    [[nodiscard]] TextPane& ir() { return *m_panes[2]; }
    [[nodiscard]] const std::array<TextPane*, 3>& all() const { return m_panes; }
    // The pane that was clicked last, else the first that is shown.
    [[nodiscard]] TextPane& current();

    // One for each pane, checkable, at least one always checked.
    [[nodiscard]] const std::array<QAction*, 3>& actions() const { return m_actions; }
    // Shows the pane though the user has not asked for it; not remembered.
    void reveal(TextPane& pane);
    [[nodiscard]] bool isWanted(const TextPane& pane) const;
    // The bar with the actions' buttons, for more of them.
    [[nodiscard]] QHBoxLayout& bar() { return *m_bar; }
    // Beside each other where there is room, else one above the other.
    void arrange();

Q_SIGNALS:
    void wantedChanged(); // panes came or went

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void toggled();
    void apply(ShownTexts texts);
    void share();
    [[nodiscard]] QString arrangement() const;

    CodeSettings m_settings;
    std::array<TextPane*, 3> m_panes{};
    std::array<QAction*, 3> m_actions{};
    QSplitter* m_splitter;
    QString m_shared; // the arrangement whose sizes are set
    QHBoxLayout* m_bar;
    TextPane* m_current = nullptr;
};

} // namespace jitscope::views
