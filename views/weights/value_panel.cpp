#include "views/weights/value_panel_p.h"

#include "views/icons/icon.h"
#include "views/weights/heat_legend_p.h"
#include "views/weights/tensor_table_model.h"

#include <QAction>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QStackedWidget>
#include <QStyle>
#include <QTableView>
#include <QVBoxLayout>

#include <cmath>
#include <limits>

namespace jitscope::views {

namespace {

QLabel* labelFor(const QString& text, QWidget* buddy)
{
    auto* label = new QLabel(text);
    label->setBuddy(buddy);
    return label;
}

} // namespace

ValuePanel::ValuePanel(TensorService& service, QWidget* parent)
    : QWidget(parent),
      m_model(service),
      m_pages(new QStackedWidget),
      m_reason(new QLabel),
      m_load(new QPushButton(tr("Load values")))
{
    setObjectName(QStringLiteral("weightsValues"));
    m_reason->setObjectName(QStringLiteral("weightsValuesReason"));
    m_reason->setAlignment(Qt::AlignCenter);
    m_reason->setWordWrap(true);
    m_load->setObjectName(QStringLiteral("weightsLoadValues"));
    auto* empty = new QWidget;
    auto* emptyLayout = new QVBoxLayout(empty);
    emptyLayout->addStretch();
    emptyLayout->addWidget(m_reason);
    emptyLayout->addWidget(m_load, 0, Qt::AlignHCenter);
    emptyLayout->addStretch();

    auto* full = new QWidget;
    auto* fullLayout = new QVBoxLayout(full);
    fullLayout->setContentsMargins(0, 0, 0, 0);
    fullLayout->setSpacing(2);
    buildBar();
    buildGrid();
    auto* first = new QHBoxLayout;
    first->setContentsMargins(4, 2, 4, 0);
    first->addWidget(labelFor(tr("Rows"), m_rows));
    first->addWidget(m_rows);
    first->addWidget(labelFor(tr("Columns"), m_columns));
    first->addWidget(m_columns);
    m_slicers = new QHBoxLayout;
    first->addLayout(m_slicers);
    first->addStretch();
    first->addWidget(m_place);
    auto* second = new QHBoxLayout;
    second->setContentsMargins(4, 0, 4, 2);
    second->addWidget(labelFor(tr("Go to"), m_goTo));
    second->addWidget(m_goTo);
    second->addWidget(m_format);
    second->addWidget(m_heat);
    second->addWidget(m_legend);
    second->addStretch();
    fullLayout->addLayout(first);
    fullLayout->addLayout(second);
    fullLayout->addWidget(m_grid, 1);
    m_pages->addWidget(empty);
    m_pages->addWidget(full);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_pages);

    connect(m_load, &QPushButton::clicked, this, [this] {
        m_isAllowed = true;
        showTensor();
    });
    connect(&m_model, &ValueGridModel::failed, this, [this](const QString& message) {
        if (m_model.maximum() >= m_model.minimum()) // some are there: they stay
            return Q_EMIT statusMessage(message);
        m_reason->setText(message);
        m_load->setText(tr("Try again"));
        m_load->show();
        m_pages->setCurrentIndex(0);
    });
    connect(&m_model, &ValueGridModel::blocksArrived, this, [this] {
        if (!m_statistics)
            updateHeat();
        if (m_isCopying)
            finishCopy();
    });
    setTensor(nullptr);
}

void ValuePanel::buildBar()
{
    m_rows = new QComboBox;
    m_rows->setObjectName(QStringLiteral("weightsRows"));
    m_rows->setAccessibleName(tr("Dimension along the rows"));
    m_columns = new QComboBox;
    m_columns->setObjectName(QStringLiteral("weightsColumns"));
    m_columns->setAccessibleName(tr("Dimension along the columns"));
    for (QComboBox* box : {m_rows, m_columns}) {
        box->setToolTip(box->accessibleName());
        connect(box, &QComboBox::activated, this, [this, box] { chooseDimension(box); });
    }
    m_goTo = new QLineEdit;
    m_goTo->setObjectName(QStringLiteral("weightsGoTo"));
    m_goTo->setAccessibleName(tr("Index to go to"));
    m_goTo->setPlaceholderText(tr("row, column"));
    m_goTo->setToolTip(tr("Indices of row and column, such as 12, 34"));
    constexpr int aroundText = 6; // frame, margins and cursor, in characters
    const int room = fontMetrics().averageCharWidth() * aroundText;
    m_goTo->setMinimumWidth(fontMetrics().horizontalAdvance(m_goTo->placeholderText()) + room);
    m_goTo->setMaximumWidth(
        std::max(m_goTo->minimumWidth(), fontMetrics().averageCharWidth() * 18));
    connect(m_goTo, &QLineEdit::returnPressed, this, &ValuePanel::goTo);
    m_format = new QComboBox;
    m_format->setObjectName(QStringLiteral("weightsFormat"));
    m_format->setAccessibleName(tr("How numbers are written"));
    m_format->setToolTip(m_format->accessibleName());
    m_format->addItem(tr("Short"), static_cast<int>(NumberFormat::Short));
    m_format->addItem(tr("Exact"), static_cast<int>(NumberFormat::Exact));
    m_format->addItem(tr("Scientific"), static_cast<int>(NumberFormat::Scientific));
    connect(m_format, &QComboBox::currentIndexChanged, this, [this] {
        m_model.setFormat(static_cast<NumberFormat>(m_format->currentData().toInt()));
        updateColumns();
    });
    m_heat = new QCheckBox(tr("Heat map"));
    m_heat->setObjectName(QStringLiteral("weightsHeat"));
    m_heat->setChecked(true);
    connect(m_heat, &QCheckBox::toggled, this, &ValuePanel::updateHeat);
    m_legend = new HeatLegend;
    m_place = new QLabel;
    m_place->setObjectName(QStringLiteral("weightsPlace"));
    m_place->setEnabled(false);
}

void ValuePanel::buildGrid()
{
    m_grid = new QTableView;
    m_grid->setObjectName(QStringLiteral("weightsGrid"));
    m_grid->setAccessibleName(tr("Values"));
    m_grid->setModel(&m_model);
    m_grid->setFrameShape(QFrame::NoFrame);
    m_grid->setWordWrap(false);
    m_grid->setSelectionMode(QAbstractItemView::ContiguousSelection);
    m_grid->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 4);
    m_grid->verticalHeader()->setMinimumSectionSize(8);
    m_grid->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_grid->horizontalHeader()->setHighlightSections(false);
    m_copy = new QAction(icon(QStringLiteral("copy")), tr("&Copy values"), this);
    m_copy->setObjectName(QStringLiteral("weightsCopyValues"));
    m_copy->setShortcut(QKeySequence::Copy);
    m_copy->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    m_grid->addAction(m_copy);
    m_grid->setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(m_copy, &QAction::triggered, this, &ValuePanel::copySelection);
    updateColumns();
}

void ValuePanel::updateColumns()
{
    const bool isShort = m_format->currentData().toInt() == static_cast<int>(NumberFormat::Short);
    const bool isComplex = m_tensor && m_tensor->dtype.starts_with("complex");
    // The longest that a number can be, written so.
    const QString longest = isShort ? QStringLiteral("\u22128.88888e\u2212888")
                                    : QStringLiteral("\u22128.8888888888e\u2212888");
    const QString widest =
        isComplex ? longest + QStringLiteral("+") + longest + QStringLiteral("i") : longest;
    const int margins =
        2 * (style()->pixelMetric(QStyle::PM_FocusFrameHMargin, nullptr, m_grid) + 1);
    m_grid->horizontalHeader()->setDefaultSectionSize(
        m_grid->fontMetrics().horizontalAdvance(widest) + margins +
        m_grid->fontMetrics().averageCharWidth());
}

void ValuePanel::setTensor(const document::TensorRow* tensor)
{
    if (tensor != nullptr && m_tensor && tensor->id == m_tensor->id &&
        tensor->name == m_tensor->name)
        return;
    m_tensor = tensor == nullptr ? std::nullopt : std::optional(*tensor);
    m_statistics.reset();
    m_isCopying = false;
    if (tensor == nullptr) {
        m_model.clear();
        m_reason->setText(tr("Select a tensor to see its values."));
        m_load->hide();
        m_pages->setCurrentIndex(0);
        return;
    }
    showTensor();
}

void ValuePanel::showTensor()
{
    m_sizes = sizesOf(m_tensor->shape);
    const bool isEmpty = std::find(m_sizes.begin(), m_sizes.end(), 0) != m_sizes.end();
    if (isEmpty || !m_isAllowed) {
        m_model.clear();
        m_reason->setText(isEmpty ? tr("The tensor has no elements.")
                                  : tr("The engine reads values from the model file."));
        m_load->setText(tr("Load values"));
        m_load->setVisible(!isEmpty);
        m_pages->setCurrentIndex(0);
        return;
    }
    m_model.setTensor(m_tensor->id, m_sizes, m_tensor->dtype);

    const QSignalBlocker quietRows(m_rows);
    const QSignalBlocker quietColumns(m_columns);
    for (QComboBox* box : {m_rows, m_columns}) {
        box->clear();
        box->addItem(tr("none"), -1);
        for (std::size_t d = 0; d < m_sizes.size(); ++d)
            box->addItem(tr("%1: %2").arg(d).arg(m_sizes[d]), static_cast<int>(d));
        box->setEnabled(!m_sizes.empty());
    }
    qDeleteAll(m_indices);
    qDeleteAll(m_indexLabels);
    m_indices.clear();
    m_indexLabels.clear();
    for (std::size_t d = 0; d < m_sizes.size(); ++d) {
        auto* box = new QSpinBox;
        box->setObjectName(QStringLiteral("weightsIndex%1").arg(d));
        box->setAccessibleName(tr("Index of dimension %1").arg(d));
        box->setRange(0, static_cast<int>(std::min<std::int64_t>(m_sizes[d] - 1,
                                                                 std::numeric_limits<int>::max())));
        connect(box, &QSpinBox::valueChanged, this, &ValuePanel::applySlice);
        m_indexLabels.push_back(labelFor(QStringLiteral("[%1]").arg(d), box));
        m_indices.push_back(box);
        m_slicers->addWidget(m_indexLabels.back());
        m_slicers->addWidget(box);
    }
    m_rows->setCurrentIndex(m_model.rowDimension() + 1);
    m_columns->setCurrentIndex(m_model.columnDimension() + 1);
    applySlice();
    updateColumns();
    updateHeat();
    m_pages->setCurrentIndex(1);
}

// One dimension does not run both ways: the other takes what this one had.
void ValuePanel::chooseDimension(QComboBox* changed)
{
    QComboBox* other = changed == m_rows ? m_columns : m_rows;
    if (changed->currentIndex() > 0 && other->currentIndex() == changed->currentIndex()) {
        const int before = changed == m_rows ? m_model.rowDimension() : m_model.columnDimension();
        other->setCurrentIndex(before + 1);
    }
    applySlice();
}

void ValuePanel::applySlice()
{
    const int rows = m_rows->currentData().toInt();
    const int columns = m_columns->currentData().toInt();
    std::vector<std::int64_t> index;
    for (std::size_t d = 0; d < m_indices.size(); ++d) {
        const bool isFree = static_cast<int>(d) != rows && static_cast<int>(d) != columns;
        m_indices[d]->setVisible(isFree);
        m_indexLabels[d]->setVisible(isFree);
        index.push_back(m_indices[d]->value());
    }
    m_isCopying = false;
    m_model.setSlice(rows, columns, std::move(index));
    m_place->setText(placeText());
    if (!m_statistics)
        updateHeat();
}

QString ValuePanel::placeText() const
{
    const QLocale locale;
    QString text = tr("%1 \u00d7 %2")
                       .arg(locale.toString(qlonglong{m_model.rows()}),
                            locale.toString(qlonglong{m_model.columns()}));
    if (m_model.rows() > m_model.rowCount() || m_model.columns() > m_model.columnCount()) {
        text += tr(", shown from %1, %2 on")
                    .arg(locale.toString(qlonglong{m_model.firstRow()}),
                         locale.toString(qlonglong{m_model.firstColumn()}));
    }
    return text;
}

void ValuePanel::goTo()
{
    static const QRegularExpression separator(QStringLiteral("[^0-9]+"));
    const QStringList parts = m_goTo->text().split(separator, Qt::SkipEmptyParts);
    const bool hasRow = m_model.rowDimension() >= 0;
    const qlonglong first = parts.isEmpty() ? -1 : parts[0].toLongLong();
    const qlonglong second = parts.size() > 1 ? parts[1].toLongLong() : 0;
    const QModelIndex place =
        hasRow ? m_model.goTo(first, second) : m_model.goTo(0, parts.size() > 1 ? second : first);
    if (!place.isValid()) {
        Q_EMIT statusMessage(tr("There is no such index here: %1.").arg(m_goTo->text()));
        return;
    }
    m_place->setText(placeText());
    m_grid->setCurrentIndex(place);
    m_grid->scrollTo(place, QAbstractItemView::PositionAtCenter);
    m_grid->setFocus();
}

void ValuePanel::setStatistics(const document::TensorStatisticsRow* statistics)
{
    const bool isUsable = statistics != nullptr && !std::isnan(statistics->minimum);
    m_statistics = isUsable ? std::optional(*statistics) : std::nullopt;
    updateHeat();
}

void ValuePanel::updateHeat()
{
    m_legend->setVisible(m_heat->isChecked());
    if (!m_heat->isChecked())
        return m_model.setHeat(std::nullopt);
    const HeatColours colours(palette(), m_statistics ? m_statistics->minimum : m_model.minimum(),
                              m_statistics ? m_statistics->maximum : m_model.maximum());
    m_legend->set(colours);
    m_legend->setToolTip(m_statistics ? tr("Range of the whole tensor")
                                      : tr("Range of the values loaded so far"));
    m_model.setHeat(colours.isValid() ? std::optional(colours) : std::nullopt);
}

void ValuePanel::copySelection()
{
    if (!m_grid->selectionModel()->hasSelection())
        return;
    m_isCopying = true;
    finishCopy();
}

void ValuePanel::finishCopy()
{
    const QItemSelection selection = m_grid->selectionModel()->selection();
    if (selection.isEmpty()) {
        m_isCopying = false;
        return;
    }
    const QItemSelectionRange& range = selection.front();
    const std::optional<QString> text = m_model.tabSeparated(
        m_model.index(range.top(), range.left()), m_model.index(range.bottom(), range.right()));
    if (!text) {
        Q_EMIT statusMessage(tr("Fetching the values to copy\u2026"));
        return;
    }
    m_isCopying = false;
    if (text->isEmpty())
        return;
    QGuiApplication::clipboard()->setText(*text);
    Q_EMIT statusMessage(tr("%1 values copied.").arg(range.width() * range.height()));
}

void ValuePanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_heat != nullptr)
        updateHeat();
}

} // namespace jitscope::views
