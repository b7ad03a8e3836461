// Between row types and SQLite statements. Private to core/document.
#pragma once

#include "core/document/rows.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <limits>
#include <string>
#include <type_traits>

namespace jitscope::document {

template <typename Row>
std::string columnList()
{
    std::string list;
    Row row;
    Row::forEachColumn(row, [&list](const char* name, const auto&) {
        list += list.empty() ? "\"" : ", \"";
        list += name;
        list += '"';
    });
    return list;
}

template <typename Row>
std::string insertStatement()
{
    std::string marks;
    Row row;
    Row::forEachColumn(
        row, [&marks](const char*, const auto&) { marks += marks.empty() ? "?" : ", ?"; });
    return "INSERT INTO " + std::string(Row::tableName) + " (" + columnList<Row>() + ") VALUES (" +
           marks + ")";
}

// An id of 0 is bound as NULL, for which SQLite chooses the next one; so is a NaN, which SQLite has
// no other word for.
template <typename Row>
void bindRow(SQLite::Statement& statement, const Row& row)
{
    int index = 1;
    Row::forEachColumn(row, [&statement, &index](std::string_view name, const auto& field) {
        using Field = std::decay_t<decltype(field)>;
        if constexpr (std::is_same_v<Field, std::string>) {
            statement.bindNoCopy(index, field);
        } else if constexpr (std::is_same_v<Field, std::vector<std::byte>>) {
            statement.bindNoCopy(index, field.data(), static_cast<int>(field.size()));
        } else if (name == "id" && field == 0 && Row::tableName != "name") {
            statement.bind(index);
        } else {
            statement.bind(index, field);
        }
        ++index;
    });
}

template <typename Row>
Row readRow(SQLite::Statement& statement)
{
    Row row;
    int index = 0;
    Row::forEachColumn(row, [&statement, &index](const char*, auto& field) {
        using Field = std::decay_t<decltype(field)>;
        const SQLite::Column column = statement.getColumn(index++);
        if constexpr (std::is_same_v<Field, std::string>) {
            field = column.getString();
        } else if constexpr (std::is_same_v<Field, std::vector<std::byte>>) {
            const auto* data = static_cast<const std::byte*>(column.getBlob());
            field.assign(data, data + column.getBytes());
        } else if constexpr (std::is_same_v<Field, double>) {
            field = column.isNull() ? std::numeric_limits<double>::quiet_NaN() : column.getDouble();
        } else {
            field = column.getInt64();
        }
    });
    return row;
}

} // namespace jitscope::document
