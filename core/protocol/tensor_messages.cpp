#include "core/protocol/tensor_messages.h"

#include "core/protocol/message_fields_p.h"
#include "core/support/base64.h"

#include <algorithm>
#include <array>

namespace jitscope::protocol {

using nlohmann::json;
using tensor::ValueKind;

namespace {

struct KindName
{
    ValueKind kind;
    const char* name;
    std::int64_t bytes; // of an element
};

constexpr std::array kindNames = {
    KindName{ValueKind::Real, "real", 8},
    KindName{ValueKind::Signed, "signed", 8},
    KindName{ValueKind::Unsigned, "unsigned", 8},
    KindName{ValueKind::Complex, "complex", 16},
};

const KindName& named(ValueKind kind)
{
    return *std::find_if(kindNames.begin(), kindNames.end(),
                         [kind](const KindName& name) { return name.kind == kind; });
}

} // namespace

void to_json(json& out, const TensorStatisticsParams& value)
{
    out = {{"tensors", value.tensors}};
}

void from_json(const json& in, TensorStatisticsParams& value)
{
    readOptional(in, "tensors", value.tensors);
}

void to_json(json& out, const TensorStatisticsResult& value)
{
    out = {
        {"computed", value.computed}, {"present", value.present}, {"impossible", value.impossible}};
}

void from_json(const json& in, TensorStatisticsResult& value)
{
    readRequired(in, "computed", value.computed);
    readRequired(in, "present", value.present);
    readRequired(in, "impossible", value.impossible);
}

void to_json(json& out, const TensorValuesParams& value)
{
    const tensor::Slice& slice = value.slice;
    out = {{"tensor", value.tensor},
           {"index", slice.index},
           {"rowDimension", slice.rowDimension},
           {"columnDimension", slice.columnDimension},
           {"firstRow", slice.firstRow},
           {"rows", slice.rows},
           {"firstColumn", slice.firstColumn},
           {"columns", slice.columns}};
}

void from_json(const json& in, TensorValuesParams& value)
{
    tensor::Slice& slice = value.slice;
    readRequired(in, "tensor", value.tensor);
    readRequired(in, "index", slice.index);
    readOptional(in, "rowDimension", slice.rowDimension);
    readOptional(in, "columnDimension", slice.columnDimension);
    readOptional(in, "firstRow", slice.firstRow);
    readOptional(in, "rows", slice.rows);
    readOptional(in, "firstColumn", slice.firstColumn);
    readOptional(in, "columns", slice.columns);
}

void to_json(json& out, const TensorValuesResult& value)
{
    out = {{"kind", named(value.values.kind).name},
           {"rows", value.values.rows},
           {"columns", value.values.columns},
           {"elements", toBase64(value.values.elements)}};
}

void from_json(const json& in, TensorValuesResult& value)
{
    std::string kind;
    readRequired(in, "kind", kind);
    const auto* const known =
        std::find_if(kindNames.begin(), kindNames.end(),
                     [&kind](const KindName& name) { return kind == name.name; });
    if (known == kindNames.end())
        throwWrongField("kind", "real, signed, unsigned or complex");
    value.values.kind = known->kind;
    value.values.rows = readInteger(member(in, "rows"), "rows", 0, tensor::mostValues);
    value.values.columns = readInteger(member(in, "columns"), "columns", 0, tensor::mostValues);
    std::string elements;
    readRequired(in, "elements", elements);
    auto bytes = fromBase64(elements);
    const std::int64_t expected = value.values.rows * value.values.columns * known->bytes;
    if (!bytes || static_cast<std::int64_t>(bytes->size()) != expected)
        throwWrongField("elements", "base64 of rows times columns elements");
    value.values.elements = *std::move(bytes);
}

void to_json(json& out, const TensorExportParams& value)
{
    out = {{"tensors", value.tensors}, {"folder", value.folder}};
}

void from_json(const json& in, TensorExportParams& value)
{
    readOptional(in, "tensors", value.tensors);
    readRequired(in, "folder", value.folder);
}

void to_json(json& out, const TensorExportResult::File& value)
{
    out = {{"tensor", value.tensor}, {"name", value.name}};
}

void from_json(const json& in, TensorExportResult::File& value)
{
    readRequired(in, "tensor", value.tensor);
    readRequired(in, "name", value.name);
}

void to_json(json& out, const TensorExportResult& value)
{
    out = {{"files", value.files}, {"problems", value.problems}};
}

void from_json(const json& in, TensorExportResult& value)
{
    readRequired(in, "problems", value.problems);
    readObjects(in, "files", value.files);
}

} // namespace jitscope::protocol
