#include "views/graph/scene_worker_p.h"

#include "core/document/reader.h"
#include "core/layout/automatic_layout.h"
#include "core/scene/find_box.h"
#include "views/graph/picture_builder_p.h"

#include <optional>

namespace jitscope::views {

namespace {

constexpr std::size_t openAllLimit =
    20'000; // boxes; more cannot be read, and a laptop lays this out in a second

constexpr std::size_t fewestRepeats = 3; // two of a kind are read as quickly as one box for both

QString toText(const Error& error)
{
    return QString::fromStdString(error.message());
}

} // namespace

// Keeps the open document and what was built of it from one request to the next.
class SceneWorker::Job : public QObject
{
public:
    PictureAnswer run(const PictureRequest& request, const CancelToken& cancel)
    {
        PictureAnswer answer;
        answer.number = request.number;
        answer.open = request.open;
        Result<scene::ScopePtr> root = prepare(request);
        if (!root) {
            answer.problem = toText(root.error());
            return answer;
        }
        if (request.reveal || request.revealModule)
            reveal(request, cancel, *root, answer);
        PictureBuilder& builder = *m_builder;
        if (request.openSoleBox)
            openSoleBoxes(*root, answer.open);
        for (const std::string& name : request.openNamed) {
            if (const auto way = scene::wayInto(*m_scopes, *root, name, cancel))
                answer.open.insert(way->begin(), way->end());
            else
                answer.notFound.append(QString::fromStdString(name));
        }
        if (request.openDepth >= 0)
            answer.open = builder.levels(**root, request.openDepth, openAllLimit, cancel);
        if (request.openAll || !request.openAllIn.empty())
            openEverything(**root, request, cancel, answer.open);
        std::vector<std::string> problems;
        Result<PicturePtr> picture =
            builder.build(*root, {answer.open, request.labels}, cancel, problems);
        if (!picture) {
            answer.problem = toText(picture.error());
            return answer;
        }
        answer.picture = *picture;
        if (!problems.empty())
            answer.problem = QString::fromStdString(problems.front());
        return answer;
    }

private:
    Result<scene::ScopePtr> prepare(const PictureRequest& request)
    {
        // A stage's own NodeIndex may be newer than the one that the scopes were built with.
        const bool isSameDocument = m_reader && m_request.documentPath == request.documentPath &&
                                    m_request.content == request.content;
        if (!isSameDocument) {
            reset();
            Result<document::Reader> reader =
                document::Reader::open(request.documentPath.toStdString());
            if (!reader)
                return tl::unexpected(reader.error());
            m_reader.emplace(std::move(*reader));
            m_outline = std::make_shared<const scene::ModelOutline>(
                request.content->modules, request.content->methods, request.content->functions,
                request.content->tensors);
        }
        const bool isSameScene =
            isSameDocument && m_scopes && m_request.stage == request.stage &&
            m_request.graph == request.graph && m_request.modulePath == request.modulePath &&
            m_request.method == request.method && m_request.rawSsa == request.rawSsa &&
            m_request.foldsRepeats == request.foldsRepeats && m_request.nodes == request.nodes &&
            m_request.types == request.types && m_request.titleFont == request.titleFont;
        if (!isSameScene) {
            m_builder.reset();
            scene::BuildOptions options;
            options.rawSsa = request.rawSsa;
            if (request.foldsRepeats)
                options.repeatsFrom = fewestRepeats;
            m_scopes.emplace(
                m_outline, request.nodes, [this](std::int64_t id) { return m_reader->graph(id); },
                options, request.types);
            m_builder.emplace(*m_scopes, m_engine, request.titleFont, request.textFont);
        }
        m_request = request;
        if (request.graph == 0)
            return m_scopes->method(request.modulePath, request.method);
        Result<std::shared_ptr<const ir::Graph>> graph = m_reader->graph(request.graph);
        if (!graph)
            return tl::unexpected(graph.error());
        return m_scopes->stage(*graph, request.modulePath, request.method);
    }

    // In the method that is shown, else in the model's others, else in the node's own.
    void reveal(const PictureRequest& request, const CancelToken& cancel, scene::ScopePtr& root,
                PictureAnswer& answer)
    {
        if (tryToReveal(request, cancel, root, answer.open) || request.graph != 0)
            return;
        std::vector<std::pair<std::string, std::string>> others;
        for (const std::string& method : m_outline->methodsOf({}))
            others.emplace_back(std::string(), method);
        if (request.reveal && !request.revealMethod.empty())
            others.emplace_back(request.reveal->modulePath, request.revealMethod);
        for (const auto& [module, method] : others) {
            const Result<scene::ScopePtr> other = m_scopes->method(module, method);
            if (!other || !tryToReveal(request, cancel, *other, answer.open))
                continue;
            root = *other;
            answer.isOtherMethod = true;
            answer.modulePath = module;
            answer.method = method;
            return;
        }
    }

    bool tryToReveal(const PictureRequest& request, const CancelToken& cancel,
                     const scene::ScopePtr& root, std::set<std::string>& open)
    {
        const auto way = request.reveal
                             ? scene::wayTo(*m_scopes, root, *request.reveal, cancel)
                             : scene::wayToModule(*m_scopes, root, *request.revealModule, cancel);
        if (way)
            open.insert(way->begin(), way->end());
        return way.has_value();
    }

    void openSoleBoxes(scene::ScopePtr scope, std::set<std::string>& open)
    {
        constexpr int limit = 4; // boxes one in the other
        for (int i = 0; i < limit; ++i) {
            const scene::Box* sole = nullptr;
            for (const scene::Box& box : scope->boxes) {
                if (box.kind == scene::BoxKind::Input || box.kind == scene::BoxKind::Output)
                    continue;
                if (sole != nullptr)
                    return;
                sole = &box;
            }
            if (sole == nullptr || !sole->canOpen() || sole->kind == scene::BoxKind::Repeat)
                return;
            const Result<scene::ScopePtr> inside = m_scopes->inside(*sole);
            if (!inside)
                return;
            open.insert(sole->id);
            scope = *inside;
        }
    }

    void openEverything(const scene::Scope& root, const PictureRequest& request,
                        const CancelToken& cancel, std::set<std::string>& open)
    {
        // The box stands in a scope that is open already; walk down to it.
        std::vector<const scene::Scope*> pending{&root};
        while (!pending.empty()) {
            const scene::Scope* scope = pending.back();
            pending.pop_back();
            for (const scene::Box& box : scope->boxes) {
                if (!box.canOpen())
                    continue;
                if (request.openAll || box.id == request.openAllIn) {
                    open.merge(m_builder->everythingIn(box, openAllLimit, cancel));
                } else if (box.isAlwaysOpen() || open.contains(box.id)) {
                    if (const Result<scene::ScopePtr> inside = m_scopes->inside(box))
                        pending.push_back(inside->get()); // the builder keeps it
                }
            }
        }
    }

    void reset()
    {
        m_builder.reset();
        m_scopes.reset();
        m_outline.reset();
        m_reader.reset();
    }

    PictureRequest m_request;
    layout::AutomaticLayout m_engine;
    std::optional<document::Reader> m_reader;
    std::shared_ptr<const scene::ModelOutline> m_outline;
    std::optional<scene::ScopeBuilder> m_scopes;
    std::optional<PictureBuilder> m_builder;
};

SceneWorker::SceneWorker(QObject* parent) : QObject(parent), m_job(new Job)
{
    m_thread.setObjectName(QStringLiteral("graph layout"));
    m_job->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_job, &QObject::deleteLater);
    m_thread.start();
}

SceneWorker::~SceneWorker()
{
    m_cancel.cancel();
    m_thread.quit();
    m_thread.wait();
}

void SceneWorker::request(PictureRequest request)
{
    m_cancel.cancel();
    m_cancel = CancelToken();
    request.number = ++m_number;
    QMetaObject::invokeMethod(
        m_job,
        [this, job = m_job, request = std::move(request), cancel = m_cancel] {
            if (cancel.isCancelled())
                return;
            PictureAnswer answer = job->run(request, cancel);
            if (cancel.isCancelled())
                return;
            QMetaObject::invokeMethod(
                this,
                [this, answer = std::move(answer)] {
                    if (answer.number == m_number)
                        Q_EMIT answered(answer);
                },
                Qt::QueuedConnection);
        },
        Qt::QueuedConnection);
}

void SceneWorker::cancel()
{
    m_cancel.cancel();
    ++m_number;
}

} // namespace jitscope::views
