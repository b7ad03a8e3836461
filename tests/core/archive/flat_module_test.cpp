// Lite-interpreter files in flatbuffer form that lie: each is told from a sound one, within bounds.
#include "core/archive/flat_model_p.h"
#include "core/archive/flat_tensors_p.h"
#include "tests/core/archive/has_problem.h"
#include "tests/fuzz/flat_mutator.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <functional>

using namespace jitscope;
using archive::FlatModule;
namespace flat = archive::flat;

using Bytes = std::vector<std::uint8_t>;
using Change = std::function<bool(flat::Module&)>; // false when it did not change a thing
Q_DECLARE_METATYPE(Change)

class FlatModuleTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theSampleIsSound();
    void aCopyTellsTheSame();
    void filesTooLargeAreNotRead();
    void truncatedAnywhere();
    void flippedBytesNeverCrash();
    void lies_data();
    void lies();
    void sharedListsAreNotWalkedForEver();
    void sharedNamesAreNotWalkedForEver();
    void deepValuesAreRefused();
    void longNamesTakeNoMemory();
    void convolutionsThatDivideByZeroAreRefused();
    void withoutCodeItIsBytecode();
    void hostileCodeIsSeen();

private:
    [[nodiscard]] archive::Report inspect(const Bytes& bytes) const
    {
        const std::filesystem::path file = m_folder.filePath(QStringLiteral("m.ptl")).toStdString();
        std::ofstream(file, std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()),
                   static_cast<std::streamsize>(bytes.size()));
        return archive::inspect(file).value();
    }

    QTemporaryDir m_folder;
};

namespace {

Bytes sample()
{
    QFile file(qEnvironmentVariable("JITSCOPE_SOURCE_DIR") +
               QStringLiteral("/resources/samples/mobile_flatbuffer.ptl"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QByteArray bytes = file.readAll();
    return {bytes.begin(), bytes.end()};
}

auto check(const Bytes& bytes)
{
    return FlatModule::check(std::as_bytes(std::span(bytes)));
}

template <typename Content>
Content* first(flat::Module& module, const Content* (flat::Value::*as)() const)
{
    for (const flat::Value* value : *module.values()) {
        if (const Content* found = (value->*as)())
            return const_cast<Content*>(found);
    }
    return nullptr;
}

flat::Tensor* tensorOf(flat::Module& module)
{
    for (const flat::Value* value : *module.values()) {
        const flat::Tensor* tensor = value->content_as_Tensor();
        if (tensor != nullptr && tensor->sizes()->size() == 4)
            return const_cast<flat::Tensor*>(tensor);
    }
    return nullptr;
}

// A module that holds `values`, with one class for objects with one attribute.
class Builder
{
public:
    flatbuffers::FlatBufferBuilder fbb;
    std::vector<flatbuffers::Offset<flat::Value>> values;
    std::vector<flatbuffers::Offset<flat::Storage>> storages;

    explicit Builder(const std::string& attribute = "a") : m_attribute(attribute) {}

    std::uint32_t add(flat::Content kind, flatbuffers::Offset<void> content)
    {
        values.push_back(flat::CreateValue(fbb, kind, content));
        return static_cast<std::uint32_t>(values.size() - 1);
    }
    std::uint32_t addTuple(const std::vector<std::uint32_t>& items)
    {
        return add(flat::Content::Tuple, flat::CreateTuple(fbb, fbb.CreateVector(items)).Union());
    }
    std::uint32_t addObject(std::uint32_t held)
    {
        return add(flat::Content::Object,
                   flat::CreateObject(fbb, 0, 0, fbb.CreateVector(std::vector{held})).Union());
    }
    // Lists of texts are declared as lists of numbers.
    flatbuffers::Offset<flatbuffers::Vector<std::uint32_t>>
    texts(const std::vector<flatbuffers::Offset<flatbuffers::String>>& list)
    {
        return {fbb.CreateVector(list).o};
    }
    Bytes finish(std::uint32_t root, std::uint32_t copiesOfClass = 1)
    {
        const auto type =
            flat::CreateClass(fbb, fbb.CreateString("__torch__.M"), flat::ClassForm::WithFields,
                              texts({fbb.CreateString(m_attribute)}));
        return finish(root, std::vector(copiesOfClass, type));
    }
    std::uint32_t addInt(std::int64_t number)
    {
        const flat::Int content(number);
        return add(flat::Content::Int, fbb.CreateStruct(content).Union());
    }
    Bytes finish(std::uint32_t root, const std::vector<flatbuffers::Offset<flat::Class>>& classes)
    {
        const auto files = fbb.CreateVector(std::vector<flatbuffers::Offset<flat::File>>());
        const auto methods = fbb.CreateVector(std::vector<std::uint32_t>());
        const auto valueList = fbb.CreateVector(values);
        const auto classList = fbb.CreateVector(classes);
        flat::FinishModuleBuffer(fbb, flat::CreateModule(fbb, 9, files, methods, root, valueList,
                                                         static_cast<std::int32_t>(storages.size()),
                                                         fbb.CreateVector(storages), classList));
        return {fbb.GetBufferPointer(), fbb.GetBufferPointer() + fbb.GetSize()};
    }

private:
    std::string m_attribute;
};

} // namespace

void FlatModuleTest::theSampleIsSound()
{
    const Bytes bytes = sample();
    const auto module = check(bytes);
    QVERIFY2(module, module ? "" : module.error().message.c_str());
    const Result<archive::LiteModel> model = archive::readLiteModel(*module);
    QVERIFY(model);
    QCOMPARE(model->bytecode.version, std::int64_t{9});
    QCOMPARE(model->bytecode.functions.size(), std::size_t{1});
    QVERIFY(model->objects.size() >= 10);
    const auto tensors = archive::describeTensors(*module);
    QVERIFY(tensors.size() >= 15);
    QCOMPARE(tensors[0].name, std::string("block.conv1.weight"));
    QVERIFY(tensors[0].record.starts_with("storages/"));

    Builder built;
    const Bytes small = built.finish(built.addObject(built.addTuple({})));
    QVERIFY2(check(small), check(small) ? "" : check(small).error().message.c_str());
}

void FlatModuleTest::aCopyTellsTheSame()
{
    const Bytes bytes = sample();
    const archive::Report mapped = inspect(bytes);
    const std::filesystem::path file = m_folder.filePath(QStringLiteral("m.ptl")).toStdString();
    const Result<archive::Report> copied = archive::inspect(file, {0, false});
    QVERIFY(copied);
    QVERIFY(copied->verdict == archive::Verdict::Ok);
    QCOMPARE(copied->modelHash, mapped.modelHash);
    QCOMPARE(copied->tensors.size(), mapped.tensors.size());
    QCOMPARE(copied->operators.size(), mapped.operators.size());
}

// A hole of many gigabytes behind a sound begin takes no place on the disk and none in memory.
void FlatModuleTest::filesTooLargeAreNotRead()
{
    const Bytes bytes = sample();
    const QString path = m_folder.filePath(QStringLiteral("huge.ptl"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<qint64>(bytes.size()));
    QVERIFY(file.resize(qint64{1} << 40));
    file.close();
    for (const bool mapsFile : {true, false}) {
        QElapsedTimer timer;
        timer.start();
        const Result<archive::Report> report = archive::inspect(path.toStdString(), {0, mapsFile});
        QVERIFY(report);
        QVERIFY(report->verdict == archive::Verdict::Damaged);
        QVERIFY(report->problems.front().message.find("larger") != std::string::npos);
        QVERIFY(!report->modelHash.empty());
        QVERIFY(timer.elapsed() < 5000);
    }
}

void FlatModuleTest::truncatedAnywhere()
{
    const Bytes bytes = sample();
    for (std::size_t size = 0; size < bytes.size(); size += 8) {
        const Bytes cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
        const auto module = check(cut);
        QVERIFY2(!module, std::to_string(size).c_str());
        QVERIFY(!module.error().message.empty());
    }
}

void FlatModuleTest::flippedBytesNeverCrash()
{
    const Bytes bytes = sample();
    std::size_t refused = 0;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        Bytes damaged = bytes;
        damaged[at] ^= 1U << at % 8;
        const auto module = check(damaged);
        if (!module) {
            ++refused;
            continue;
        }
        const auto model = archive::readLiteModel(*module);
        QVERIFY(model || !model.error().what.empty());
        QVERIFY(archive::describeTensors(*module).size() <= module->size());
    }
    QVERIFY(refused > 100);
    QVERIFY(refused < bytes.size());
}

void FlatModuleTest::lies_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("said");
    const auto row = [](const char* name, const Change& change, const char* said) {
        QTest::newRow(name) << change << QString::fromLatin1(said);
    };
    row(
        "a value that holds itself",
        [](flat::Module& module) {
            for (std::uint32_t id = 0; id < module.values()->size(); ++id) {
                const flat::Object* object = module.values()->Get(id)->content_as_Object();
                if (object != nullptr) {
                    const_cast<flat::Object*>(object)->mutable_attributes()->Mutate(0, id);
                    return true;
                }
            }
            return false;
        },
        "not before it");
    row(
        "a value beyond the last",
        [](flat::Module& module) {
            first(module, &flat::Value::content_as_Object)
                ->mutable_attributes()
                ->Mutate(0, 1'000'000);
            return true;
        },
        "not before it");
    row(
        "an unknown kind of value",
        [](flat::Module& module) {
            auto* value = const_cast<flat::Value*>(module.values()->Get(5));
            // No accessor changes the kind of a union.
            auto* place = const_cast<std::uint8_t*>(
                reinterpret_cast<const flatbuffers::Table*>(value)->GetAddressOf(
                    flat::Value::VT_CONTENT_TYPE));
            *place = 99;
            return place != nullptr;
        },
        "no known kind");
    row(
        "a class that is not there",
        [](flat::Module& module) {
            return first(module, &flat::Value::content_as_Function)->mutate_class_index(77) ||
                   first(module, &flat::Value::content_as_Object)->mutate_class_index(77);
        },
        "class");
    row(
        "a storage that is not there",
        [](flat::Module& module) {
            for (const flat::Value* value : *module.values()) {
                const flat::Tensor* tensor = value->content_as_Tensor();
                if (tensor != nullptr && const_cast<flat::Tensor*>(tensor)->mutate_storage(9999))
                    return true;
            }
            return false;
        },
        "are missing");
    row(
        "a huge tensor",
        [](flat::Module& module) {
            tensorOf(module)->mutable_sizes()->Mutate(0, 1 << 30);
            return true;
        },
        "reaches out");
    row(
        "a negative size",
        [](flat::Module& module) {
            tensorOf(module)->mutable_sizes()->Mutate(0, -1);
            return true;
        },
        "reaches out");
    row(
        "huge strides",
        [](flat::Module& module) {
            for (int i = 0; i < 4; ++i)
                tensorOf(module)->mutable_strides()->Mutate(static_cast<std::uint32_t>(i),
                                                            0x7fffffff);
            return true;
        },
        "reaches out");
    row(
        "a wider type", [](flat::Module& module) { return tensorOf(module)->mutate_dtype(10); },
        "reaches out");
    row(
        "an unknown type", [](flat::Module& module) { return tensorOf(module)->mutate_dtype(99); },
        "reaches out");
    row(
        "a count of storages that is none",
        [](flat::Module& module) { return module.mutate_storage_count(-1); }, "storages");
    row(
        "more storages than there are",
        [](flat::Module& module) { return module.mutate_storage_count(1 << 30); }, "storages");
    row(
        "a root that is not there",
        [](flat::Module& module) { return module.mutate_root(1 << 20); }, "no module");
    row(
        "a root that is no object", [](flat::Module& module) { return module.mutate_root(1); },
        "no module");
    row(
        "a method that is no function",
        [](flat::Module& module) {
            module.mutable_methods()->Mutate(0, 0);
            return true;
        },
        "no function");
    row(
        "an unknown instruction",
        [](flat::Module& module) {
            auto* function = first(module, &flat::Value::content_as_Function);
            const_cast<flat::Instruction*>(function->instructions()->Get(3))->mutate_code(100);
            return true;
        },
        "instruction 3 of");
    row(
        "a jump out of the code",
        [](flat::Module& module) {
            auto* function = first(module, &flat::Value::content_as_Function);
            for (const flat::Instruction* instruction : *function->instructions()) {
                if (instruction->code() == static_cast<int>(archive::OpCode::Jmp)) {
                    const_cast<flat::Instruction*>(instruction)->mutate_x(-100'000);
                    return true;
                }
            }
            return false;
        },
        "points at nothing");
    row(
        "registers without number",
        [](flat::Module& module) {
            return first(module, &flat::Value::content_as_Function)->mutate_registers(0x7fffffff);
        },
        "registers");
    row(
        "fewer registers than are used",
        [](flat::Module& module) {
            return first(module, &flat::Value::content_as_Function)->mutate_registers(1);
        },
        "points at nothing");
}

void FlatModuleTest::lies()
{
    QFETCH(const Change, change);
    QFETCH(const QString, said);
    Bytes bytes = sample();
    QVERIFY(change(*flat::GetMutableModule(bytes.data())));
    const auto module = check(bytes);
    std::string message = module ? "" : module.error().message;
    if (module) {
        const auto model = archive::readLiteModel(*module);
        QVERIFY(!model);
        message = model.error().what;
    }
    QVERIFY2(message.find(said.toStdString()) != std::string::npos, message.c_str());
}

void FlatModuleTest::sharedListsAreNotWalkedForEver()
{
    Builder builder;
    const auto none = builder.add(flat::Content::NONE, 0);
    const auto list = flat::CreateTuple(
        builder.fbb, builder.fbb.CreateVector(std::vector<std::uint32_t>(100'000, none)));
    for (int i = 0; i < 100'000; ++i)
        builder.add(flat::Content::Tuple, list.Union());
    const Bytes bytes = builder.finish(builder.addObject(none));
    QElapsedTimer timer;
    timer.start();
    const auto module = check(bytes);
    QVERIFY(timer.elapsed() < 5000);
    QVERIFY(!module);
    QCOMPARE(module.error().code, std::string("repeated-lists"));
    QCOMPARE(module.error().verdict, archive::Verdict::Refused);
}

void FlatModuleTest::sharedNamesAreNotWalkedForEver()
{
    Builder builder;
    const auto root = builder.addObject(builder.add(flat::Content::NONE, 0));
    const auto name = builder.fbb.CreateString("n");
    const auto names = builder.texts(std::vector(200'000, name));
    const auto type = flat::CreateClass(builder.fbb, builder.fbb.CreateString("__torch__.M"),
                                        flat::ClassForm::WithFields, names);
    const Bytes bytes = builder.finish(root, std::vector(200'000, type));
    QElapsedTimer timer;
    timer.start();
    QVERIFY(!check(bytes));
    QVERIFY(timer.elapsed() < 5000);
}

void FlatModuleTest::deepValuesAreRefused()
{
    Builder builder;
    std::uint32_t held = builder.add(flat::Content::NONE, 0);
    for (int i = 0; i < 5000; ++i)
        held = builder.addTuple({held});
    const auto module = check(builder.finish(builder.addObject(held)));
    QVERIFY(!module);
    QCOMPARE(module.error().code, std::string("nesting"));
}

void FlatModuleTest::longNamesTakeNoMemory()
{
    const std::string longName(1 << 20, 'n');
    Builder builder(longName);
    std::uint32_t held = builder.add(flat::Content::NONE, 0);
    for (int i = 0; i < 900; ++i)
        held = builder.addObject(held);
    const Bytes bytes = builder.finish(held);
    const auto module = check(bytes);
    QVERIFY2(module, module ? "" : module.error().message.c_str());
    const auto model = archive::readLiteModel(*module);
    QVERIFY(model);
    std::size_t total = 0;
    for (const archive::LiteObject& object : model->objects) {
        total += object.path.size() + object.type.size();
        for (const auto& attribute : object.attributes)
            total += attribute.name.size() + attribute.text.size();
    }
    QVERIFY(total < bytes.size() + (2u << 20));
}

void FlatModuleTest::convolutionsThatDivideByZeroAreRefused()
{
    const auto modelOf = [](const char* type, const std::function<std::uint32_t(Builder&)>& state) {
        Builder builder;
        const std::uint32_t given = state(builder);
        const std::uint32_t conv =
            builder.add(flat::Content::Object, flat::CreateObject(builder.fbb, 1, given).Union());
        const auto model = flat::CreateClass(builder.fbb, builder.fbb.CreateString("__torch__.M"),
                                             flat::ClassForm::WithFields,
                                             builder.texts({builder.fbb.CreateString("a")}));
        const auto convolution =
            flat::CreateClass(builder.fbb, builder.fbb.CreateString(type), flat::ClassForm::Custom);
        return builder.finish(builder.addObject(conv), {model, convolution});
    };
    for (const auto& [stride, groups] : std::vector<std::pair<int, int>>{{1, 1}, {0, 1}, {1, 0}}) {
        const Bytes module =
            modelOf("__torch__.torch.ao.nn.quantized.modules.conv.Conv2d", [&](Builder& builder) {
                const auto one = builder.addInt(1);
                const auto pair = builder.addTuple({one, one});
                const auto strides = builder.addTuple({one, builder.addInt(stride)});
                return builder.addTuple(
                    {one, one, pair, strides, pair, pair, one, pair, builder.addInt(groups), one});
            });
        const Bytes packed = modelOf(
            "__torch__.torch.classes.quantized.Conv2dPackedParamsBase", [&](Builder& builder) {
                auto& fbb = builder.fbb;
                const std::vector<std::int16_t> numbers{
                    2, 1, static_cast<std::int16_t>(stride), 0, 0, 1, 1,
                    0, 0, static_cast<std::int16_t>(groups), 0};
                std::vector<std::uint8_t> bytes(numbers.size() * 2);
                std::memcpy(bytes.data(), numbers.data(), bytes.size());
                builder.storages.push_back(flat::CreateStorage(fbb, fbb.CreateVector(bytes)));
                const auto tensor = builder.add(
                    flat::Content::Tensor,
                    flat::CreateTensor(fbb, 0, 2, 0, fbb.CreateVector(std::vector<int>{11}),
                                       fbb.CreateVector(std::vector<int>{1}))
                        .Union());
                const auto list =
                    builder.add(flat::Content::List,
                                flat::CreateList(fbb, fbb.CreateVector(std::vector{tensor}),
                                                 fbb.CreateString("List[Tensor]"))
                                    .Union());
                const auto version = builder.add(
                    flat::Content::Text, flat::CreateText(fbb, fbb.CreateString("2")).Union());
                return builder.addTuple({version, list});
            });
        const Bytes ofInts = modelOf(
            "__torch__.torch.classes.quantized.Conv2dPackedParamsBase", [&](Builder& builder) {
                const std::vector<std::int64_t> numbers{0, 1, stride, 0, 0, 1, 1, 0, 0, groups, 0};
                const auto list = builder.add(
                    flat::Content::IntList,
                    flat::CreateIntList(builder.fbb, builder.fbb.CreateVector(numbers)).Union());
                return builder.addTuple({builder.addInt(3), list});
            });
        const bool isSound = stride != 0 && groups != 0;
        for (const Bytes& bytes : {module, packed, ofInts}) {
            const auto checked = check(bytes);
            QVERIFY2(checked.has_value() == isSound,
                     checked ? "" : checked.error().message.c_str());
            if (!isSound)
                QCOMPARE(checked.error().code, std::string("set-state"));
        }
    }
}

void FlatModuleTest::withoutCodeItIsBytecode()
{
    Bytes bytes = sample();
    const archive::Report with = inspect(bytes);
    QVERIFY(with.hasCode);
    QVERIFY(!with.classes.empty());
    const std::string stripped = test::withoutCode(std::string(bytes.begin(), bytes.end()));
    bytes.assign(stripped.begin(), stripped.end());
    const archive::Report without = inspect(bytes);
    QCOMPARE(without.verdict, archive::Verdict::Ok);
    QVERIFY(!without.hasCode);
    QVERIFY(without.classes.empty());
    // Then it is the bytecode that calls operators.
    QVERIFY(!without.operators.empty());
    QCOMPARE(without.tensors.size(), with.tensors.size());
    QVERIFY(without.modelHash != with.modelHash);
}

void FlatModuleTest::hostileCodeIsSeen()
{
    Bytes bytes = sample();
    flat::Module& module = *flat::GetMutableModule(bytes.data());
    auto* text = const_cast<flatbuffers::String*>(module.sources()->Get(0)->content());
    const std::string code = "def f(x: Tensor):\n  _0 = ops.aten.save(x, \"f\")\n";
    QVERIFY(text->size() > code.size());
    std::memcpy(const_cast<char*>(text->c_str()), code.data(), code.size());
    const archive::Report writes = inspect(bytes);
    QCOMPARE(writes.verdict, archive::Verdict::Ok);
    QVERIFY(test::hasProblem(writes, "writes-files"));

    Bytes other = sample();
    flat::Function* function =
        first(*flat::GetMutableModule(other.data()), &flat::Value::content_as_Function);
    for (const flat::Operator* op : *function->operators()) {
        if (op->name()->str() == "aten::size")
            std::memcpy(const_cast<char*>(op->name()->c_str()), "aten::save", 10);
    }
    QVERIFY(test::hasProblem(inspect(other), "writes-files"));
}

QTEST_APPLESS_MAIN(FlatModuleTest)
#include "flat_module_test.moc"
