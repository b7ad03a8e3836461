// Matches what one types in a hurry: "rnag" is in "Run again". The letters must come in order; how
// good a match is depends on where they stand.
#pragma once

#include <QList>
#include <QString>

#include <optional>

namespace jitscope::views {

struct FuzzyMatch
{
    int score = 0;      // larger is better
    QList<int> letters; // the places of the pattern's letters in the text, in order
};

// Letters at the beginning of words and next to one another count more, gaps and long texts less.
// Upper and lower case are the same, and spaces of the pattern match nothing. Nothing if the
// letters are not there; a pattern without letters matches everything with score 0.
[[nodiscard]] std::optional<FuzzyMatch> fuzzyMatch(QStringView pattern, QStringView text);

} // namespace jitscope::views
