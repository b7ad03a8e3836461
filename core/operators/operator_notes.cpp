#include "core/operators/operator_notes.h"

#include "core/operators/notes_text_p.h"
#include "core/support/trimmed.h"

#include <algorithm>

namespace jitscope::operators {

namespace {

constexpr std::string_view separator = " |";

// The rest of the line that begins with the kind; empty if there is none.
std::string_view lineOf(std::string_view kind)
{
    for (std::size_t at = 0; at < notesText.size();) {
        const std::size_t end = std::min(notesText.find('\n', at), notesText.size());
        std::string_view line = notesText.substr(at, end - at);
        if (line.starts_with(kind) && line.substr(kind.size()).starts_with(separator))
            return line.substr(kind.size() + separator.size());
        at = end + 1;
    }
    return {};
}

} // namespace

std::optional<OperatorNote> noteOf(std::string_view kind)
{
    if (kind.empty() || kind.find_first_of("|#\n") != std::string_view::npos)
        return std::nullopt;
    std::string_view line = lineOf(kind);
    const bool isInPlace = line.empty() && kind.ends_with('_') && !kind.ends_with("__");
    if (isInPlace)
        line = lineOf(kind.substr(0, kind.size() - 1));
    const std::size_t end = line.find('|');
    if (end == std::string_view::npos)
        return std::nullopt;
    const std::string_view page = trimmed(line.substr(0, end));
    OperatorNote note;
    note.text = trimmed(line.substr(end + 1));
    if (isInPlace)
        note.text += " The result is written into the first input.";
    if (!page.empty())
        note.url = "https://docs.pytorch.org/docs/stable/generated/" + std::string(page) + ".html";
    return note;
}

} // namespace jitscope::operators
