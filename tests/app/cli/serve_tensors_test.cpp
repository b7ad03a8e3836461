// The engine's requests about tensors, over the protocol.

#include "core/document/reader.h"
#include "core/protocol/tensor_messages.h"
#include "tests/app/cli/engine_under_test.h"

#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <cstring>
#include <memory>

using namespace jitscope;
using nlohmann::json;
using test::EngineUnderTest;

namespace {

std::string samplePath()
{
    return (qEnvironmentVariable("JITSCOPE_SOURCE_DIR") +
            QStringLiteral("/resources/samples/residual_cnn_scripted.pt"))
        .toStdString();
}

} // namespace

class ServeTensorsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_engine = std::make_unique<EngineUnderTest>();
        QVERIFY(m_engine->initialize());
        QVERIFY(m_engine->ask(protocol::methodOpen,
                              {{"model", samplePath()}, {"document", documentPath()}}));
        const auto reader = document::Reader::open(documentPath());
        QVERIFY(reader);
        m_tensors = reader->rows<document::TensorRow>().value();
    }

    void cleanup() { m_engine.reset(); }

    void statisticsGoIntoTheDocument()
    {
        const Result<json> first =
            m_engine->ask(protocol::methodTensorStatistics, {{"tensors", {2, 3}}});
        QVERIFY2(first, first ? "" : first.error().message().c_str());
        QCOMPARE(first->at("computed").get<int>(), 2);
        const Result<json> all = m_engine->ask(protocol::methodTensorStatistics, json::object());
        QVERIFY(all);
        QCOMPARE(all->at("present").get<int>(), 2);
        QCOMPARE(all->at("impossible").get<int>(), 0);
        QCOMPARE(all->at("computed").get<std::size_t>(), m_tensors.size() - 2);
        const auto reader = document::Reader::open(documentPath());
        QVERIFY(reader);
        QCOMPARE(reader->rows<document::TensorStatisticsRow>()->size(), m_tensors.size());
        const auto& changes = m_engine->notifications(protocol::notificationDocument);
        QVERIFY(!changes.empty());
        QCOMPARE(changes.back().at("what").get<std::string>(), std::string("tensors"));
        QVERIFY(!m_engine->notifications(protocol::notificationProgress).empty());
    }

    void valuesAreThoseOfTheStatistics()
    {
        const document::TensorRow& weight = matrix();
        QVERIFY(m_engine->ask(protocol::methodTensorStatistics, {{"tensors", {weight.id}}}));
        const auto reader = document::Reader::open(documentPath());
        const auto statistics = reader->rows<document::TensorStatisticsRow>().value().front();
        const json shape = json::parse(weight.shape);
        double minimum = 1e300;
        double maximum = -1e300;
        json params = {{"tensor", weight.id},  {"index", json::array()}, {"rowDimension", 0},
                       {"columnDimension", 1}, {"rows", shape[0]},       {"columns", shape[1]}};
        for (std::size_t d = 0; d < shape.size(); ++d)
            params["index"].push_back(0);
        for (int i = 0; i < shape[2].get<int>(); ++i) {
            for (int k = 0; k < shape[3].get<int>(); ++k) {
                params["index"][2] = i;
                params["index"][3] = k;
                const Result<json> answer = m_engine->ask(protocol::methodTensorValues, params);
                QVERIFY2(answer, answer ? "" : answer.error().message().c_str());
                const auto values = answer->get<protocol::TensorValuesResult>().values;
                QVERIFY(values.kind == tensor::ValueKind::Real);
                for (std::size_t at = 0; at < values.elements.size(); at += 8) {
                    double value = 0;
                    std::memcpy(&value, values.elements.data() + at, sizeof(value));
                    minimum = std::min(minimum, value);
                    maximum = std::max(maximum, value);
                }
            }
        }
        QCOMPARE(minimum, statistics.minimum);
        QCOMPARE(maximum, statistics.maximum);
    }

    void filesLieInTheFolderOfTheDocument()
    {
        const std::string folder = m_folder->filePath(QStringLiteral("out")).toStdString();
        const Result<json> answer =
            m_engine->ask(protocol::methodTensorExport, {{"tensors", {1, 2}}, {"folder", folder}});
        QVERIFY2(answer, answer ? "" : answer.error().message().c_str());
        QCOMPARE(answer->at("files").size(), 2U);
        for (const json& file : answer->at("files")) {
            const QString path =
                QDir(QString::fromStdString(folder))
                    .filePath(QString::fromStdString(file.at("name").get<std::string>()));
            QVERIFY2(QFileInfo(path).size() > 64, qPrintable(path));
        }
        const QTemporaryDir other;
        for (const QString& elsewhere :
             {other.path(), m_folder->filePath(QStringLiteral("../elsewhere")), QString()}) {
            const Result<json> refused =
                m_engine->ask(protocol::methodTensorExport,
                              {{"tensors", {1}}, {"folder", elsewhere.toStdString()}});
            QVERIFY(!refused);
            QVERIFY(refused.error().code == ErrorCode::InvalidArgument);
        }
    }

    void mistakesAreAnswered_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("params");
        QTest::addColumn<QByteArray>("mentions");
        const auto row = [](const char* name, const char* method, const char* params,
                            const char* mentions) {
            QTest::newRow(name) << QByteArray(method) << QByteArray(params) << QByteArray(mentions);
        };
        row("no such tensor", "tensor/statistics", R"({"tensors":[99999]})", "99999");
        row("tensor 0", "tensor/statistics", R"({"tensors":[0]})", "0");
        row("no list", "tensor/statistics", R"({"tensors":1})", "tensors");
        row("too few indices", "tensor/values", R"({"tensor":1,"index":[]})", "dimensions");
        row("outside", "tensor/values", R"({"tensor":1,"index":[99999,0,0,0]})", "outside");
        row("negative", "tensor/values", R"({"tensor":1,"index":[-1,0,0,0]})", "outside");
        row("no such dimension", "tensor/values",
            R"({"tensor":1,"index":[0,0,0,0],"rowDimension":4})", "dimension");
        row("the same dimension", "tensor/values",
            R"({"tensor":1,"index":[0,0,0,0],"rowDimension":1,"columnDimension":1})", "same");
        row("too many rows", "tensor/values",
            R"({"tensor":1,"index":[0,0,0,0],"rowDimension":0,"rows":99999})", "rows");
        row("rows that wrap around", "tensor/values",
            R"({"tensor":1,"index":[0,0,0,0],"rowDimension":0,"firstRow":1,"rows":9223372036854775807})",
            "rows");
        row("negative rows", "tensor/values",
            R"({"tensor":1,"index":[0,0,0,0],"rowDimension":0,"rows":-5})", "rows");
        row("no folder", "tensor/export", R"({"tensors":[1]})", "folder");
    }

    void mistakesAreAnswered()
    {
        QFETCH(const QByteArray, method);
        QFETCH(const QByteArray, params);
        QFETCH(const QByteArray, mentions);
        QCOMPARE(json::parse(m_tensors.front().shape).size(), 4U); // what the rows above are about
        const Result<json> answer =
            m_engine->ask(method.toStdString(), json::parse(params.toStdString()));
        QVERIFY(!answer);
        QVERIFY2(QByteArray::fromStdString(answer.error().message()).contains(mentions),
                 answer.error().message().c_str());
        QVERIFY(m_engine->ask(protocol::methodTensorStatistics, {{"tensors", {1}}}));
    }

    void aJobThatWaitsIsCancelled()
    {
        Result<json> inlined = "waiting";
        Result<json> measured = "waiting";
        m_engine->send(protocol::methodInline, json::object(), inlined);
        const auto id = m_engine->send(protocol::methodTensorStatistics, json::object(), measured);
        m_engine->notify(protocol::notificationCancel, {{"id", protocol::idToJson(id)}});
        QVERIFY(m_engine->waitUntil([&] { return !measured || *measured != "waiting"; }));
        // It may have been quicker.
        QVERIFY(measured || measured.error().code == ErrorCode::Cancelled);
        QVERIFY(m_engine->ask(protocol::methodTensorStatistics, json::object()));
    }

private:
    [[nodiscard]] std::string documentPath() const
    {
        return m_folder->filePath(QStringLiteral("d.jitscope")).toStdString();
    }
    // A weight of a convolution.
    [[nodiscard]] const document::TensorRow& matrix() const
    {
        return *std::find_if(m_tensors.begin(), m_tensors.end(),
                             [](const auto& row) { return json::parse(row.shape).size() == 4; });
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<EngineUnderTest> m_engine;
    std::vector<document::TensorRow> m_tensors;
};

QTEST_GUILESS_MAIN(ServeTensorsTest)
#include "serve_tensors_test.moc"
