#include "views/graph/breadcrumb_bar_p.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QToolButton>

namespace jitscope::views {

BreadcrumbBar::BreadcrumbBar(QWidget* parent)
    : QWidget(parent),
      m_layout(new QHBoxLayout(this)),
      m_method(new QToolButton(this)),
      m_hidden(new QToolButton(this))
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
    m_hidden->setObjectName(QStringLiteral("graphHiddenSteps"));
    m_hidden->setText(QStringLiteral("\u2026"));
    m_hidden->setAccessibleName(tr("Steps between"));
    m_hidden->setToolTip(m_hidden->accessibleName());
    m_hidden->setAutoRaise(true);
    m_hidden->setPopupMode(QToolButton::InstantPopup);
    m_hidden->setMenu(new QMenu(m_hidden));
    m_hidden->hide();
    // A path is cut to the room that there is; it never asks for more.
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_layout->setSizeConstraint(QLayout::SetNoConstraint);
    m_layout->addStretch(1);
    m_layout->addWidget(m_method);
    // What is above the graph never changes the graph's size: a graph that is fitted into a new
    // size has another path above it.
    const QMargins margins = m_layout->contentsMargins();
    setFixedHeight(m_method->sizeHint().height() + margins.top() + margins.bottom());
}

void BreadcrumbBar::setSteps(const QStringList& steps)
{
    if (steps == m_steps)
        return;
    m_steps = steps;
    m_buttons.clear();
    m_arrows.clear();
    m_layout->removeWidget(m_hidden);
    m_hidden->hide();
    int place = 0; // in the layout
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
            m_layout->insertWidget(place++, arrow);
            m_widgets.append(arrow);
            m_arrows.append(arrow);
        }
        auto* button = new QToolButton(this);
        constexpr int longestStep = 40; // characters
        const int most = fontMetrics().averageCharWidth() * longestStep;
        button->setText(fontMetrics().elidedText(steps[i], Qt::ElideMiddle, most));
        button->setToolTip(steps[i]);
        button->setAutoRaise(true);
        button->setAccessibleName(tr("Go to %1").arg(steps[i]));
        QFont font = button->font();
        font.setBold(i + 1 == steps.size());
        button->setFont(font);
        connect(button, &QToolButton::clicked, this, [this, i] { Q_EMIT stepChosen(i); });
        m_layout->insertWidget(place++, button);
        m_widgets.append(button);
        m_buttons.append(button);
        if (i == 0)
            m_layout->insertWidget(place++, m_hidden);
    }
    fit();
}

// Steps in the middle go into a menu when there is no room: the first and the last are what one
// looks for.
void BreadcrumbBar::fit()
{
    const QMargins margins = m_layout->contentsMargins();
    const int room = width() - margins.left() - margins.right() -
                     (m_method->isHidden() ? 0 : m_method->sizeHint().width());
    int wanted = 0;
    for (const QWidget* widget : m_widgets)
        wanted += widget->sizeHint().width();
    int hidden = 0;
    const auto last = static_cast<int>(m_buttons.size()) - 1;
    while (hidden + 1 < last && wanted + (hidden > 0 ? m_hidden->sizeHint().width() : 0) > room) {
        ++hidden;
        wanted -= m_buttons[hidden]->sizeHint().width() + m_arrows[hidden - 1]->sizeHint().width();
    }
    m_hidden->menu()->clear();
    for (int i = 1; i < last; ++i) {
        const bool isShown = i > hidden;
        m_buttons[i]->setVisible(isShown);
        m_arrows[i - 1]->setVisible(isShown);
        if (!isShown)
            m_hidden->menu()->addAction(m_steps[i], this, [this, i] { Q_EMIT stepChosen(i); });
    }
    m_hidden->setVisible(hidden > 0);
}

QSize BreadcrumbBar::minimumSizeHint() const
{
    return {0, QWidget::minimumSizeHint().height()};
}

void BreadcrumbBar::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fit();
}

void BreadcrumbBar::setMethods(const QStringList& methods, const QString& current)
{
    m_method->setVisible(methods.size() > 1);
    m_method->setText(tr("Method: %1").arg(current));
    fit();
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
