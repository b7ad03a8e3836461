#include "core/protocol/message_fields_p.h"

#include <fmt/format.h>

namespace jitscope::protocol {

void throwWrongField(std::string_view name, std::string_view expected)
{
    throw InvalidMessage(fmt::format("The field '{}' must be {}.", name, expected));
}

void readValue(const nlohmann::json& json, std::string_view name, std::string& value)
{
    if (!json.is_string())
        throwWrongField(name, "a string");
    value = json.get_ref<const std::string&>();
}

void readValue(const nlohmann::json& json, std::string_view name, bool& value)
{
    if (!json.is_boolean())
        throwWrongField(name, "true or false");
    value = json.get<bool>();
}

void readValue(const nlohmann::json& json, std::string_view name, std::vector<std::string>& value)
{
    if (!json.is_array())
        throwWrongField(name, "a list of strings");
    value.clear();
    for (const nlohmann::json& element : json) {
        if (!element.is_string())
            throwWrongField(name, "a list of strings");
        value.push_back(element.get_ref<const std::string&>());
    }
}

void readValue(const nlohmann::json& json, std::string_view name, std::vector<std::int64_t>& value)
{
    if (!json.is_array())
        throwWrongField(name, "a list of whole numbers");
    value.clear();
    for (const nlohmann::json& element : json) {
        value.push_back(readInteger(element, name, std::numeric_limits<std::int64_t>::min(),
                                    std::numeric_limits<std::int64_t>::max()));
    }
}

void readValue(const nlohmann::json& json, std::string_view name,
               std::map<std::string, std::string>& value)
{
    if (!json.is_object())
        throwWrongField(name, "an object whose values are strings");
    value.clear();
    for (const auto& [key, element] : json.items()) {
        if (!element.is_string())
            throwWrongField(name, "an object whose values are strings");
        value.emplace(key, element.get_ref<const std::string&>());
    }
}

std::int64_t readInteger(const nlohmann::json& json, std::string_view name, std::int64_t least,
                         std::int64_t most)
{
    const bool tooLarge = json.is_number_unsigned() &&
                          json.get<std::uint64_t>() >
                              static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (!json.is_number_integer() || tooLarge)
        throwWrongField(name, "a whole number");
    const auto value = json.get<std::int64_t>();
    if (value < least || value > most)
        throwWrongField(name, fmt::format("a number from {} to {}", least, most));
    return value;
}

const nlohmann::json& member(const nlohmann::json& json, const char* name)
{
    if (!json.is_object())
        throw InvalidMessage("An object was expected.");
    const auto found = json.find(name);
    if (found == json.end())
        throw InvalidMessage(fmt::format("The field '{}' is missing.", name));
    return *found;
}

} // namespace jitscope::protocol
