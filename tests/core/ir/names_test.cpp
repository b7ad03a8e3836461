#include "core/ir/names.h"

#include <QTest>

using namespace std::string_view_literals;

namespace jitscope::ir {

class NamesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesTheLastPart()
    {
        QCOMPARE(lastPart("layer1.0.conv1"), "conv1"sv);
        QCOMPARE(lastPart("conv1"), "conv1"sv);
        QCOMPARE(lastPart(""), ""sv);
        QCOMPARE(lastPart("ends."), ""sv);
    }

    void knowsLibTorchsOwnOperators()
    {
        QVERIFY(isOfLibTorch("aten::add"));
        QVERIFY(isOfLibTorch("prim::If"));
        QVERIFY(!isOfLibTorch("torchvision::nms"));
        QVERIFY(!isOfLibTorch("atenx::add"));
    }
    void takesQuotesAway()
    {
        QCOMPARE(unquoted("\"a b\""), "a b"sv);
        QCOMPARE(unquoted("\"\""), ""sv);
        QCOMPARE(unquoted("\""), "\""sv);
        QCOMPARE(unquoted("a\""), "a\""sv);
    }

    void takesTheFileOfAnySystem()
    {
        QCOMPARE(fileName("/home/a/b.py"), "b.py"sv);
        QCOMPARE(fileName("C:\\models\\b.py"), "b.py"sv);
        QCOMPARE(fileName("b.py"), "b.py"sv);
    }

    void shortensFilesOfPackages()
    {
        QCOMPARE(packagePath("/opt/lib/python3.11/site-packages/torchvision/ops/boxes.py"),
                 "torchvision/ops/boxes.py"sv);
        QCOMPARE(packagePath("/usr/lib/python3/dist-packages/torch/nn/functional.py"),
                 "torch/nn/functional.py"sv);
        QCOMPARE(packagePath("/home/a/model.py"), "/home/a/model.py"sv);
    }
};

} // namespace jitscope::ir

QTEST_APPLESS_MAIN(jitscope::ir::NamesTest)
#include "names_test.moc"
