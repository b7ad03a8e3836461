#include "core/support/near_names.h"

#include <algorithm>
#include <numeric>

namespace jitscope {

namespace {

constexpr std::size_t longest = 200; // of what is compared: the work grows with the square

std::string folded(std::string_view name)
{
    std::string text(name.substr(0, longest));
    for (char& c : text) {
        if (c == '_' || c == ' ')
            c = '-';
        else if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
}

// Letters to insert, delete or replace.
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t k = 0; k < b.size(); ++k) {
            const std::size_t replaced = diagonal + (a[i] == b[k] ? 0 : 1);
            diagonal = row[k + 1];
            row[k + 1] = std::min({row[k] + 1, row[k + 1] + 1, replaced});
        }
    }
    return row.back();
}

} // namespace

std::vector<std::string> nearNames(std::string_view name, std::span<const std::string> names,
                                   std::size_t most)
{
    struct Candidate
    {
        std::size_t distance;
        std::string name;
    };
    const std::string wanted = folded(name);
    std::vector<Candidate> candidates;
    for (const std::string& known : names) {
        const std::string text = folded(known);
        const std::size_t away = distance(wanted, text);
        constexpr std::size_t leastPart = 3; // shorter ones are in everything
        const bool isPart = wanted.size() >= leastPart &&
                            (text.find(wanted) != std::string::npos ||
                             (text.size() >= leastPart && wanted.find(text) != std::string::npos));
        if (away <= std::max<std::size_t>(1, wanted.size() / 3) || isPart)
            candidates.push_back({isPart ? std::min<std::size_t>(away, 2) : away, known});
    }
    std::stable_sort(
        candidates.begin(), candidates.end(),
        [](const Candidate& a, const Candidate& b) { return a.distance < b.distance; });
    std::vector<std::string> near;
    for (const Candidate& candidate : candidates) {
        if (near.size() < most)
            near.push_back(candidate.name);
    }
    return near;
}

std::string didYouMean(std::string_view name, std::span<const std::string> names)
{
    std::string text;
    for (const std::string& near : nearNames(name, names))
        text += (text.empty() ? "Did you mean " : " or ") + near;
    return text.empty() ? text : text + "? ";
}

} // namespace jitscope
