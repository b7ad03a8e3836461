#include "views/model/document_model.h"

#include <algorithm>

namespace jitscope::views {

namespace {

template <typename Row, typename Matches>
const Row* firstThat(const std::vector<Row>& rows, Matches matches)
{
    const auto found = std::find_if(rows.begin(), rows.end(), matches);
    return found == rows.end() ? nullptr : &*found;
}

} // namespace

std::string DocumentContent::infoValue(std::string_view name) const
{
    const auto* row =
        firstThat(info, [name](const document::InfoRow& r) { return r.name == name; });
    return row == nullptr ? std::string() : row->value;
}

QString DocumentContent::withoutModel() const
{
    const std::string kind = infoValue("model_kind");
    if (kind == "printed-ir")
        return DocumentModel::tr("These graphs were read from printed IR: there is no model to "
                                 "apply passes to or run.");
    if (kind == "bytecode")
        return DocumentModel::tr("The file holds bytecode for the mobile interpreter and no code: "
                                 "there is nothing to apply passes to or run.");
    return {};
}

const document::ModuleRow* DocumentContent::moduleAt(std::string_view path) const
{
    return firstThat(modules, [path](const document::ModuleRow& row) { return row.path == path; });
}

const document::FunctionRow* DocumentContent::functionOf(std::int64_t module,
                                                         std::string_view method) const
{
    const auto* row = firstThat(methods, [module, method](const document::MethodRow& r) {
        return r.module == module && r.name == method;
    });
    return row == nullptr ? nullptr : function(row->function);
}

const document::FunctionRow* DocumentContent::function(std::int64_t id) const
{
    return firstThat(functions, [id](const document::FunctionRow& row) { return row.id == id; });
}

const document::FunctionRow* DocumentContent::functionNamed(std::string_view qualifiedName) const
{
    return firstThat(functions, [qualifiedName](const document::FunctionRow& row) {
        return row.name == qualifiedName;
    });
}

const document::MissingOperatorRow* DocumentContent::missingOperator(std::string_view name) const
{
    return firstThat(missingOperators,
                     [name](const document::MissingOperatorRow& row) { return row.name == name; });
}

} // namespace jitscope::views
