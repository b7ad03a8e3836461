// What is written is what the format says; NumPy itself reads the files in the test of the command.
#include "core/tensor/export_name.h"
#include "core/tensor/npy_writer.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <array>

using namespace jitscope;

namespace {

std::uint64_t lengthIn(const std::string& header, std::size_t bytes)
{
    std::uint64_t length = 0;
    for (std::size_t i = 0; i < bytes; ++i)
        length |= std::uint64_t{static_cast<unsigned char>(header.at(8 + i))} << (8 * i);
    return length;
}

} // namespace

class NpyWriterTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void headerIsOfVersion1_data()
    {
        QTest::addColumn<QVector<qlonglong>>("shape");
        QTest::addColumn<QString>("text");
        QTest::newRow("scalar") << QVector<qlonglong>{} << QStringLiteral("()");
        QTest::newRow("vector") << QVector<qlonglong>{3} << QStringLiteral("(3,)");
        QTest::newRow("matrix") << QVector<qlonglong>{3, 4} << QStringLiteral("(3, 4)");
        QTest::newRow("empty") << QVector<qlonglong>{0, 4, 1} << QStringLiteral("(0, 4, 1)");
    }

    void headerIsOfVersion1()
    {
        QFETCH(QVector<qlonglong>, shape);
        QFETCH(QString, text);
        const std::vector<std::int64_t> sizes(shape.begin(), shape.end());
        const std::string header = tensor::npyHeader("<f4", sizes);
        QCOMPARE(header.size() % 64, 0U);
        QCOMPARE(header.substr(0, 6), std::string("\x93NUMPY"));
        QCOMPARE(header[6], '\1');
        QCOMPARE(header[7], '\0');
        QCOMPARE(lengthIn(header, 2) + 10, header.size());
        QCOMPARE(header.back(), '\n');
        const std::string expected =
            "{'descr': '<f4', 'fortran_order': False, 'shape': " + text.toStdString() + ", }";
        QCOMPARE(header.substr(10, expected.size()), expected);
        QCOMPARE(header.find_first_not_of(' ', 10 + expected.size()), header.size() - 1);
    }

    void aLongHeaderIsOfVersion2()
    {
        const std::vector<std::int64_t> shape(30'000, 1);
        const std::string header = tensor::npyHeader("|u1", shape);
        QCOMPARE(header[6], '\2');
        QCOMPARE(header.size() % 64, 0U);
        QVERIFY(header.size() > 65'535);
        QCOMPARE(lengthIn(header, 4) + 12, header.size());
        QCOMPARE(header.substr(12, 10), std::string("{'descr': "));
    }

    void aFileAppearsWhenItIsComplete()
    {
        const QString path = m_folder->filePath(QStringLiteral("a.npy"));
        const std::vector<std::int64_t> shape = {2};
        Result<tensor::NpyWriter> writer =
            tensor::NpyWriter::create(path.toStdString(), "|u1", shape);
        QVERIFY(writer.has_value());
        const std::array elements = {std::byte{5}, std::byte{6}};
        QVERIFY(writer->append(elements).has_value());
        QVERIFY(!QFileInfo::exists(path));
        QVERIFY(writer->finish().has_value());
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const std::string header = tensor::npyHeader("|u1", shape);
        QCOMPARE(file.readAll(), QByteArray::fromStdString(header + "\5\6"));
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files).size(), 1);
    }

    void anUnfinishedFileLeavesNothing()
    {
        {
            const Result<tensor::NpyWriter> writer = tensor::NpyWriter::create(
                m_folder->filePath(QStringLiteral("a.npy")).toStdString(), "<f8", {});
            QVERIFY(writer.has_value());
        }
        QVERIFY(QDir(m_folder->path()).entryList(QDir::Files).isEmpty());
    }

    void aPlaceThatCannotBeWrittenIsSaid()
    {
        const Result<tensor::NpyWriter> writer = tensor::NpyWriter::create(
            m_folder->filePath(QStringLiteral("absent/a.npy")).toStdString(), "<f8", {});
        QVERIFY(!writer.has_value());
        QCOMPARE(writer.error().code, ErrorCode::UnusableFile);
        QVERIFY(writer.error().where.find("absent") != std::string::npos);
    }

    void namesStayInTheFolder()
    {
        tensor::ExportNames names;
        QCOMPARE(names.add("layer1.0.conv1.weight"), std::string("layer1.0.conv1.weight.npy"));
        QCOMPARE(names.add("constants/0"), std::string("constants_0.npy"));
        QCOMPARE(names.add("../../etc/passwd"), std::string("_.._.._etc_passwd.npy"));
        QCOMPARE(names.add(""), std::string("_.npy"));
        QCOMPARE(names.add("-rf"), std::string("_-rf.npy"));
        QVERIFY(names.add(std::string(5000, 'x')).size() < 256);
    }

    void namesAreTakenOnce()
    {
        tensor::ExportNames names;
        QCOMPARE(names.add("a/b"), std::string("a_b.npy"));
        QCOMPARE(names.add("a_b"), std::string("a_b-2.npy"));
        QCOMPARE(names.add("A_B"), std::string("A_B-3.npy"));
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(NpyWriterTest)
#include "npy_writer_test.moc"
