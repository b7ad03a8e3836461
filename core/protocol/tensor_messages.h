// The requests about the elements of tensors (docs/protocol.md). A tensor is named by its row of
// the table `tensor`.
#pragma once

#include "core/protocol/messages.h"
#include "core/tensor/values.h"

#include <cstdint>
#include <string>
#include <vector>

namespace jitscope::protocol {

inline constexpr const char* methodTensorStatistics = "tensor/statistics";
inline constexpr const char* methodTensorValues = "tensor/values";
inline constexpr const char* methodTensorExport = "tensor/export";

struct TensorStatisticsParams
{
    std::vector<std::int64_t> tensors; // empty for all
};

// The statistics themselves are in the document.
struct TensorStatisticsResult
{
    std::int64_t computed = 0;   // now, of those that were asked for
    std::int64_t present = 0;    // were there already
    std::int64_t impossible = 0; // the document says why
};

struct TensorValuesParams
{
    std::int64_t tensor = 0;
    tensor::Slice slice; // its members are members of the message
};

struct TensorValuesResult
{
    tensor::Values values; // `elements` in base64
};

struct TensorExportParams
{
    std::vector<std::int64_t> tensors; // empty for all
    std::string folder;                // inside of the document's; made if it is not there
};

struct TensorExportResult
{
    struct File
    {
        std::int64_t tensor = 0;
        std::string name; // in the folder
    };
    std::vector<File> files;
    std::vector<std::string> problems; // tensors that could not be written, a sentence each
};

void to_json(nlohmann::json& json, const TensorStatisticsParams& value);
void from_json(const nlohmann::json& json, TensorStatisticsParams& value);
void to_json(nlohmann::json& json, const TensorStatisticsResult& value);
void from_json(const nlohmann::json& json, TensorStatisticsResult& value);
void to_json(nlohmann::json& json, const TensorValuesParams& value);
void from_json(const nlohmann::json& json, TensorValuesParams& value);
void to_json(nlohmann::json& json, const TensorValuesResult& value);
void from_json(const nlohmann::json& json, TensorValuesResult& value);
void to_json(nlohmann::json& json, const TensorExportParams& value);
void from_json(const nlohmann::json& json, TensorExportParams& value);
void to_json(nlohmann::json& json, const TensorExportResult::File& value);
void from_json(const nlohmann::json& json, TensorExportResult::File& value);
void to_json(nlohmann::json& json, const TensorExportResult& value);
void from_json(const nlohmann::json& json, TensorExportResult& value);

} // namespace jitscope::protocol
