#include "views/palette/fuzzy_match.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace jitscope::views {

namespace {

constexpr int forLetter = 1;
constexpr int forWordStart = 10;
constexpr int forNeighbour = 10; // as much as going on at the start of a further word
constexpr int forTextStart = 4;
constexpr int gapCost = 1; // for each gap, whatever its length
constexpr int impossible = std::numeric_limits<int>::min() / 2;
constexpr qsizetype longest = 400; // of a text; what comes after is not looked at

bool isWordStart(QStringView text, qsizetype at)
{
    if (at == 0)
        return true;
    const QChar before = text[at - 1];
    const QChar here = text[at];
    return (!before.isLetterOrNumber() && here.isLetterOrNumber()) ||
           (before.isLower() && here.isUpper());
}

} // namespace

// The best of all ways to place the letters: best[i][j] is the score of the first i letters with
// the last of them at j.
std::optional<FuzzyMatch> fuzzyMatch(QStringView pattern, QStringView text)
{
    QString letters;
    for (const QChar c : pattern) {
        if (!c.isSpace())
            letters += c.toCaseFolded();
    }
    FuzzyMatch match;
    if (letters.isEmpty())
        return match;
    text = text.left(longest);
    const auto rows = static_cast<std::size_t>(letters.size());
    const auto columns = static_cast<std::size_t>(text.size());
    if (rows > columns)
        return std::nullopt;
    std::vector<std::vector<int>> best(rows, std::vector<int>(columns, impossible));
    std::vector<std::vector<int>> from(rows, std::vector<int>(columns, -1));
    for (std::size_t i = 0; i < rows; ++i) {
        int bestBefore = impossible; // of the letter before, at least two places back
        int placeBefore = -1;
        for (std::size_t j = i; j < columns; ++j) {
            if (i > 0 && j >= 2 && best[i - 1][j - 2] > bestBefore) {
                bestBefore = best[i - 1][j - 2];
                placeBefore = static_cast<int>(j) - 2;
            }
            const auto place = static_cast<qsizetype>(j);
            if (text[place].toCaseFolded() != letters[static_cast<qsizetype>(i)])
                continue;
            int score = forLetter + (isWordStart(text, place) ? forWordStart : 0);
            if (i == 0) {
                best[i][j] = score + (j == 0 ? forTextStart : 0);
                continue;
            }
            const int neighbour =
                best[i - 1][j - 1] == impossible ? impossible : best[i - 1][j - 1] + forNeighbour;
            const int distant = bestBefore == impossible ? impossible : bestBefore - gapCost;
            if (std::max(neighbour, distant) == impossible)
                continue;
            best[i][j] = score + std::max(neighbour, distant);
            from[i][j] = neighbour >= distant ? static_cast<int>(j) - 1 : placeBefore;
        }
    }
    const auto end = std::max_element(best.back().begin(), best.back().end());
    if (*end == impossible)
        return std::nullopt;
    match.score = *end * 8 - static_cast<int>(text.size()) / 8;
    auto at = static_cast<int>(end - best.back().begin());
    for (std::size_t i = rows; i-- > 0;) {
        match.letters.prepend(at);
        at = from[i][static_cast<std::size_t>(at)];
    }
    return match;
}

} // namespace jitscope::views
