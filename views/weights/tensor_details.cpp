#include "views/weights/tensor_details_p.h"

#include "views/weights/channel_plot_p.h"
#include "views/weights/histogram_plot_p.h"
#include "views/weights/value_panel_p.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLocale>
#include <QScrollArea>
#include <QTabWidget>

namespace jitscope::views {

namespace {

QString qt(const std::string& text)
{
    return QString::fromStdString(text);
}

class FactTable
{
public:
    void add(const QString& name, const QString& value)
    {
        if (!value.isEmpty()) {
            m_rows += QStringLiteral("<tr><td style='padding-right:12px'>%1</td><td>%2</td></tr>")
                          .arg(name.toHtmlEscaped(), value.toHtmlEscaped());
        }
    }
    [[nodiscard]] QString html() const { return QStringLiteral("<table>%1</table>").arg(m_rows); }

private:
    QString m_rows;
};

// "scale 0.05, zero point 3", or how many scales there are.
QString quantizationText(const std::string& json)
{
    const QJsonObject object = QJsonDocument::fromJson(QByteArray::fromStdString(json)).object();
    if (object.isEmpty())
        return {};
    if (object.contains(QStringLiteral("scale"))) {
        return TensorDetails::tr("scale %1, zero point %2")
            .arg(object[QStringLiteral("scale")].toDouble(), 0, 'g', 6)
            .arg(object[QStringLiteral("zero_point")].toInteger());
    }
    const QJsonArray scales = object[QStringLiteral("scales")].toArray();
    const QJsonArray zeroPoints = object[QStringLiteral("zero_points")].toArray();
    double least = scales.isEmpty() ? 0 : scales.first().toDouble();
    double most = least;
    double firstZero = zeroPoints.isEmpty() ? 0 : zeroPoints.first().toDouble();
    double lastZero = firstZero;
    for (const auto& scale : scales) {
        least = std::min(least, scale.toDouble());
        most = std::max(most, scale.toDouble());
    }
    for (const auto& zero : zeroPoints) {
        firstZero = std::min(firstZero, zero.toDouble());
        lastZero = std::max(lastZero, zero.toDouble());
    }
    return TensorDetails::tr("%1 scales along dimension %2, %3 to %4; zero points %5 to %6")
        .arg(scales.size())
        .arg(object[QStringLiteral("axis")].toInteger())
        .arg(least, 0, 'g', 4)
        .arg(most, 0, 'g', 4)
        .arg(firstZero)
        .arg(lastZero);
}

QString countText(std::int64_t count, std::int64_t of)
{
    const QString number = QLocale().toString(qlonglong{count});
    if (count == 0 || of == 0)
        return number;
    return TensorDetails::tr("%1 (%2 %)")
        .arg(number)
        .arg(static_cast<double>(count) / static_cast<double>(of) * 100, 0, 'g', 3);
}

QString factsOf(const TensorTableModel& model, int row)
{
    const document::TensorRow& tensor = *model.tensor(row);
    const document::TensorStatisticsRow* measured = model.statistics(row);
    FactTable facts;
    const auto cell = [&](int column) { return model.index(row, column).data().toString(); };
    if (measured != nullptr && measured->problem.empty()) {
        facts.add(TensorDetails::tr("Min"), numberText(measured->minimum));
        facts.add(TensorDetails::tr("Max"), numberText(measured->maximum));
        facts.add(TensorDetails::tr("Mean"), numberText(measured->mean));
        facts.add(TensorDetails::tr("Std"), numberText(measured->deviation));
        facts.add(TensorDetails::tr("Zeros"), countText(measured->zeros, measured->elements));
        facts.add(TensorDetails::tr("NaN"), countText(measured->nan, measured->elements));
        facts.add(TensorDetails::tr("+Inf"),
                  countText(measured->positive_infinity, measured->elements));
        facts.add(TensorDetails::tr("\u2212Inf"),
                  countText(measured->negative_infinity, measured->elements));
        if (measured->measure != "value")
            facts.add(TensorDetails::tr("Of"), qt(measured->measure));
    }
    facts.add(TensorDetails::tr("Type"), qt(tensor.dtype));
    facts.add(TensorDetails::tr("Shape"), cell(TensorTableModel::Shape));
    facts.add(TensorDetails::tr("Elements"), cell(TensorTableModel::Elements));
    facts.add(TensorDetails::tr("Quantized"), quantizationText(tensor.quantization));
    facts.add(TensorDetails::tr("Role"), qt(tensor.role));
    facts.add(TensorDetails::tr("Size"), cell(TensorTableModel::Bytes));
    facts.add(TensorDetails::tr("Of file"), cell(TensorTableModel::Share));
    facts.add(TensorDetails::tr("Strides"), qt(tensor.strides));
    facts.add(TensorDetails::tr("Storage"), qt(tensor.storage));
    if (tensor.storage_offset != 0)
        facts.add(TensorDetails::tr("Offset"),
                  QLocale().toString(qlonglong{tensor.storage_offset}));
    facts.add(TensorDetails::tr("Shared with"), cell(TensorTableModel::SharedWith));
    return facts.html();
}

} // namespace

TensorDetails::TensorDetails(DocumentModel& document, TensorService& service, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_tabs(new QTabWidget),
      m_values(new ValuePanel(service))
{
    setObjectName(QStringLiteral("tensorDetails"));
    m_tabs->setObjectName(QStringLiteral("weightsTabs"));
    m_tabs->setAccessibleName(tr("About the tensor"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(buildStatistics(), tr("Statistics"));
    m_tabs->addTab(m_values, tr("Values"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_tabs);
    connect(m_values, &ValuePanel::statusMessage, this, &TensorDetails::statusMessage);
}

QWidget* TensorDetails::buildStatistics()
{
    m_facts = new QLabel;
    m_facts->setObjectName(QStringLiteral("tensorFacts"));
    m_facts->setAccessibleName(tr("Facts about the tensor"));
    m_facts->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_facts->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_facts->setWordWrap(true);
    m_facts->setMargin(6);
    auto* scroll = new QScrollArea;
    scroll->setWidget(m_facts);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setAccessibleName(tr("Statistics"));
    scroll->setMinimumWidth(fontMetrics().averageCharWidth() * 30);

    m_histogram = new HistogramPlot;
    m_channels = new ChannelPlot;
    m_logarithmic = new QCheckBox(tr("Logarithmic count"));
    m_logarithmic->setObjectName(QStringLiteral("weightsLogarithmic"));
    connect(m_logarithmic, &QCheckBox::toggled, m_histogram, &HistogramPlot::setLogarithmic);
    auto* histogram = new QVBoxLayout;
    histogram->setSpacing(2);
    histogram->addWidget(m_histogram, 1);
    histogram->addWidget(m_logarithmic);
    m_plotsLayout = new QBoxLayout(QBoxLayout::TopToBottom);
    m_plotsLayout->addLayout(histogram, 1);
    m_plotsLayout->addWidget(m_channels, 1);

    auto* page = new QWidget;
    m_statisticsLayout = new QBoxLayout(QBoxLayout::LeftToRight, page);
    m_statisticsLayout->setContentsMargins(0, 0, 4, 4);
    m_statisticsLayout->addWidget(scroll, 2);
    m_statisticsLayout->addLayout(m_plotsLayout, 5);
    return page;
}

void TensorDetails::show(const TensorTableModel& model, int row)
{
    const document::TensorRow* tensor = model.tensor(row);
    const document::TensorStatisticsRow* statistics = model.statistics(row);
    m_values->setTensor(tensor);
    m_values->setStatistics(statistics);
    if (tensor == nullptr) {
        m_tensor = 0;
        m_facts->setText(tr("Select a tensor."));
        m_histogram->clear({});
        m_channels->clear({});
        m_logarithmic->setEnabled(false);
        return;
    }
    m_facts->setText(factsOf(model, row));
    // While others are computed, what is shown stays as it is.
    if (m_tensor == tensor->id && m_hasStatistics == (statistics != nullptr))
        return;
    m_tensor = tensor->id;
    m_hasStatistics = statistics != nullptr;
    showPlots(*tensor, statistics);
}

void TensorDetails::showPlots(const document::TensorRow& tensor,
                              const document::TensorStatisticsRow* statistics)
{
    m_logarithmic->setEnabled(statistics != nullptr && statistics->histogram != "[]");
    if (statistics == nullptr) {
        m_histogram->clear(tr("No statistics yet: press \u201cCompute statistics\u201d."));
        m_channels->clear({});
        return;
    }
    if (!statistics->problem.empty()) {
        m_histogram->clear(qt(statistics->problem));
        m_channels->clear({});
        return;
    }
    std::vector<qlonglong> counts;
    const QJsonArray histogram =
        QJsonDocument::fromJson(QByteArray::fromStdString(statistics->histogram)).array();
    for (const auto& count : histogram)
        counts.push_back(count.toInteger());
    if (counts.empty())
        m_histogram->clear(statistics->elements == 0 ? tr("The tensor has no elements.")
                                                     : tr("No element is finite."));
    else
        m_histogram->set(std::move(counts), statistics->minimum, statistics->maximum,
                         qt(statistics->measure));
    if (statistics->channels == 0) {
        m_channels->clear(tr("Ranges of channels need two dimensions."));
        return;
    }
    m_channels->clear({});
    m_document.requestTensorChannels(
        tensor.id, this,
        [this, id = tensor.id, channels = statistics->channels,
         step = statistics->channel_step](std::vector<document::TensorChannelRow> ranges) {
            if (m_tensor == id)
                m_channels->set(std::move(ranges), channels, step);
        });
}

// The panel may be wide and low, or narrow and high.
void TensorDetails::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    const int character = fontMetrics().averageCharWidth();
    m_statisticsLayout->setDirection(width() > character * 70 ? QBoxLayout::LeftToRight
                                                              : QBoxLayout::TopToBottom);
    m_plotsLayout->setDirection(width() > character * 110 && height() < width()
                                    ? QBoxLayout::LeftToRight
                                    : QBoxLayout::TopToBottom);
}

} // namespace jitscope::views
