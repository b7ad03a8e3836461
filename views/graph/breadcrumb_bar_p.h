// The way from the root to what is in view, one button a step; and the method that the root shows.
// Private to views/graph.
#pragma once

#include <QStringList>
#include <QWidget>

class QHBoxLayout;
class QToolButton;

namespace jitscope::views {

class BreadcrumbBar : public QWidget
{
    Q_OBJECT

public:
    explicit BreadcrumbBar(QWidget* parent = nullptr);

    // `steps` from the root on. Nothing happens when they are those that are shown.
    void setSteps(const QStringList& steps);
    // The methods to choose from; with fewer than two there is no choice.
    void setMethods(const QStringList& methods, const QString& current);
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void stepChosen(int index);
    void methodChosen(const QString& method);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void fit();

    QHBoxLayout* m_layout;
    QToolButton* m_method;
    QToolButton* m_hidden; // holds the steps that there is no room for; "graphHiddenSteps"
    QStringList m_steps;
    QList<QWidget*> m_widgets; // of the steps
    QList<QToolButton*> m_buttons;
    QList<QWidget*> m_arrows;
};

} // namespace jitscope::views
