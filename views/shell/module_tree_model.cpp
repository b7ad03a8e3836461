#include "views/shell/module_tree_model.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QLocale>

#include <map>
#include <unordered_map>

namespace jitscope::views {

namespace {

// More elements than any file holds; a damaged document may speak of more.
constexpr qlonglong mostElements = 1'000'000'000'000'000;

qlonglong elementsOf(const document::TensorRow& tensor)
{
    qlonglong elements = 1;
    const QJsonArray sizes =
        QJsonDocument::fromJson(QByteArray::fromStdString(tensor.shape)).array();
    for (const auto& value : sizes) {
        const qlonglong size = value.toInteger();
        if (size < 0 || (size > 0 && elements > mostElements / size))
            return 0;
        elements *= size;
    }
    return elements;
}

} // namespace

void ModuleTreeModel::setContent(const std::shared_ptr<const DocumentContent>& content)
{
    beginResetModel();
    m_entries.clear();
    std::map<std::int64_t, std::size_t> places;
    for (const document::ModuleRow& module : content->modules) {
        // A parent comes before its children; one that does not is damage, and stands below the
        // root.
        const auto parent = places.find(module.parent);
        Entry entry;
        entry.path = QString::fromStdString(module.path);
        entry.className = QString::fromStdString(module.class_name);
        entry.typeName = QString::fromStdString(module.type_name);
        entry.parent = parent == places.end() ? 0 : parent->second;
        const std::size_t place = m_entries.size();
        if (place == 0) {
            entry.name = entry.className;
        } else {
            const QString& above = m_entries[entry.parent].path;
            entry.name = above.isEmpty() ? entry.path : entry.path.mid(above.size() + 1);
            entry.row = static_cast<int>(m_entries[entry.parent].children.size());
            m_entries[entry.parent].children.push_back(place);
        }
        m_entries.push_back(std::move(entry));
        places.emplace(module.id, place);
    }
    countParameters(*content);
    endResetModel();
}

void ModuleTreeModel::countParameters(const DocumentContent& content)
{
    std::unordered_map<QString, std::size_t> byPath;
    for (std::size_t place = 0; place < m_entries.size(); ++place)
        byPath.emplace(m_entries[place].path, place);
    for (const document::TensorRow& tensor : content.tensors) {
        if (tensor.role != "parameter")
            continue;
        const QString name = QString::fromStdString(tensor.name);
        const auto owner =
            byPath.find(name.left(std::max<qsizetype>(0, name.lastIndexOf(QLatin1Char('.')))));
        if (owner != byPath.end())
            m_entries[owner->second].parameters += elementsOf(tensor);
    }
    for (std::size_t place = m_entries.size(); place-- > 1;)
        m_entries[m_entries[place].parent].parameters += m_entries[place].parameters;
}

QModelIndex ModuleTreeModel::indexOf(const QString& path) const
{
    const std::size_t place = placeOf(path);
    return place == m_entries.size() ? QModelIndex() : createIndex(m_entries[place].row, 0, place);
}

std::size_t ModuleTreeModel::placeOf(const QString& path) const
{
    std::size_t place = 0;
    while (place < m_entries.size() && m_entries[place].path != path)
        ++place;
    return place;
}

QModelIndex ModuleTreeModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    const std::size_t place =
        parent.isValid() ? m_entries[parent.internalId()].children[static_cast<std::size_t>(row)]
                         : 0;
    return createIndex(row, column, place);
}

QModelIndex ModuleTreeModel::parent(const QModelIndex& child) const
{
    if (!child.isValid() || child.internalId() == 0)
        return {};
    const std::size_t parent = m_entries[child.internalId()].parent;
    return createIndex(m_entries[parent].row, 0, parent);
}

int ModuleTreeModel::rowCount(const QModelIndex& parent) const
{
    if (parent.column() > 0)
        return 0;
    if (!parent.isValid())
        return m_entries.empty() ? 0 : 1;
    return static_cast<int>(m_entries[parent.internalId()].children.size());
}

int ModuleTreeModel::columnCount(const QModelIndex& /*parent*/) const
{
    return columnCountOf;
}

QVariant ModuleTreeModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const Entry& entry = m_entries[index.internalId()];
    switch (role) {
    case Qt::DisplayRole:
        if (index.column() == Name)
            return entry.name;
        if (index.column() == Class)
            return entry.className;
        return entry.parameters == 0 ? QVariant() : QVariant(QLocale().toString(entry.parameters));
    case Qt::ToolTipRole:
        return entry.path.isEmpty() ? entry.typeName
                                    : entry.path + QLatin1Char('\n') + entry.typeName;
    case Qt::TextAlignmentRole:
        return index.column() == Parameters ? QVariant(int(Qt::AlignRight | Qt::AlignVCenter))
                                            : QVariant();
    case pathRole:
        return entry.path;
    default:
        return {};
    }
}

QVariant ModuleTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Module");
    case Class:
        return tr("Class");
    case Parameters:
        return tr("Parameters");
    default:
        return {};
    }
}

} // namespace jitscope::views
