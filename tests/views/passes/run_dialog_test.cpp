#include "views/passes/run_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>

namespace jitscope::views {

class RunDialogTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsArgumentsFromTheSchema_data()
    {
        QTest::addColumn<QString>("schema");
        QTest::addColumn<QStringList>("arguments"); // "name: type"
        const auto row = [](const char* name, const char* schema, const QStringList& arguments) {
            QTest::newRow(name) << QString::fromLatin1(schema) << arguments;
        };
        row("one tensor", "forward(__torch__.M self, Tensor x) -> Tensor",
            {QStringLiteral("x: Tensor")});
        row("defaults",
            "forward(__torch__.M self, Tensor x, int n=2, Tensor? mask=None) -> (Tensor, int)",
            {QStringLiteral("x: Tensor"), QStringLiteral("n: int"),
             QStringLiteral("mask: Tensor?")});
        row("containers",
            "forward(__torch__.M self, (Tensor, int[]) pair, Dict(str, Tensor) named) -> Tensor",
            {QStringLiteral("pair: (Tensor, int[])"), QStringLiteral("named: Dict(str, Tensor)")});
        row("only self", "forward(__torch__.M self) -> Tensor", {});
        row("keywords only", "forward(__torch__.M self, Tensor x, *, bool train=False) -> Tensor",
            {QStringLiteral("x: Tensor"), QStringLiteral("train: bool")});
        row("another name for self", "forward(__torch__.M this, Tensor x) -> Tensor",
            {QStringLiteral("x: Tensor")});
        row("self that is no object", "forward(__torch__.M this, int self) -> Tensor",
            {QStringLiteral("self: int")});
        row("no schema", "", {});
        row("cut off", "forward(__torch__.M self, Tensor x", {QStringLiteral("x: Tensor")});
        row("brackets that do not match", "forward(((Tensor x)))) -> ]", {});
    }

    void readsArgumentsFromTheSchema()
    {
        QFETCH(QString, schema);
        QFETCH(QStringList, arguments);
        QStringList read;
        for (const InputArgument& argument : inputArguments(schema))
            read.append(argument.name + QStringLiteral(": ") + argument.type);
        if (qstrcmp(QTest::currentDataTag(), "brackets that do not match") != 0)
            QCOMPARE(read, arguments);
    }

    void returnRuns()
    {
        RunDialog dialog({{QStringLiteral("x"), QStringLiteral("Tensor")}}, {QStringLiteral("cpu")},
                         {});
        dialog.open();
        auto* input = dialog.findChild<QLineEdit*>(QStringLiteral("input0"));
        input->setFocus();
        QSignalSpy accepted(&dialog, &QDialog::accepted);
        QTest::keyClick(input, Qt::Key_Return);
        QCOMPARE(accepted.size(), 1);
    }

    void showsTheLastRun()
    {
        protocol::RunParams last;
        last.inputs = {"1x3x32x32"};
        last.device = "cuda:0";
        last.warmups = 3;
        last.iterations = 7;
        last.threads = 2;
        last.mode = "interpret";
        last.stage = 12;
        last.observeTypes = false;
        RunDialog dialog({{QStringLiteral("x"), QStringLiteral("Tensor")},
                          {QStringLiteral("n"), QStringLiteral("int")}},
                         {QStringLiteral("cpu"), QStringLiteral("cuda:0")}, last);
        const protocol::RunParams params = dialog.params();
        QCOMPARE(params.inputs, last.inputs);
        QCOMPARE(params.device, last.device);
        QCOMPARE(params.warmups, last.warmups);
        QCOMPARE(params.iterations, last.iterations);
        QCOMPARE(params.threads, last.threads);
        QCOMPARE(params.mode, last.mode);
        QCOMPARE(params.stage, last.stage);
        QCOMPARE(params.observeTypes, last.observeTypes);
    }

    void givesWhatTheUserChose()
    {
        RunDialog dialog({{QStringLiteral("x"), QStringLiteral("Tensor")},
                          {QStringLiteral("n"), QStringLiteral("int")}},
                         {QStringLiteral("cpu")}, {});
        dialog.show();
        QSignalSpy accepted(&dialog, &QDialog::accepted);
        QTest::keyClicks(dialog.findChild<QLineEdit*>(QStringLiteral("input1")),
                         QStringLiteral("5 "));
        auto* iterations = dialog.findChild<QSpinBox*>(QStringLiteral("iterations"));
        iterations->selectAll();
        QTest::keyClicks(iterations, QStringLiteral("42"));
        auto* mode = dialog.findChild<QComboBox*>(QStringLiteral("mode"));
        QTest::keyClick(mode, Qt::Key_Down);
        QTest::keyClick(dialog.findChild<QCheckBox*>(QStringLiteral("shapes")), Qt::Key_Space);
        QTest::mouseClick(dialog.findChild<QPushButton*>(QStringLiteral("startRun")),
                          Qt::LeftButton);
        QCOMPARE(accepted.size(), 1);
        const protocol::RunParams params = dialog.params();
        QCOMPARE(params.inputs, (std::vector<std::string>{"", "5"}));
        QCOMPARE(params.iterations, 42);
        QCOMPARE(params.mode, std::string("interpret"));
        QVERIFY(!params.observeTypes);
    }

    void escapeRunsNothing()
    {
        RunDialog dialog({}, {}, {});
        dialog.show();
        QSignalSpy accepted(&dialog, &QDialog::accepted);
        QSignalSpy rejected(&dialog, &QDialog::rejected);
        QTest::keyClick(&dialog, Qt::Key_Escape);
        QCOMPARE(accepted.size(), 0);
        QCOMPARE(rejected.size(), 1);
        QVERIFY(dialog.params().inputs.empty());
    }
};

} // namespace jitscope::views

QTEST_MAIN(jitscope::views::RunDialogTest)
#include "run_dialog_test.moc"
