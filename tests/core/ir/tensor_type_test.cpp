#include "core/ir/tensor_type.h"

#include <QTest>

using namespace jitscope;

class TensorTypeTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsWhatLibTorchPrints()
    {
        const auto type = ir::tensorTypeOf("Float(1, 64, *, SS(-2), strides=[200704, 3136, 56, 1], "
                                           "requires_grad=0, device=cuda:0)");
        QVERIFY(type.has_value());
        QCOMPARE(type->dtype, std::string("Float"));
        QCOMPARE(type->sizes, (std::vector<std::string>{"1", "64", "*", "SS(-2)"}));
        QCOMPARE(type->device, std::string("cuda:0"));
        QVERIFY(!type->isComplete());
        QVERIFY(ir::tensorTypeOf("Long(device=cpu)")->isComplete()); // no dimensions
        QVERIFY(ir::tensorTypeOf("Long()")->sizes->empty());
        QVERIFY(!ir::tensorTypeOf("Tensor")->sizes.has_value());
        QVERIFY(!ir::tensorTypeOf("Tensor(3, 4)")->isComplete()); // of unknown dtype
    }

    void knowsWhatIsNoTensor_data()
    {
        QTest::addColumn<QString>("text");
        for (const char* text :
             {"", "int", "Tensor?", "Tensor[]", "Tuple(Tensor, Tensor)", "Dict(str, Tensor)",
              "Future(Tensor)", "Float", "Float(1, 2", "Float(1, x)", "Float(1) ", "Float(-1)",
              "__torch__.Float(1)", "(1)"})
            QTest::newRow(text) << QString::fromUtf8(text);
    }
    void knowsWhatIsNoTensor()
    {
        QFETCH(QString, text);
        QVERIFY(!ir::tensorTypeOf(text.toStdString()).has_value());
    }

    void whatDiffersIsUnknown()
    {
        const auto common = [](const char* a, const char* b) {
            return ir::toText(ir::common(*ir::tensorTypeOf(a), *ir::tensorTypeOf(b)));
        };
        QCOMPARE(common("Float(1, 3, device=cpu)", "Float(1, 3, device=cpu)"),
                 std::string("Float(1, 3, device=cpu)"));
        QCOMPARE(common("Float(1, 3, device=cpu)", "Float(1, 4, device=cpu)"),
                 std::string("Float(1, *, device=cpu)"));
        QCOMPARE(common("Float(1, 3, device=cpu)", "Half(1, 3, device=cuda:0)"),
                 std::string("Tensor(1, 3)"));
        QCOMPARE(common("Float(1, 3, device=cpu)", "Float(1, device=cpu)"), std::string("Tensor"));
        QCOMPARE(common("Float(device=cpu)", "Float(device=cpu)"),
                 std::string("Float(device=cpu)"));
    }
};

QTEST_GUILESS_MAIN(TensorTypeTest)
#include "tensor_type_test.moc"
