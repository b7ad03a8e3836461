// The row types of the document's tables, made from tables.h.
#pragma once

#include "core/document/tables.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace jitscope::document {

#define JITSCOPE_FIELD(type, name, declaration, meaning) type name{};
#define JITSCOPE_VISIT(type, name, declaration, meaning) visit(#name, row.name);
#define JITSCOPE_ROW(Row, table, COLUMNS, constraints, meaning)                                    \
    struct Row                                                                                     \
    {                                                                                              \
        COLUMNS(JITSCOPE_FIELD)                                                                    \
        static constexpr std::string_view tableName = #table;                                      \
        /* Calls visit(column name, field) for every column, in order. */                          \
        template <typename Self, typename Visit>                                                   \
        static void forEachColumn(Self& row, Visit visit)                                          \
        {                                                                                          \
            COLUMNS(JITSCOPE_VISIT)                                                                \
        }                                                                                          \
    };
JITSCOPE_TABLES(JITSCOPE_ROW)
#undef JITSCOPE_ROW
#undef JITSCOPE_VISIT
#undef JITSCOPE_FIELD

} // namespace jitscope::document
