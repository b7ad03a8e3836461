#include "views/code/code_texts_p.h"

#include "views/code/source_finder_p.h"

#include <QFileInfo>

#include <algorithm>

namespace jitscope::views {

namespace {

// What the background threads have to do; a newer job replaces an older one of its kind.
enum Lane
{
    Stage,
    Python,
    Serialized,
    Ir,
    Totals,
    Times,
    Callers,
};

constexpr QLatin1String irName("ir");

void setHeat(TextPane& pane, const TimeByLine& times)
{
    TimeByLine heat;
    const std::map<int, int> lines = pane.code().linesByNumber();
    for (const auto& [number, time] : times) {
        const auto line = lines.find(number);
        if (line != lines.end() && time > 0)
            heat[line->second] = time;
    }
    pane.edit().setHeat(std::move(heat));
}

} // namespace

CodeTexts::CodeTexts(DocumentModel& document, Selection& selection, TextPanes& panes,
                     QObject* parent)
    : QObject(parent),
      m_document(document),
      m_selection(selection),
      m_panes(panes),
      m_background(new Background("code texts", this)),
      m_timesReader(new Background("code times", this)),
      m_callersReader(new Background("code callers", this)),
      m_finder(std::make_shared<SourceFinder>()),
      m_searchFolders(m_settings.searchFolders())
{
    connect(&m_document, &DocumentModel::opened, this, &CodeTexts::reload);
    connect(&m_document, &DocumentModel::closed, this, &CodeTexts::reload);
    connect(&m_document, &DocumentModel::changed, this, [this] {
        readStage();
        loadTotals();
    });
    connect(&m_document, &DocumentModel::currentStageChanged, this, [this] {
        nameIr();
        readStage();
        readIr();
    });
    connect(&m_document, &DocumentModel::currentRunChanged, this, [this] { loadTotals(); });
    connect(&m_panes, &TextPanes::wantedChanged, this, &CodeTexts::readMissing);
    TextPane& python = m_panes.python();
    connect(&python, &TextPane::textChosen, this, [this] {
        m_takeFile = false;
        readPython();
    });
    connect(&python, &TextPane::candidateChosen, this, [this](const QString& path) {
        m_settings.setChosenFile(m_panes.python().chosen(), path);
        readPython();
    });
    connect(&python, &TextPane::otherWanted, this, [this](bool file) {
        m_takeFile = file;
        readPython();
    });
    connect(&m_panes.serialized(), &TextPane::textChosen, this, &CodeTexts::readSerialized);
}

CodeTexts::~CodeTexts() = default;

void CodeTexts::reload()
{
    m_totals.reset();
    m_times.reset();
    m_timesReader->cancel();
    m_background->cancel();
    m_callersReader->cancel();
    m_callers = std::make_shared<const search::FunctionInstances>();
    m_takeFile = false;
    m_wantedLine = 0;
    m_lines = std::make_shared<const StageLines>();
    Q_EMIT linesChanged();
    fillChoices();
    const bool isOpen = m_document.isOpen();
    for (TextPane* pane : m_panes.all())
        pane->showMessage(isOpen ? QString() : tr("No document is open."));
    if (!isOpen)
        return;
    if (m_panes.python().isEmpty() && m_panes.serialized().isEmpty())
        m_panes.reveal(m_panes.ir()); // all that there is
    readStage();
    readPython();
    readSerialized();
    readIr();
    loadTotals();
    readCallers();
}

// A click on a line of a free function asks for them.
void CodeTexts::readCallers()
{
    const auto content = m_document.content();
    const bool hasFunctions =
        std::any_of(content->functions.begin(), content->functions.end(),
                    [](const document::FunctionRow& row) { return row.is_method == 0; });
    if (!hasFunctions)
        return;
    m_callersReader->post(
        Callers,
        [this, content, path = m_document.path().toStdString(),
         index = m_document.nodeIndex()](const CancelToken& cancel) -> Background::Finish {
            const Result<document::Reader> reader = document::Reader::open(path);
            if (!reader)
                return {}; // the graph says why
            search::Corpus corpus;
            corpus.owner = content;
            corpus.modules = content->modules;
            corpus.methods = content->methods;
            corpus.functions = content->functions;
            corpus.nodes = index;
            Result<search::FunctionInstances> found = search::functionInstances(
                corpus, [&reader](std::int64_t id) { return reader->graph(id); }, cancel);
            if (!found)
                return {};
            auto callers = std::make_shared<const search::FunctionInstances>(std::move(*found));
            return [this, callers] { m_callers = callers; };
        });
}

void CodeTexts::fillChoices()
{
    std::vector<TextPane::Entry> python;
    std::vector<TextPane::Entry> serialized;
    std::vector<TextPane::Entry> ir;
    if (m_document.isOpen()) {
        const DocumentContent& content = *m_document.content();
        for (const QString& file : pythonFiles(content, *m_document.nodeIndex()))
            python.push_back({QFileInfo(file).fileName(), file});
        for (const document::CodeRow& code : content.code) {
            const QString record = QString::fromStdString(code.record);
            serialized.push_back({record.section(QLatin1Char('/'), -1), record});
        }
        ir.push_back({{}, irName});
    }
    m_panes.python().setEntries(python);
    m_panes.serialized().setEntries(serialized);
    m_panes.ir().setEntries(ir);
    nameIr();
}

void CodeTexts::nameIr()
{
    const document::StageRow* stage = m_document.stage(m_document.currentStage());
    const QString label = stage == nullptr ? tr("none") : QString::fromStdString(stage->label);
    m_panes.ir().setTitle(irName, tr("IR: stage %1").arg(label));
}

// What came into sight without a text.
void CodeTexts::readMissing()
{
    if (!m_document.isOpen())
        return;
    if (!m_panes.python().isShown())
        readPython();
    if (!m_panes.serialized().isShown())
        readSerialized();
    if (!m_panes.ir().isShown())
        readIr();
}

void CodeTexts::readStage()
{
    if (!m_document.isOpen())
        return;
    const document::StageRow* stage = m_document.stage(m_document.currentStage());
    if (stage == nullptr || stage->graph == 0)
        return readStageLines(nullptr);
    m_document.requestGraph(stage->graph, this,
                            [this, id = stage->id](const std::shared_ptr<const ir::Graph>& read) {
                                if (read && id == m_document.currentStage())
                                    readStageLines(read);
                            });
}

void CodeTexts::readStageLines(const std::shared_ptr<const ir::Graph>& graph)
{
    m_background->post(Stage, [this, graph, index = m_document.nodeIndex()](const CancelToken&) {
        auto lines = std::make_shared<const StageLines>(*index, graph.get());
        return [this, lines] {
            m_lines = lines;
            placeNodes();
            Q_EMIT linesChanged();
            Q_EMIT textChanged(false);
        };
    });
}

// The nodes of the stage beside the lines that are shown.
void CodeTexts::placeNodes()
{
    TextPane& python = m_panes.python();
    if (python.isShown())
        python.edit().setNodes(
            placed(m_lines->python(python.chosen().toStdString()), python.code()));
    TextPane& serialized = m_panes.serialized();
    if (serialized.isShown())
        serialized.edit().setNodes(placed(m_lines->serialized(chosenCode()), serialized.code()));
    showHeat();
}

bool CodeTexts::showPython(const QString& file)
{
    TextPane& pane = m_panes.python();
    if (pane.chosen() == file)
        return true;
    if (!pane.choose(file))
        return false;
    m_takeFile = false;
    readPython();
    return true;
}

void CodeTexts::readPython()
{
    TextPane& pane = m_panes.python();
    if (!m_document.isOpen() || !m_panes.isWanted(pane))
        return;
    if (pane.isEmpty())
        return pane.showMessage(tr("The model names no Python file."));
    PythonRequest request{pane.chosen(), m_searchFolders, m_settings.chosenFile(pane.chosen()),
                          m_takeFile};
    m_background->post(Python, [this, request, content = m_document.content(), lines = m_lines,
                                finder = m_finder, font = pane.edit().font(),
                                home = thread()](const CancelToken& cancel) {
        const NodesByLine& nodes = lines->python(request.file.toStdString());
        return shower(m_panes.python(),
                      prepare(pythonText(request, *content, nodes, *finder, cancel), font, home));
    });
}

bool CodeTexts::showSerialized(std::int64_t code)
{
    if (chosenCode() == code)
        return true;
    for (const document::CodeRow& row : m_document.content()->code) {
        if (row.id == code && m_panes.serialized().choose(QString::fromStdString(row.record))) {
            readSerialized();
            return true;
        }
    }
    return false;
}

void CodeTexts::readSerialized()
{
    TextPane& pane = m_panes.serialized();
    if (!m_document.isOpen() || !m_panes.isWanted(pane))
        return;
    const auto content = m_document.content();
    const auto row = std::find_if(
        content->code.begin(), content->code.end(),
        [id = chosenCode()](const document::CodeRow& candidate) { return candidate.id == id; });
    if (row == content->code.end())
        return pane.showMessage(tr("The model has no serialized code."));
    m_background->post(Serialized, [this, content, code = &*row, font = pane.edit().font(),
                                    home = thread()](const CancelToken&) {
        return shower(m_panes.serialized(), prepare(serializedText(*code), font, home));
    });
}

std::int64_t CodeTexts::chosenCode() const
{
    const std::string record = m_panes.serialized().chosen().toStdString();
    for (const document::CodeRow& code : m_document.content()->code) {
        if (code.record == record)
            return code.id;
    }
    return 0;
}

void CodeTexts::followSelection()
{
    if (shownGraph(m_document, m_selection) != m_irGraph)
        readIr();
}

void CodeTexts::readIr()
{
    TextPane& pane = m_panes.ir();
    m_irGraph = shownGraph(m_document, m_selection);
    if (!m_document.isOpen() || !m_panes.isWanted(pane))
        return;
    if (m_irGraph == 0)
        return pane.showMessage(tr("The stage has no graph."));
    m_document.requestGraph(
        m_irGraph, this, [this, id = m_irGraph](const std::shared_ptr<const ir::Graph>& read) {
            if (id != m_irGraph)
                return;
            TextPane& shown = m_panes.ir();
            if (!read)
                return shown.showMessage(tr("The graph of the stage cannot be read."));
            m_background->post(
                Ir, [this, read, font = shown.edit().font(), home = thread()](const CancelToken&) {
                    return shower(m_panes.ir(), prepare(irText(*read), font, home));
                });
        });
}

// Shows a text that the background thread has made.
Background::Finish CodeTexts::shower(TextPane& pane, PreparedText text)
{
    return [this, &pane, ready = std::make_shared<PreparedText>(std::move(text))] {
        m_background->dispose(pane.showText(std::move(*ready)));
        placeNodes();
        const bool isSought = &pane == &m_panes.python() && m_wantedLine != 0;
        Q_EMIT textChanged(!isSought);
        if (isSought)
            goToWantedLine();
    };
}

bool CodeTexts::showSource(const QString& file, int line)
{
    TextPane& pane = m_panes.python();
    const bool isThere = pane.chosen() == file && pane.isShown();
    if (!pane.choose(file))
        return false;
    m_wantedLine = line;
    m_panes.reveal(pane);
    if (isThere)
        goToWantedLine();
    else
        readPython();
    return true;
}

void CodeTexts::goToWantedLine()
{
    TextPane& pane = m_panes.python();
    const int line = pane.code().lineNumbered(std::exchange(m_wantedLine, 0));
    if (line < 0 || pane.code().text.isEmpty()) {
        Q_EMIT statusMessage(tr("The line is not in what the model carries of this file."));
        return;
    }
    pane.edit().showLine(line);
    pane.edit().setMarkedLines({line}, false);
}

void CodeTexts::setSearchFolders(const QStringList& folders)
{
    m_searchFolders = folders;
    m_settings.setSearchFolders(folders);
    m_finder = std::make_shared<SourceFinder>(); // looks anew
    readPython();
}

// Brings nothing when the run cannot be read: the timeline says why.
void CodeTexts::loadTotals()
{
    if (!m_document.isOpen() || m_document.currentRun() == 0) {
        m_timesReader->cancel();
        m_totals.reset();
        m_times.reset();
        showHeat();
        return;
    }
    m_timesReader->post(
        Totals,
        [this, path = m_document.path().toStdString(),
         run = m_document.currentRun()](const CancelToken& cancel) -> Background::Finish {
            const Result<document::Reader> reader = document::Reader::open(path);
            if (!reader)
                return {};
            Result<timeline::NodeTotals> read = timeline::nodeTotals(*reader, run, cancel);
            if (!read)
                return {};
            auto totals = std::make_shared<const timeline::NodeTotals>(std::move(*read));
            return [this, totals] {
                m_totals = totals;
                readTimes();
            };
        });
}

void CodeTexts::readTimes()
{
    m_background->post(
        Times, [this, totals = m_totals, index = m_document.nodeIndex()](const CancelToken&) {
            auto times = std::make_shared<const LineTimes>(*totals, *index);
            return [this, times] {
                m_times = times;
                showHeat();
            };
        });
}

void CodeTexts::showHeat()
{
    const LineTimes none;
    const LineTimes& times = m_times ? *m_times : none;
    setHeat(m_panes.python(), times.python(m_panes.python().chosen().toStdString()));
    setHeat(m_panes.serialized(), times.serialized(chosenCode()));
    TimeByLine heat;
    if (m_totals) {
        for (const auto& [line, keys] : m_panes.ir().code().nodes) {
            const auto found = m_totals->find(keys.front());
            if (found != m_totals->end() && found->second > 0)
                heat[line] = found->second;
        }
    }
    m_panes.ir().edit().setHeat(std::move(heat));
}

} // namespace jitscope::views
