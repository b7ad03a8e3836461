// Reads the fields of a message without trusting them: nlohmann's own conversions turn 3.7 into 3,
// true into 1 and 2^40 into 0. Private to core/protocol.
#pragma once

#include "core/protocol/messages.h"

#include <concepts>
#include <limits>

namespace jitscope::protocol {

[[noreturn]] void throwWrongField(std::string_view name, std::string_view expected);

void readValue(const nlohmann::json& json, std::string_view name, std::string& value);
void readValue(const nlohmann::json& json, std::string_view name, bool& value);
void readValue(const nlohmann::json& json, std::string_view name, std::vector<std::string>& value);
void readValue(const nlohmann::json& json, std::string_view name, std::vector<std::int64_t>& value);
void readValue(const nlohmann::json& json, std::string_view name,
               std::map<std::string, std::string>& value);
[[nodiscard]] std::int64_t readInteger(const nlohmann::json& json, std::string_view name,
                                       std::int64_t least, std::int64_t most);

template <std::signed_integral Integer>
void readValue(const nlohmann::json& json, std::string_view name, Integer& value)
{
    value = static_cast<Integer>(readInteger(json, name, std::numeric_limits<Integer>::min(),
                                             std::numeric_limits<Integer>::max()));
}

// The member of that name; throws InvalidMessage when `json` is no object or lacks it.
[[nodiscard]] const nlohmann::json& member(const nlohmann::json& json, const char* name);

template <typename T>
void readRequired(const nlohmann::json& json, const char* name, T& value)
{
    readValue(member(json, name), name, value);
}

// A list of objects, each read by its own from_json().
template <typename T>
void readObjects(const nlohmann::json& in, const char* name, std::vector<T>& values)
{
    const nlohmann::json& list = member(in, name);
    if (!list.is_array())
        throwWrongField(name, "a list of objects");
    values.clear();
    for (const nlohmann::json& element : list)
        values.push_back(element.get<T>());
}

// Leaves the value as it is when the field is not there.
template <typename T>
void readOptional(const nlohmann::json& json, const char* name, T& value)
{
    if (json.is_object() && json.contains(name))
        readValue(json.at(name), name, value);
}

} // namespace jitscope::protocol
