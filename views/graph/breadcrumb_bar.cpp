#include "views/graph/breadcrumb_bar_p.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QToolButton>

namespace jitscope::views {

BreadcrumbBar::BreadcrumbBar(QWidget* parent)
    : QWidget(parent), m_layout(new QHBoxLayout(this)), m_method(new QToolButton(this))
{
    setObjectName(QStringLiteral("graphBreadcrumbs"));
    setAccessibleName(tr("Path to the scope in view"));
    m_layout->setContentsMargins(6, 2, 6, 2);
    m_layout->setSpacing(0);
    m_method->setObjectName(QStringLiteral("graphMethod"));
    m_method->setAccessibleName(tr("Method"));
    m_method->setToolTip(tr("The method that is shown"));
    m_method->setAutoRaise(true);
    m_method->setPopupMode(QToolButton::InstantPopup);
    m_method->setToolButtonStyle(Qt::ToolButtonTextOnly);
    m_method->setMenu(new QMenu(m_method));
    m_method->hide();
    m_layout->addStretch(1);
    m_layout->addWidget(m_method);
    setSteps({});
}

void BreadcrumbBar::setSteps(const QStringList& steps)
{
    if (steps == m_steps && !m_widgets.isEmpty())
        return;
    m_steps = steps;
    for (QWidget* widget : m_widgets) {
        m_layout->removeWidget(widget);
        widget->hide();
        widget->deleteLater(); // it may be the one that was clicked
    }
    m_widgets.clear();
    for (int i = 0; i < steps.size(); ++i) {
        if (i > 0) {
            auto* arrow = new QLabel(QStringLiteral("\u203a"), this);
            arrow->setEnabled(false);
            m_layout->insertWidget(static_cast<int>(m_widgets.size()), arrow);
            m_widgets.append(arrow);
        }
        auto* button = new QToolButton(this);
        button->setText(steps[i]);
        button->setAutoRaise(true);
        button->setAccessibleName(tr("Go to %1").arg(steps[i]));
        QFont font = button->font();
        font.setBold(i + 1 == steps.size());
        button->setFont(font);
        connect(button, &QToolButton::clicked, this, [this, i] { Q_EMIT stepChosen(i); });
        m_layout->insertWidget(static_cast<int>(m_widgets.size()), button);
        m_widgets.append(button);
    }
    if (steps.isEmpty()) { // keeps the height of the bar
        auto* button = new QToolButton(this);
        button->setAutoRaise(true);
        button->setEnabled(false);
        m_layout->insertWidget(0, button);
        m_widgets.append(button);
    }
}

void BreadcrumbBar::setMethods(const QStringList& methods, const QString& current)
{
    m_method->setVisible(methods.size() > 1);
    m_method->setText(tr("Method: %1").arg(current));
    QMenu* menu = m_method->menu();
    menu->clear();
    for (const QString& method : methods) {
        QAction* action = menu->addAction(method);
        action->setCheckable(true);
        action->setChecked(method == current);
        connect(action, &QAction::triggered, this, [this, method] { Q_EMIT methodChosen(method); });
    }
}

} // namespace jitscope::views
