// The open document as the views see it. Reads on a thread of its own; everything here belongs to
// the UI thread. Contents are shared pointers to immutable data, so a view may keep what it has
// while a newer one arrives.
#pragma once

#include "core/document/node_index.h"
#include "core/document/rows.h"
#include "core/ir/graph.h"
#include "core/scene/known_types.h"
#include "core/support/error.h"

#include <QObject>
#include <QString>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace jitscope::views {

// The part that does not change once a model is loaded.
struct DocumentContent
{
    std::vector<document::InfoRow> info;
    std::vector<document::ModuleRow> modules;
    std::vector<document::MethodRow> methods;
    std::vector<document::FunctionRow> functions;
    std::vector<document::TensorRow> tensors;
    std::vector<document::CodeRow> code;
    std::vector<document::SourceRow> sources;
    std::vector<document::CallCandidateRow> candidates; // in order of the call's key
    std::vector<document::MissingOperatorRow> missingOperators;
    std::vector<document::ProblemRow> problems;
    std::vector<document::ArchiveRecordRow> records; // of the model's archive

    [[nodiscard]] std::string infoValue(std::string_view name) const;
    // Why no pass can be applied and nothing run: a sentence for the user, empty when it can.
    [[nodiscard]] QString withoutModel() const;
    [[nodiscard]] const document::ModuleRow* moduleAt(std::string_view path) const;
    [[nodiscard]] const document::FunctionRow* functionOf(std::int64_t module,
                                                          std::string_view method) const;
    [[nodiscard]] const document::FunctionRow* function(std::int64_t id) const;
    [[nodiscard]] const document::FunctionRow* functionNamed(std::string_view qualifiedName) const;
    [[nodiscard]] const document::MissingOperatorRow* missingOperator(std::string_view name) const;
};

struct NodeCounts
{
    std::uint64_t nodes = 0; // in all nested blocks, constants included
    std::map<std::string, std::uint64_t> kinds;
};

class DocumentModel : public QObject
{
    Q_OBJECT

public:
    explicit DocumentModel(QObject* parent = nullptr);
    ~DocumentModel() override;

    void open(const QString& path); // answers with opened() or failed()
    void close();
    void refresh(); // reads stages, runs and nodes again; answers with changed()

    [[nodiscard]] bool isOpen() const;
    [[nodiscard]] QString path() const;

    [[nodiscard]] std::shared_ptr<const DocumentContent> content() const;       // never null
    [[nodiscard]] std::shared_ptr<const document::NodeIndex> nodeIndex() const; // never null
    [[nodiscard]] const std::vector<document::StageRow>& stages() const;        // in order of id
    [[nodiscard]] const std::vector<document::RunRow>& runs() const;            // in order of id
    [[nodiscard]] const document::StageRow* stage(std::int64_t id) const;

    // In order of tensor; those that were asked for so far. Never null.
    [[nodiscard]] std::shared_ptr<const std::vector<document::TensorStatisticsRow>>
    tensorStatistics() const;
    void refreshTensorStatistics(); // reads them again; answers with tensorStatisticsChanged()
    // Reads the ranges of a tensor's channels on the reading thread and gives them to `done` on the
    // UI thread, unless `context` is gone by then.
    void requestTensorChannels(std::int64_t tensor, QObject* context,
                               std::function<void(std::vector<document::TensorChannelRow>)> done);

    // The stage that the views show; 1 (`loaded`) after opening.
    [[nodiscard]] std::int64_t currentStage() const;
    void setCurrentStage(std::int64_t stage);
    // The run that the timeline shows; 0 for none. The newest one after it arrived.
    [[nodiscard]] std::int64_t currentRun() const;
    void setCurrentRun(std::int64_t run);

    // What is known of the types of values: from the current run, else as KnownTypes::read() says.
    // Null for nothing.
    [[nodiscard]] std::shared_ptr<const scene::KnownTypes> knownTypes() const;

    // Reads a graph (table `graph`) on the reading thread and gives it to `done` on the UI thread,
    // unless `context` is gone by then. Null with a failed() when it cannot be read.
    void requestGraph(std::int64_t graph, QObject* context,
                      std::function<void(std::shared_ptr<const ir::Graph>)> done);

    // Counts the nodes of graphs, all in one, on the reading thread; answers as requestGraph()
    // does.
    void requestCounts(std::vector<std::int64_t> graphs, QObject* context,
                       std::function<void(std::shared_ptr<const NodeCounts>)> done);

Q_SIGNALS:
    void opened();
    void closed();
    void changed(); // stages, runs or nodes were added
    void tensorStatisticsChanged();
    void currentStageChanged(std::int64_t stage);
    void currentRunChanged(std::int64_t run);
    void knownTypesChanged();
    void failed(const QString& message);

private:
    class Implementation;
    std::unique_ptr<Implementation> m_implementation;
};

} // namespace jitscope::views
