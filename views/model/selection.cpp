#include "views/model/selection.h"

namespace jitscope::views {

namespace {

constexpr std::size_t longestHistory = 200;

} // namespace

void Selection::selectNodes(std::vector<document::NodeRef> nodes, const QObject* source)
{
    if (nodes.empty()) {
        clear(source);
        return;
    }
    Entry entry;
    entry.module = QString::fromStdString(nodes.front().modulePath);
    entry.nodes = std::move(nodes);
    set(entry, source);
}

void Selection::selectModule(const QString& path, const QObject* source)
{
    set({{}, path, true}, source);
}

void Selection::selectPlace(const QString& id, const QObject* source,
                            const std::optional<SelectedValue>& value)
{
    set({{}, {}, false, id, value}, source);
}

void Selection::clear(const QObject* source)
{
    if (!isNothing())
        show({}, source); // nothing is no place to go back to
}

bool Selection::canGoBack() const
{
    // From nothing, back leads to what was selected last.
    return m_position > 1 || (m_position == 1 && isNothing());
}

bool Selection::canGoForward() const
{
    return m_position < m_history.size();
}

void Selection::goBack()
{
    if (!canGoBack())
        return;
    if (!isNothing())
        --m_position;
    show(m_history[m_position - 1], nullptr);
}

void Selection::goForward()
{
    if (!canGoForward())
        return;
    ++m_position;
    show(m_history[m_position - 1], nullptr);
}

void Selection::set(const Entry& entry, const QObject* source)
{
    if (entry.nodes == m_nodes && entry.module == m_module && entry.hasModule == m_hasModule &&
        entry.place == m_place)
        return;
    m_history.resize(m_position);
    m_history.push_back(entry);
    if (m_history.size() > longestHistory)
        m_history.erase(m_history.begin());
    m_position = m_history.size();
    show(entry, source);
}

void Selection::show(const Entry& entry, const QObject* source)
{
    // A copy first: the entry may be an element of the history, which a slot of changed() may
    // change.
    const Entry shown = entry;
    m_nodes = shown.nodes;
    m_module = shown.module;
    m_hasModule = shown.hasModule;
    m_place = shown.place;
    m_value = shown.value;
    Q_EMIT changed(source);
}

} // namespace jitscope::views
