// The labels of real models, opened as far as they go.
#include "core/torchscript/session.h"
#include "tests/core/picture/drawn_model.h"
#include "tests/core/picture/label_check.h"
#include "tests/core/torchscript/models.h"

#include <QTest>

using namespace jitscope;

class SampleLabelsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void noneIsMisplaced_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* const name :
             {"residual_cnn_traced", "transformer_scripted", "nested_if_loop", "fork_wait"})
            QTest::newRow(name) << QString::fromUtf8(name);
    }

    void noneIsMisplaced()
    {
        QFETCH(QString, name);
        const auto session = torchscript::Session::load(test::sample(name.toStdString()), {}, {});
        QVERIFY2(session, session ? "" : session.error().message().c_str());
        auto program = (*session)->program({});
        QVERIFY2(program, program ? "" : program.error().message().c_str());
        tests::DrawnModel model(*std::move(program));
        for (const int depth : {0, 1, 9}) {
            const picture::Drawing drawing =
                model.drawing({depth, depth > 1, true, 20'000}).value();
            const auto labels = picture::placeEdgeLabels(drawing, picture::EdgeLabels::Types,
                                                         picture::TableMeasure());
            QCOMPARE(tests::misplaced(drawing, labels), std::string());
            QVERIFY(depth < 9 || labels.size() >= 5);
        }
    }
};

QTEST_GUILESS_MAIN(SampleLabelsTest)
#include "sample_labels_test.moc"
