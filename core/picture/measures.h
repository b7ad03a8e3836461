// The lengths of a drawn graph, in pixels at 100 %.
#pragma once

namespace jitscope::picture::measure {

inline constexpr double corner = 6;
inline constexpr double headerHeight = 26;
inline constexpr double rowHeight = 17;
inline constexpr double rowsPadding = 5; // above and below the rows
inline constexpr double sidePadding = 11;
inline constexpr double textGap = 8;   // between title and subtitle, name and value of a row
inline constexpr double markSize = 16; // the + or - of a box that can be opened
inline constexpr double pillHeight = 24;
inline constexpr double openPadding = 18; // between the border of an open box and what is in it
inline constexpr double smallestWidth = 64;
inline constexpr double largestWidth = 320; // longer texts are elided
inline constexpr double portSpacing = 22;
inline constexpr double portRadius = 2.5;
inline constexpr double arrowLength = 7;
inline constexpr double arrowHalfWidth = 3.2;
inline constexpr double edgeWidth = 1.4;
inline constexpr int titlePixels = 13;
inline constexpr int textPixels = 11;

} // namespace jitscope::picture::measure
