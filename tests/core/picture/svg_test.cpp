// Pictures as SVG: well-formed whatever the names, the same every time, legible.
#include "core/picture/svg.h"
#include "tests/core/picture/drawn_model.h"
#include "tests/core/picture/shaped_program.h"
#include "tests/core/scene/graph_maker.h"

#include <QFile>
#include <QRegularExpression>
#include <QSet>
#include <QTest>
#include <QXmlStreamReader>

#include <cmath>

using namespace jitscope;

namespace {

const picture::OpeningRule everything{9, true, true, 20'000};

struct Parsed
{
    QString problem; // empty for well-formed XML
    QStringList texts;
    QStringList tooltips;
    QSet<QString> classes;
    QStringList links;
    QString style;
};

Parsed parse(const std::string& svg)
{
    Parsed parsed;
    QXmlStreamReader xml(QByteArray(svg.data(), static_cast<qsizetype>(svg.size())));
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        const QString styleClass = xml.attributes().value(QStringLiteral("class")).toString();
        if (!styleClass.isEmpty() && xml.name() != QStringLiteral("svg"))
            parsed.classes.insert(styleClass);
        if (xml.name() == QStringLiteral("text"))
            parsed.texts << xml.readElementText();
        else if (xml.name() == QStringLiteral("title"))
            parsed.tooltips << xml.readElementText();
        else if (xml.name() == QStringLiteral("style"))
            parsed.style = xml.readElementText();
        else if (xml.name() == QStringLiteral("a"))
            parsed.links << xml.attributes().value(QStringLiteral("href")).toString();
    }
    if (xml.hasError())
        parsed.problem = xml.errorString();
    return parsed;
}

QString goldenPath(const char* name)
{
    return qEnvironmentVariable("JITSCOPE_SOURCE_DIR") +
           QStringLiteral("/tests/golden/picture/%1.svg").arg(QString::fromUtf8(name));
}

std::string svgOf(ir::Program program, const picture::OpeningRule& rule = everything,
                  const picture::SvgOptions& options = {})
{
    tests::DrawnModel model(std::move(program));
    return picture::toSvg(model.drawing(rule).value(), options);
}

double luminance(picture::Rgb colour)
{
    const auto channel = [](picture::Rgb c) {
        const double s = (c & 0xffU) / 255.0;
        return s <= 0.03928 ? s / 12.92 : std::pow((s + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * channel(colour >> 16U) + 0.7152 * channel(colour >> 8U) +
           0.0722 * channel(colour);
}

double contrast(picture::Rgb a, picture::Rgb b)
{
    const double x = luminance(a);
    const double y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

} // namespace

class SvgTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isGolden_data();
    void isGolden();
    void namesCannotBreakOut();
    void everyClassHasARule();
    void pageBringsTheColours();
    void closedBoxesLead();
    void emptyDrawingIsAPicture();
    void textsAreLegible();
};

// Written anew with JITSCOPE_UPDATE_GOLDEN=1.
void SvgTest::isGolden_data()
{
    QTest::addColumn<bool>("isControlFlow");
    QTest::addColumn<bool>("isDark");
    QTest::addColumn<bool>("hasShapes");
    QTest::newRow("control_flow") << true << false << false;
    QTest::newRow("residual_dark") << false << true << false;
    QTest::newRow("control_flow_shapes") << true << false << true;
    QTest::newRow("residual_shapes_dark") << false << true << true;
}

void SvgTest::isGolden()
{
    QFETCH(bool, isControlFlow);
    QFETCH(bool, isDark);
    QFETCH(bool, hasShapes);
    picture::SvgOptions options;
    if (isDark)
        options.palette = picture::darkPalette();
    const auto draw = [&] {
        ir::Program program =
            isControlFlow ? tests::controlFlowModel() : tests::residualNetwork(1, 1);
        if (hasShapes)
            program = tests::withShapes(std::move(program));
        return svgOf(std::move(program), everything, options);
    };
    const std::string svg = draw();
    QCOMPARE(draw(), svg);
    QCOMPARE(parse(svg).problem, QString());
    QFile golden(goldenPath(QTest::currentDataTag()));
    if (qEnvironmentVariableIsSet("JITSCOPE_UPDATE_GOLDEN")) {
        QVERIFY(golden.open(QIODevice::WriteOnly));
        golden.write(svg.data(), static_cast<qint64>(svg.size()));
        return;
    }
    QVERIFY2(golden.open(QIODevice::ReadOnly), qPrintable(golden.fileName()));
    const QList<QByteArray> expected = golden.readAll().split('\n');
    const QList<QByteArray> found =
        QByteArray(svg.data(), static_cast<qsizetype>(svg.size())).split('\n');
    for (qsizetype i = 0; i < std::min(expected.size(), found.size()); ++i)
        QCOMPARE(found[i], expected[i]);
    QCOMPARE(found.size(), expected.size());
}

void SvgTest::namesCannotBreakOut()
{
    const std::string hostile = "</title><script>alert(\"1\")</script>&amp;'\xff\x01\xed\xa0\x80";
    tests::GraphMaker maker(1, "f");
    const ir::ValueId x = maker.parameter(hostile, "Tensor " + hostile);
    const ir::ValueId text = maker.constant(hostile, "str");
    const ir::ValueId y = maker.node("odd::" + hostile, {x, text}, "odd(" + hostile + ")");
    maker.setType(y, hostile);
    maker.returns({y});
    ir::Program program;
    ir::Module root;
    root.parent = ir::none;
    root.className = hostile;
    root.methods.push_back({"forward", 0});
    program.modules.push_back(root);
    ir::Function function;
    function.name = hostile;
    function.isMethod = true;
    function.graph = maker.take();
    program.functions.push_back(std::move(function));

    const std::string svg = svgOf(std::move(program));
    const Parsed parsed = parse(svg);
    QCOMPARE(parsed.problem, QString());
    QVERIFY(svg.find("<script") == std::string::npos);
    QVERIFY(svg.find('\xff') == std::string::npos);
    // What the reader of the picture sees is the name, with what is no text marked.
    const QString shown = QStringLiteral("</title><script>alert(\"1\")</script>&amp;'\uFFFD\uFFFD"
                                         "\uFFFD\uFFFD\uFFFD");
    QVERIFY2(parsed.tooltips.join(u'\n').contains(shown), qPrintable(parsed.tooltips.join(u'\n')));
}

void SvgTest::everyClassHasARule()
{
    const Parsed parsed = parse(svgOf(tests::withShapes(tests::controlFlowModel())));
    QVERIFY(parsed.classes.size() > 12);
    QVERIFY(parsed.classes.contains(QStringLiteral("k"))); // labels of edges
    const QRegularExpression rule(QStringLiteral("^\\.(\\w+)\\{[^{}]+\\}$"),
                                  QRegularExpression::MultilineOption);
    QSet<QString> ruled;
    for (auto match = rule.globalMatch(parsed.style); match.hasNext();)
        ruled.insert(match.next().captured(1));
    QCOMPARE(ruled, parsed.classes);
}

void SvgTest::pageBringsTheColours()
{
    picture::SvgOptions options;
    options.palette.reset();
    const std::string svg = svgOf(tests::controlFlowModel(), everything, options);
    QVERIFY(svg.starts_with("<svg "));
    QVERIFY(svg.find("<style") == std::string::npos);
    QVERIFY(svg.find("fill") == std::string::npos);
    const std::string rules = picture::svgRules(picture::lightPalette(), "svg.graph ");
    for (const QString& styleClass : parse(svg).classes)
        QVERIFY2(rules.find("svg.graph ." + styleClass.toStdString() + "{") != std::string::npos,
                 qPrintable(styleClass));
}

void SvgTest::closedBoxesLead()
{
    picture::SvgOptions options;
    options.link = [](const scene::Box& box) { return "#\"" + box.modulePath; };
    const picture::OpeningRule closed{0, false, true, 20'000};
    const Parsed parsed = parse(svgOf(tests::residualNetwork(1, 1), closed, options));
    QCOMPARE(parsed.problem, QString());
    QVERIFY(!parsed.links.isEmpty());
    QVERIFY2(parsed.links.contains(QStringLiteral("#\"layer1")),
             qPrintable(parsed.links.join(u' ')));
    QCOMPARE(parse(svgOf(tests::residualNetwork(1, 1), everything, options)).links, QStringList());
}

void SvgTest::emptyDrawingIsAPicture()
{
    const std::string svg = picture::toSvg(picture::Drawing());
    QCOMPARE(parse(svg).problem, QString());
    QVERIFY(svg.find("viewBox=\"0 0 48 48\"") != std::string::npos);
}

void SvgTest::textsAreLegible()
{
    constexpr double forText = 4.5; // WCAG 2, AA
    for (const picture::Palette& p : {picture::lightPalette(), picture::darkPalette()}) {
        for (int i = 0; i < scene::operatorClassCount; ++i) {
            const auto operatorClass = static_cast<scene::OperatorClass>(i);
            QVERIFY2(contrast(p.headerText, picture::classColour(operatorClass, p.isDark)) >=
                         forText,
                     scene::describe(operatorClass).data());
        }
        QVERIFY(contrast(p.text, p.body) >= forText);
        QVERIFY(contrast(p.dimText, p.body) >= forText);
        QVERIFY(contrast(p.edgeLabel, p.background) >= forText);
    }
}

QTEST_GUILESS_MAIN(SvgTest)
#include "svg_test.moc"
