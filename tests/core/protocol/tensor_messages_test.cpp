#include "core/protocol/tensor_messages.h"

#include <QTest>

#include <array>
#include <cstring>

using namespace jitscope;
using namespace jitscope::protocol;
using nlohmann::json;

namespace {

template <typename Message>
std::string refusal(const json& in)
{
    try {
        (void)in.get<Message>();
    } catch (const InvalidMessage& invalid) {
        return invalid.what();
    }
    return {};
}

const json aValuesResult = {
    {"kind", "signed"}, {"rows", 1}, {"columns", 2}, {"elements", "AQAAAAAAAAD//////////w=="}};

} // namespace

class TensorMessagesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void roundTrips()
    {
        const auto check = [](const json& in, const json& out) {
            QVERIFY2(in == out, (in.dump() + " " + out.dump()).c_str());
        };
        json in = {{"tensors", {3, 1}}};
        check(in, json(in.get<TensorStatisticsParams>()));
        in = {{"computed", 5}, {"present", 6}, {"impossible", 7}};
        check(in, json(in.get<TensorStatisticsResult>()));
        in = {{"tensor", 4},   {"index", {0, 1, 2}}, {"rowDimension", 0}, {"columnDimension", 2},
              {"firstRow", 5}, {"rows", 6},          {"firstColumn", 7},  {"columns", 8}};
        check(in, json(in.get<TensorValuesParams>()));
        check(aValuesResult, json(aValuesResult.get<TensorValuesResult>()));
        in = {{"tensors", {1}}, {"folder", "/documents/export"}};
        check(in, json(in.get<TensorExportParams>()));
        in = {{"files", {{{"tensor", 1}, {"name", "a.npy"}}}}, {"problems", {"b: none."}}};
        check(in, json(in.get<TensorExportResult>()));
    }

    void valuesAreTheirBytes()
    {
        const auto values = aValuesResult.get<TensorValuesResult>().values;
        QCOMPARE(values.kind, tensor::ValueKind::Signed);
        std::array<std::int64_t, 2> elements{};
        QCOMPARE(values.elements.size(), sizeof(elements));
        std::memcpy(elements.data(), values.elements.data(), sizeof(elements));
        QCOMPARE(elements[0], 1);
        QCOMPARE(elements[1], -1);
    }

    void defaults()
    {
        QVERIFY(json::object().get<TensorStatisticsParams>().tensors.empty());
        const json in = {{"tensor", 1}, {"index", json::array()}};
        const tensor::Slice slice = in.get<TensorValuesParams>().slice;
        QCOMPARE(slice.rowDimension, -1);
        QCOMPARE(slice.columnDimension, -1);
        QCOMPARE(slice.rows, 1);
        QCOMPARE(slice.columns, 1);
    }

    void wrongFields()
    {
        QVERIFY(refusal<TensorStatisticsParams>({{"tensors", {1, "two"}}}).find("tensors") !=
                std::string::npos);
        QVERIFY(refusal<TensorValuesParams>({{"tensor", 1}, {"index", 3}}).find("index") !=
                std::string::npos);
        QVERIFY(!refusal<TensorExportParams>({{"tensors", {1}}}).empty());
        QVERIFY(
            !refusal<TensorExportResult>({{"files", {1}}, {"problems", json::array()}}).empty());
        for (const auto& [field, wrong] :
             std::vector<std::pair<const char*, json>>{{"kind", "float"},
                                                       {"rows", 2}, // more than there are elements
                                                       {"columns", -1},
                                                       {"rows", 1'000'000},
                                                       {"elements", "AQAA"},
                                                       {"elements", "AQAAAAAAAAD//////////w=!"}}) {
            json in = aValuesResult;
            in[field] = wrong;
            QVERIFY2(!refusal<TensorValuesResult>(in).empty(), in.dump().c_str());
        }
    }
};

QTEST_GUILESS_MAIN(TensorMessagesTest)
#include "tensor_messages_test.moc"
