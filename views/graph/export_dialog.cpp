#include "views/graph/export_dialog_p.h"

#include "core/picture/palette.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QProgressBar>
#include <QPushButton>
#include <QThread>
#include <QVBoxLayout>

namespace jitscope::views {

namespace {

enum Theme
{
    AsWindow,
    Light,
    Dark
};

QPalette toPalette(const picture::Palette& colours)
{
    QPalette palette;
    palette.setColor(QPalette::Window, QColor(static_cast<QRgb>(colours.background)));
    palette.setColor(QPalette::Base, QColor(static_cast<QRgb>(colours.body)));
    palette.setColor(QPalette::Text, QColor(static_cast<QRgb>(colours.text)));
    return palette;
}

template <typename Widget>
Widget* named(Widget* widget, const char* name, const QString& accessibleName)
{
    widget->setObjectName(QLatin1String(name));
    widget->setAccessibleName(accessibleName);
    return widget;
}

} // namespace

ExportDialog::ExportDialog(ExportChoices choices, QWidget* parent)
    : QDialog(parent),
      m_choices(std::move(choices)),
      m_scope(named(new QComboBox, "exportScope", tr("What to export"))),
      m_format(named(new QComboBox, "exportFormat", tr("Format"))),
      m_scale(named(new QDoubleSpinBox, "exportScale", tr("Scale"))),
      m_theme(named(new QComboBox, "exportTheme", tr("Colours"))),
      m_transparent(named(new QCheckBox(tr("&Without background")), "exportTransparent",
                          tr("Without background"))),
      m_path(named(new QLineEdit, "exportPath", tr("File"))),
      m_browse(named(new QPushButton(tr("&Browse\u2026")), "exportBrowse", tr("Choose the file"))),
      m_size(named(new QLabel, "exportSize", tr("Size"))),
      m_problem(named(new QLabel, "exportProblem", tr("Problem"))),
      m_progress(new QProgressBar),
      m_write(named(new QPushButton(tr("&Export")), "exportWrite", tr("Write the file")))
{
    setObjectName(QStringLiteral("graphExportDialog"));
    setWindowTitle(tr("Export the graph"));
    m_scope->addItem(tr("The whole graph"), noBox);
    for (const std::uint32_t index : m_choices.scopes) {
        const scene::Box& box = *m_choices.picture->boxes[index].box;
        m_scope->addItem(QString::fromStdString(
                             box.subtitle.empty() ? box.title : box.title + " " + box.subtitle),
                         index);
    }
    m_format->addItem(tr("SVG, for documents and the web"), QStringLiteral("svg"));
    m_format->addItem(tr("PNG image"), QStringLiteral("png"));
    m_format->addItem(tr("PDF page"), QStringLiteral("pdf"));
    m_format->addItem(tr("DOT, for Graphviz"), QStringLiteral("dot"));
    m_scale->setRange(25, 800);
    m_scale->setSingleStep(50);
    m_scale->setDecimals(0);
    m_scale->setSuffix(tr(" %"));
    m_scale->setValue(200);
    m_theme->addItem(tr("As in the window"), AsWindow);
    m_theme->addItem(tr("Light"), Light);
    m_theme->addItem(tr("Dark"), Dark);
    m_path->setText(QDir::home().filePath(m_choices.name + QStringLiteral(".svg")));
    compose();
    for (QComboBox* box : {m_scope, m_format, m_theme})
        connect(box, &QComboBox::currentIndexChanged, this, &ExportDialog::follow);
    connect(m_scale, &QDoubleSpinBox::valueChanged, this, &ExportDialog::follow);
    connect(m_path, &QLineEdit::textChanged, this, &ExportDialog::follow);
    connect(m_browse, &QPushButton::clicked, this, &ExportDialog::browse);
    connect(m_write, &QPushButton::clicked, this, &ExportDialog::write);
    follow();
}

ExportDialog::~ExportDialog()
{
    if (m_thread != nullptr)
        m_thread->wait();
}

void ExportDialog::compose()
{
    auto* form = new QFormLayout;
    form->addRow(tr("E&xport"), m_scope);
    form->addRow(tr("&Format"), m_format);
    form->addRow(tr("&Scale"), m_scale);
    form->addRow(tr("&Colours"), m_theme);
    form->addRow(QString(), m_transparent);
    auto* path = new QHBoxLayout;
    path->addWidget(m_path, 1);
    path->addWidget(m_browse);
    auto* pathLabel = new QLabel(tr("F&ile"));
    pathLabel->setBuddy(m_path);
    form->addRow(pathLabel, path);
    form->addRow(tr("Size"), m_size);
    m_problem->setWordWrap(true);
    m_problem->hide();
    m_progress->setRange(0, 0);
    m_progress->setAccessibleName(tr("Writing the file"));
    m_progress->hide();
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    buttons->addButton(m_write, QDialogButtonBox::ActionRole);
    connect(buttons, &QDialogButtonBox::rejected, this, &ExportDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(form);
    layout->addWidget(m_problem);
    layout->addWidget(m_progress);
    layout->addWidget(buttons);
    // Return exports, wherever the focus is. Only now is there a dialog to be the default of.
    m_browse->setAutoDefault(false);
    buttons->button(QDialogButtonBox::Cancel)->setAutoDefault(false);
    m_write->setDefault(true);
    resize(fontMetrics().averageCharWidth() * 70, sizeHint().height());
}

QString ExportDialog::format() const
{
    return m_format->currentData().toString();
}

ExportOptions ExportDialog::options() const
{
    return {m_scope->currentData().toUInt(), m_scale->value() / 100, m_transparent->isChecked(),
            m_choices.colourBy, m_choices.times};
}

GraphStyle ExportDialog::style() const
{
    switch (m_theme->currentData().toInt()) {
    case Light:
        return {toPalette(picture::lightPalette()), m_choices.font};
    case Dark:
        return {toPalette(picture::darkPalette()), m_choices.font};
    default:
        return {m_choices.palette, m_choices.font};
    }
}

void ExportDialog::follow()
{
    // The name of the file goes with the format, unless it is being typed.
    if (sender() == m_format) {
        const QFileInfo file(m_path->text());
        if (exportFormats().contains(file.suffix().toLower()))
            m_path->setText(file.dir().filePath(file.completeBaseName() + u'.' + format()));
    } else if (sender() == m_path) {
        const int index = m_format->findData(QFileInfo(m_path->text()).suffix().toLower());
        if (index >= 0)
            m_format->setCurrentIndex(index);
    }
    const bool isImage = format() == QStringLiteral("png");
    const bool isDot = format() == QStringLiteral("dot");
    m_scale->setEnabled(isImage || format() == QStringLiteral("pdf"));
    m_theme->setEnabled(!isDot);
    m_transparent->setEnabled(isImage || format() == QStringLiteral("svg"));
    ExportOptions unscaled = options();
    if (!isImage)
        unscaled.scale = 1;
    const QSize size = imageSize(*m_choices.picture, unscaled);
    QString text = tr("%L1 \u00d7 %L2 pixels").arg(size.width()).arg(size.height());
    if (const QString remark = imageRemark(*m_choices.picture, unscaled);
        isImage && !remark.isEmpty())
        text += u'\n' + remark;
    m_size->setWordWrap(true);
    m_size->setText(isDot ? tr("laid out by Graphviz") : text);
    m_write->setEnabled(!m_path->text().trimmed().isEmpty() && m_thread == nullptr);
}

void ExportDialog::browse()
{
    const QString path =
        QFileDialog::getSaveFileName(this, tr("Export the graph"), m_path->text(),
                                     tr("Pictures and graphs (*.svg *.png *.pdf *.dot)"));
    if (path.isEmpty())
        return;
    m_path->setText(path);
    m_confirmed = m_path->text();
}

// A file that is there is not replaced unasked; the file dialog has asked already.
bool ExportDialog::mayWrite()
{
    const QFileInfo file(m_path->text());
    if (m_path->text() == m_confirmed || !file.exists())
        return true;
    QMessageBox question(QMessageBox::Warning, windowTitle(),
                         tr("%1 exists already.").arg(file.fileName()), QMessageBox::Cancel, this);
    question.setObjectName(QStringLiteral("exportReplace"));
    question.setInformativeText(tr("It is replaced if you go on."));
    const QPushButton* replace = question.addButton(tr("&Replace"), QMessageBox::AcceptRole);
    question.setDefaultButton(QMessageBox::Cancel);
    question.exec();
    return question.clickedButton() == replace;
}

void ExportDialog::write()
{
    if (m_thread != nullptr || !m_write->isEnabled() || !mayWrite())
        return;
    m_problem->hide();
    m_progress->show();
    auto problem = std::make_shared<QString>();
    m_thread = QThread::create(
        [picture = m_choices.picture, style = style(), options = options(), path = m_path->text(),
         problem] { *problem = exportPicture(*picture, style, options, path); });
    connect(m_thread, &QThread::finished, this, [this, problem] { finish(*problem); });
    m_thread->start();
    follow();
}

void ExportDialog::finish(const QString& problem)
{
    m_thread->wait();
    m_thread->deleteLater();
    m_thread = nullptr;
    m_progress->hide();
    follow();
    if (problem.isEmpty()) {
        Q_EMIT written(m_path->text());
        accept();
        return;
    }
    m_problem->setText(problem);
    m_problem->show();
}

void ExportDialog::reject()
{
    if (m_thread == nullptr) // a file half written helps nobody; it is a matter of seconds
        QDialog::reject();
}

} // namespace jitscope::views
