// The weights in the window, with the real engine: measured, looked at, exported; and a document
// that was measured is shown without its model. Every step can be kept as a picture:
// JITSCOPE_SCREENSHOTS names the folder, JITSCOPE_THEME=dark makes them dark.
#include "core/document/copy.h"
#include "tests/views/shell/file_dialog.h"
#include "views/graph/graph_view.h"
#include "views/shell/archive_model.h"
#include "views/shell/main_window.h"
#include "views/shell/message_bar.h"
#include "views/shell/theme.h"
#include "views/weights/tensor_table_model.h"
#include "views/weights/weights_view.h"

#include <QAction>
#include <QApplication>
#include <QDir>
#include <QDockWidget>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cstring>

namespace jitscope::views {

namespace {

constexpr int longWait = 60'000; // ms; the engine loads LibTorch, perhaps on a busy machine

} // namespace

class WeightsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (!QFileInfo(enginePath()).isExecutable())
            QSKIP("There is no engine; set JITSCOPE_ENGINE_PATH.");
        QCoreApplication::setOrganizationName(QStringLiteral("jitscope-test"));
        QCoreApplication::setApplicationName(QStringLiteral("jitscope"));
        QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_settings.path());
        applyTheme(*qApp, qEnvironmentVariable("JITSCOPE_THEME") == QLatin1String("dark")
                              ? Theme::Dark
                              : Theme::Light);
    }

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        start();
    }

    void cleanup() { m_window.reset(); }

    void weightsAreMeasured_data()
    {
        QTest::addColumn<QString>("model");
        QTest::newRow("residual_cnn_scripted") << sample();
        const QString large =
            QDir(QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation))
                .filePath(QStringLiteral("jitscope/models/resnet50_scripted.pt"));
        if (QFileInfo::exists(large))
            QTest::newRow("resnet50_scripted") << large;
    }

    void weightsAreMeasured()
    {
        QFETCH(QString, model);
        open(model);
        auto* table = child<QTableView>("weightsTable");
        const int rows = table->model()->rowCount();
        QVERIFY(rows > 20);
        keepPicture("listed");

        child<QAction>("weightsComputeAll")->trigger();
        QVERIFY(m_workspace->isBusy());
        const auto isMeasured = [&] {
            for (int row = 0; row < rows; ++row) {
                if (table->model()
                        ->index(row, TensorTableModel::Minimum)
                        .data()
                        .toString()
                        .isEmpty())
                    return false;
            }
            return true;
        };
        QTRY_VERIFY_WITH_TIMEOUT(!m_workspace->isBusy() && isMeasured(), longWait);
        clickRow(weightRow());
        QTRY_VERIFY(!m_workspace->selection().isEmpty());
        QTest::qWait(100);
        keepPicture("measured");

        child<QTabWidget>("weightsTabs")->setCurrentIndex(1);
        QTest::mouseClick(child<QPushButton>("weightsLoadValues"), Qt::LeftButton);
        auto* grid = child<QTableView>("weightsGrid");
        QTRY_VERIFY_WITH_TIMEOUT(grid->model()->index(0, 0).data().toString().toDouble() != 0,
                                 longWait);
        QTest::qWait(200);
        keepPicture("values");
    }

    void aMeasuredDocumentNeedsNoModel()
    {
        const QString model = m_folder->filePath(QStringLiteral("moved.pt"));
        QVERIFY(QFile::copy(sample(), model));
        open(model);
        child<QAction>("weightsComputeAll")->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(!m_workspace->isBusy() && !minimumOfFirst().isEmpty(), longWait);
        const QString measured = minimumOfFirst();
        const QString kept = m_folder->filePath(QStringLiteral("kept.jitscope"));
        QVERIFY(jitscope::document::copyDocument(m_workspace->document().path().toStdString(),
                                                 kept.toStdString())
                    .has_value());
        m_window->close();
        cleanup();
        QVERIFY(QFile::remove(model));

        start();
        open(kept);
        QCOMPARE(minimumOfFirst(), measured);
        clickRow(weightRow());
        QVERIFY(child<QLabel>("tensorFacts")->text().contains(QStringLiteral("Mean")));
        // Values need it; the user is asked, gives none, and is told.
        child<QTabWidget>("weightsTabs")->setCurrentIndex(1);
        tests::answerFileDialog({});
        QTest::mouseClick(child<QPushButton>("weightsLoadValues"), Qt::LeftButton);
        auto* reason = child<QLabel>("weightsValuesReason");
        QTRY_VERIFY_WITH_TIMEOUT(
            reason->isVisible() && reason->text().contains(QStringLiteral("model file")), longWait);
        keepPicture("without-model");
    }

    // Through the dialogs, and the arrays are read back.
    void tensorsAreExported()
    {
        open(sample());
        auto* table = child<QTableView>("weightsTable");
        const int row = weightRow();
        clickRow(row);
        const qlonglong id =
            table->model()->index(row, 0).data(TensorTableModel::IdRole).toLongLong();
        child<QAction>("weightsComputeSelected")->trigger();
        const auto measured = [this, id]() -> const document::TensorStatisticsRow* {
            for (const auto& statistics : *m_workspace->document().tensorStatistics()) {
                if (statistics.tensor == id)
                    return &statistics;
            }
            return nullptr;
        };
        QTRY_VERIFY_WITH_TIMEOUT(!m_workspace->isBusy() && measured() != nullptr, longWait);

        const QString file = m_folder->filePath(QStringLiteral("weight.npy"));
        tests::answerFileDialog(file);
        child<QAction>("weightsExport")->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(file) && !m_workspace->isBusy(), longWait);
        const NumPyArray array = readNumPy(file);
        QCOMPARE(array.type, QStringLiteral("<f4"));
        QString shape = table->model()->index(row, TensorTableModel::Shape).data().toString();
        QCOMPARE(array.shape, shape.replace(QStringLiteral(" \u00d7 "), QStringLiteral(", ")));
        QCOMPARE(array.values.size(), static_cast<std::size_t>(measured()->elements));
        const auto [least, most] = std::minmax_element(array.values.begin(), array.values.end());
        QCOMPARE(double{*least}, measured()->minimum);
        QCOMPARE(double{*most}, measured()->maximum);

        const QString folder = m_folder->filePath(QStringLiteral("arrays"));
        QVERIFY(QDir().mkpath(folder));
        table->clearSelection();
        tests::answerFileDialog(folder);
        child<QAction>("weightsExport")->trigger();
        const auto files = [&folder] {
            return QDir(folder).entryList({QStringLiteral("*.npy")}, QDir::Files).size();
        };
        QTRY_VERIFY_WITH_TIMEOUT(files() == table->model()->rowCount() && !m_workspace->isBusy(),
                                 longWait);
    }

    // The check before loading finds it; the window says it, also of the document alone.
    void aDamagedWeightIsTold()
    {
        const QString model = m_folder->filePath(QStringLiteral("damaged.pt"));
        QVERIFY(QFile::copy(sample(), model));
        QVERIFY(flipAByte(model, "/data/0"));
        open(model);
        const auto isTold = [this] {
            const QString said = m_window->page().fileProblems().text();
            return m_window->page().fileProblems().isVisible() &&
                   said.contains(QStringLiteral("data/0")) &&
                   said.contains(QStringLiteral("checksum")) &&
                   said.contains(QStringLiteral("Download or copy"));
        };
        QVERIFY2(isTold(), qPrintable(m_window->page().fileProblems().text()));
        const QString log = child<QPlainTextEdit>("logText")->toPlainText();
        QVERIFY2(log.count(QStringLiteral("(data/0)")) == 1, qPrintable(log));
        keepPicture("damaged");
        const QString kept = m_folder->filePath(QStringLiteral("kept.jitscope"));
        QVERIFY(jitscope::document::copyDocument(m_workspace->document().path().toStdString(),
                                                 kept.toStdString())
                    .has_value());
        m_window->close();
        cleanup();
        start();
        open(kept);
        QVERIFY(isTold());
        child<QAction>("actionArchive")->trigger();
        keepPicture("archive");
        const auto* archive = child<QTableView>("archiveTable")->model();
        QVERIFY(archive->rowCount() > 20);
        bool isMarked = false;
        for (int row = 0; row < archive->rowCount(); ++row) {
            const bool fails = archive->index(row, ArchiveModel::Checksum).data().toString() ==
                               QStringLiteral("does not fit");
            QCOMPARE(fails, archive->index(row, ArchiveModel::Name).data().toString() ==
                                QStringLiteral("data/0"));
            isMarked = isMarked || fails;
        }
        QVERIFY(isMarked);
    }

private:
    struct NumPyArray
    {
        QString type;
        QString shape; // "64, 3, 7, 7"
        std::vector<float> values;
    };

    // Of version 1: magic, two bytes of version, two of the header's length, a dictionary as text.
    static NumPyArray readNumPy(const QString& path)
    {
        NumPyArray array;
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly))
            return array;
        const QByteArray bytes = file.readAll();
        if (!bytes.startsWith("\x93NUMPY\x01"))
            return array;
        constexpr int prefix = 10;
        const int length =
            static_cast<unsigned char>(bytes[8]) + 256 * static_cast<unsigned char>(bytes[9]);
        const QString header = QString::fromLatin1(bytes.mid(prefix, length));
        static const QRegularExpression form(QStringLiteral(
            "'descr': *'([^']*)'.*'fortran_order': *False.*'shape': *\\(([^)]*)\\)"));
        const QRegularExpressionMatch match = form.match(header);
        array.type = match.captured(1);
        array.shape = match.captured(2);
        const QByteArray data = bytes.mid(prefix + length);
        array.values.resize(static_cast<std::size_t>(data.size()) / sizeof(float));
        std::memcpy(array.values.data(), data.data(), array.values.size() * sizeof(float));
        return array;
    }

    // In the content of the record of a zip archive whose name ends so.
    static bool flipAByte(const QString& path, const char* record)
    {
        QFile file(path);
        if (!file.open(QIODevice::ReadWrite))
            return false;
        const QByteArray bytes = file.readAll();
        constexpr int header = 30; // of a record, before its name
        const auto number = [&bytes](qsizetype at) {
            return static_cast<unsigned char>(bytes[at]) +
                   256 * static_cast<unsigned char>(bytes[at + 1]);
        };
        for (qsizetype at = bytes.indexOf("PK\x03\x04"); at >= 0;
             at = bytes.indexOf("PK\x03\x04", at + 4)) {
            const int name = number(at + 26);
            if (!bytes.mid(at + header, name).endsWith(record))
                continue;
            const qsizetype begin = at + header + name + number(at + 28);
            return file.seek(begin) && file.putChar(static_cast<char>(bytes[begin] ^ 1));
        }
        return false;
    }

    static QString sample()
    {
        return QDir(qEnvironmentVariable("JITSCOPE_SOURCE_DIR"))
            .filePath(QStringLiteral("resources/samples/residual_cnn_scripted.pt"));
    }

    void start()
    {
        QSettings().clear();
        m_window = std::make_unique<MainWindow>(
            [this] {
                return std::make_unique<Workspace>(enginePath(),
                                                   m_folder->filePath(QStringLiteral("documents")));
            },
            QString());
        m_workspace = &m_window->workspace();
        m_window->resize(1600, 1000);
        m_window->show();
    }

    template <typename T>
    [[nodiscard]] T* child(const char* name) const
    {
        T* found = m_window->findChild<T*>(QString::fromLatin1(name));
        if (found == nullptr)
            qFatal("the window has no %s", name);
        return found;
    }

    void open(const QString& path)
    {
        QSignalSpy firstFrame(child<GraphView>("graphView"), &GraphView::firstFrame);
        m_window->openFile(path);
        QVERIFY(firstFrame.wait(longWait));
        QTRY_VERIFY_WITH_TIMEOUT(!m_workspace->isBusy(), longWait);
        auto* dock = child<QDockWidget>("weightsDock");
        dock->show();
        dock->raise();
    }

    [[nodiscard]] QString minimumOfFirst() const
    {
        const auto* model = child<QTableView>("weightsTable")->model();
        return model->index(0, TensorTableModel::Minimum).data().toString();
    }

    // The weight of a convolution somewhere in the middle.
    [[nodiscard]] int weightRow() const
    {
        const auto* model = child<QTableView>("weightsTable")->model();
        for (int row = model->rowCount() / 3; row < model->rowCount(); ++row) {
            if (model->index(row, TensorTableModel::Shape).data().toString().count(QChar(0xd7)) ==
                3)
                return row;
        }
        return 0;
    }

    void clickRow(int row) const
    {
        auto* table = child<QTableView>("weightsTable");
        table->scrollTo(table->model()->index(row, 0));
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {},
                          table->visualRect(table->model()->index(row, 0)).center());
    }

    void keepPicture(const char* step)
    {
        const QString folder = qEnvironmentVariable("JITSCOPE_SCREENSHOTS");
        if (folder.isEmpty())
            return;
        QTest::qWait(200);
        QDir().mkpath(folder);
        const char* row = QTest::currentDataTag() == nullptr ? "" : QTest::currentDataTag();
        const QString file = QStringLiteral("%1/weights-%2-%3.png")
                                 .arg(folder, QString::fromLatin1(row), QString::fromLatin1(step));
        QVERIFY(m_window->grab().save(file));
    }

    QTemporaryDir m_settings;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<MainWindow> m_window;
    Workspace* m_workspace = nullptr; // the window's
};

} // namespace jitscope::views

QTEST_MAIN(jitscope::views::WeightsTest)
#include "weights_test.moc"
