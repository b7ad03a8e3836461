#include "core/pipeline/pipeline_json_p.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <iterator>

namespace jitscope::pipeline {

using nlohmann::json;

namespace {

constexpr int deepest = 16; // far more than a list of passes needs; the parser recurses on none

// Walks over a text and counts its lines, which the parser does not tell.
class CountingIterator
{
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    CountingIterator(const char* at, int* line) : m_at(at), m_line(line) {}
    reference operator*() const { return *m_at; }
    CountingIterator& operator++()
    {
        if (*m_at == '\n')
            ++*m_line;
        ++m_at;
        return *this;
    }
    CountingIterator operator++(int)
    {
        CountingIterator before = *this;
        ++*this;
        return before;
    }
    friend bool operator==(const CountingIterator& a, const CountingIterator& b)
    {
        return a.m_at == b.m_at;
    }
    friend bool operator!=(const CountingIterator& a, const CountingIterator& b)
    {
        return a.m_at != b.m_at;
    }

private:
    const char* m_at;
    int* m_line;
};

tl::unexpected<Error> wrong(std::string what, std::string_view file, int line)
{
    return fail(ErrorCode::InvalidArgument, std::move(what), placeOf(file, line),
                R"(Write [{"name": "freeze", "arguments": {"mode": "keep"}}, ...].)");
}

struct Document
{
    json value;
    std::vector<int> lines; // of the elements
};

Result<Document> parse(std::string_view text, std::string_view file)
{
    Document document;
    int line = 1;
    bool isTooDeep = false;
    const auto note = [&](int depth, json::parse_event_t event, json&) {
        const bool begins = event == json::parse_event_t::object_start;
        if (depth == 1 && (begins || event == json::parse_event_t::value))
            document.lines.push_back(line);
        isTooDeep = isTooDeep || depth > deepest;
        return !isTooDeep;
    };
    try {
        document.value = json::parse(CountingIterator(text.data(), &line),
                                     CountingIterator(text.data() + text.size(), &line), note);
    } catch (const json::exception& exception) {
        std::string reason = exception.what();
        if (const std::size_t end = reason.find("] "); end != std::string::npos)
            reason.erase(0, end + 2); // "[json.exception.parse_error.101] "
        return fail(ErrorCode::InvalidArgument, "The file is no JSON: " + reason + ".",
                    placeOf(file, line), "Correct it, or write one pass a line without JSON.");
    }
    if (isTooDeep)
        return wrong("The JSON is nested too deep.", file, 0);
    return document;
}

Result<std::string> argumentText(const json& value)
{
    if (value.is_string())
        return value.get<std::string>();
    if (value.is_boolean() || value.is_number())
        return value.dump();
    return fail(ErrorCode::InvalidArgument, "is no text, number or truth value");
}

Result<Step> stepOf(const json& element, std::string_view file, int line)
{
    if (element.is_string()) {
        Result<Step> step = readStep(element.get<std::string>());
        if (!step)
            step.error().where = placeOf(file, line);
        return step;
    }
    if (!element.is_object())
        return wrong("A list of passes holds objects and texts only.", file, line);
    Step step;
    for (const auto& [name, value] : element.items()) {
        if (name == "name" && value.is_string()) {
            step.pass = value.get<std::string>();
        } else if (name == "name") {
            return wrong("The name of a pass is no text.", file, line);
        } else if (name == "arguments" && value.is_object()) {
            for (const auto& [argument, given] : value.items()) {
                Result<std::string> text = argumentText(given);
                if (!text) {
                    return wrong(fmt::format("The argument '{}' {}.", argument, text.error().what),
                                 file, line);
                }
                step.arguments.emplace(argument, *std::move(text));
            }
        } else if (name == "arguments") {
            return wrong("The arguments of a pass are no object.", file, line);
        } else {
            return wrong(fmt::format("A pass has a name and arguments, no '{}'.", name), file,
                         line);
        }
    }
    if (step.pass.empty())
        return wrong("A pass has no name.", file, line);
    return step;
}

} // namespace

Result<std::vector<Step>> readJson(std::string_view text, std::string_view file)
{
    const Result<Document> document = parse(text, file);
    if (!document)
        return tl::unexpected(document.error());
    if (!document->value.is_array())
        return wrong("The file holds no list of passes.", file, 1);
    std::vector<Step> steps;
    for (std::size_t i = 0; i < document->value.size(); ++i) {
        const int line = i < document->lines.size() ? document->lines[i] : 0;
        Result<Step> step = stepOf(document->value[i], file, line);
        if (!step)
            return tl::unexpected(step.error());
        step->line = line;
        steps.push_back(*std::move(step));
    }
    return steps;
}

std::string write(std::span<const Step> steps)
{
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const Step& step : steps) {
        nlohmann::ordered_json entry;
        entry["name"] = step.pass;
        entry["arguments"] = nlohmann::ordered_json::object();
        for (const auto& [name, value] : step.arguments)
            entry["arguments"][name] = value;
        list.push_back(std::move(entry));
    }
    return list.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

} // namespace jitscope::pipeline
