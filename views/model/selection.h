// The one selection that all views share: nodes, or a module instance, or a place in the graph that
// stands for neither. UI thread only.
#pragma once

#include "core/document/node_index.h"

#include <QObject>
#include <QString>

#include <optional>
#include <vector>

namespace jitscope::views {

// A value that a scope receives or gives back: a place in the graph that is no node.
struct SelectedValue
{
    QString name;  // debug name
    QString type;  // as LibTorch prints it
    QString shape; // short, as known from a run or a trace; may be empty
    bool isInput = true;
    QString module; // the instance whose scope it is
};

class Selection : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    // What is selected: nodes, or nothing but a module. `module` is that of the first node when
    // nodes are selected.
    [[nodiscard]] const std::vector<document::NodeRef>& nodes() const { return m_nodes; }
    [[nodiscard]] const QString& module() const { return m_module; }
    [[nodiscard]] bool isEmpty() const { return m_nodes.empty() && !m_hasModule; }
    [[nodiscard]] bool hasModule() const { return m_hasModule; }
    // Id of a box of the graph, such as an input, of which the other views know nothing: for them
    // the selection is empty. Empty for none.
    [[nodiscard]] const QString& place() const { return m_place; }

    // `source` is the view that caused it; it gets it back in changed() and need not scroll to what
    // it shows already.
    void selectNodes(std::vector<document::NodeRef> nodes, const QObject* source);
    void selectModule(const QString& path, const QObject* source);
    // `value` says what stands there, for those who do not know the place.
    void selectPlace(const QString& id, const QObject* source,
                     const std::optional<SelectedValue>& value = {});
    [[nodiscard]] const std::optional<SelectedValue>& value() const { return m_value; }
    void clear(const QObject* source);

    // The history of selections, as in a browser.
    [[nodiscard]] bool canGoBack() const;
    [[nodiscard]] bool canGoForward() const;
    void goBack();
    void goForward();

Q_SIGNALS:
    void changed(const QObject* source);

private:
    struct Entry
    {
        std::vector<document::NodeRef> nodes;
        QString module;
        bool hasModule = false;
        QString place = {};
        std::optional<SelectedValue> value = {};
    };
    [[nodiscard]] bool isNothing() const { return isEmpty() && m_place.isEmpty(); }
    void set(const Entry& entry, const QObject* source);
    void show(const Entry& entry, const QObject* source);

    std::vector<document::NodeRef> m_nodes;
    QString m_module;
    bool m_hasModule = false;
    QString m_place;
    std::optional<SelectedValue> m_value;
    std::vector<Entry> m_history;
    std::size_t m_position = 0; // one past the entry that is shown
};

} // namespace jitscope::views
