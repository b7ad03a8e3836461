#include "core/picture/font_widths.h"

#include "core/support/utf8.h"

#include <array>
#include <cstdint>

namespace jitscope::picture {

namespace {

// Advance widths of DejaVu Sans 2.37 in 1/2048 em: U+0020 to U+007E, then U+00A0 to U+00FF.
constexpr double unitsPerEm = 2048;
constexpr std::size_t asciiSize = 0x7F - 0x20;
constexpr std::size_t tableSize = asciiSize + 0x100 - 0xA0;
constexpr std::array<std::uint16_t, tableSize> regularWidths = {
    651,  821,  942,  1716, 1303, 1946, 1597, 563,  799,  799,  1024, 1716, 651,  739,  651,  690,
    1303, 1303, 1303, 1303, 1303, 1303, 1303, 1303, 1303, 1303, 690,  690,  1716, 1716, 1716, 1087,
    2048, 1401, 1405, 1430, 1577, 1294, 1178, 1587, 1540, 604,  604,  1343, 1141, 1767, 1532, 1612,
    1235, 1612, 1423, 1300, 1251, 1499, 1401, 2025, 1403, 1251, 1403, 799,  690,  799,  1716, 1024,
    1024, 1255, 1300, 1126, 1300, 1260, 721,  1300, 1298, 569,  569,  1186, 569,  1995, 1298, 1253,
    1300, 1300, 842,  1067, 803,  1298, 1212, 1675, 1212, 1212, 1075, 1303, 690,  1303, 1716, 651,
    821,  1303, 1303, 1303, 1303, 690,  1024, 1024, 2048, 965,  1253, 1716, 739,  2048, 1024, 1024,
    1716, 821,  821,  1024, 1303, 1303, 651,  1024, 821,  965,  1253, 1985, 1985, 1985, 1087, 1401,
    1401, 1401, 1401, 1401, 1401, 1995, 1430, 1294, 1294, 1294, 1294, 604,  604,  604,  604,  1587,
    1532, 1612, 1612, 1612, 1612, 1612, 1716, 1612, 1499, 1499, 1499, 1499, 1251, 1239, 1290, 1255,
    1255, 1255, 1255, 1255, 1255, 2011, 1126, 1260, 1260, 1260, 1260, 569,  569,  569,  569,  1253,
    1298, 1253, 1253, 1253, 1253, 1253, 1716, 1253, 1298, 1298, 1298, 1298, 1212, 1300, 1212};
constexpr std::array<std::uint16_t, tableSize> boldWidths = {
    713,  934,  1067, 1716, 1425, 2052, 1786, 627,  936,  936,  1071, 1716, 778,  850,  778,  748,
    1425, 1425, 1425, 1425, 1425, 1425, 1425, 1425, 1425, 1425, 819,  819,  1716, 1716, 1716, 1188,
    2048, 1585, 1561, 1503, 1700, 1399, 1399, 1681, 1714, 762,  762,  1587, 1305, 2038, 1714, 1741,
    1501, 1741, 1577, 1475, 1397, 1663, 1585, 2259, 1579, 1483, 1485, 936,  748,  936,  1716, 1024,
    1024, 1382, 1466, 1214, 1466, 1389, 891,  1466, 1458, 702,  702,  1362, 702,  2134, 1458, 1407,
    1466, 1466, 1010, 1219, 979,  1458, 1335, 1892, 1321, 1335, 1192, 1458, 748,  1458, 1716, 713,
    934,  1425, 1425, 1303, 1425, 748,  1024, 1024, 2048, 1155, 1323, 1716, 850,  2048, 1024, 1024,
    1716, 897,  897,  1024, 1507, 1303, 778,  1024, 897,  1155, 1323, 2120, 2120, 2120, 1188, 1585,
    1585, 1585, 1585, 1585, 1585, 2222, 1503, 1399, 1399, 1399, 1399, 762,  762,  762,  762,  1716,
    1714, 1741, 1741, 1741, 1741, 1741, 1716, 1741, 1663, 1663, 1663, 1663, 1483, 1511, 1473, 1382,
    1382, 1382, 1382, 1382, 1382, 2146, 1214, 1389, 1389, 1389, 1389, 702,  702,  702,  702,  1407,
    1458, 1407, 1407, 1407, 1407, 1407, 1716, 1407, 1458, 1458, 1458, 1458, 1335, 1466, 1335};

// What the table lacks is taken as wide as the widest letters of its script.
constexpr double otherWidth = 0.85;
constexpr double wideWidth = 1.1; // ideographs, emoji, and signs as wide as they
constexpr char32_t firstWide = 0x1100;
constexpr char32_t replacement = 0xFFFD;
constexpr char32_t ellipsis = 0x2026;
constexpr char32_t firstCombining = 0x300;
constexpr char32_t lastCombining = 0x36F;

double widthOf(char32_t c, FontWeight weight)
{
    const auto& table = weight == FontWeight::Bold ? boldWidths : regularWidths;
    if (c >= 0x20 && c < 0x7F)
        return table.at(c - 0x20) / unitsPerEm;
    if (c >= 0xA0 && c <= 0xFF)
        return table.at(c - 0xA0 + asciiSize) / unitsPerEm;
    if (c >= firstCombining && c <= lastCombining)
        return 0;
    const bool isSign = c >= 0x2000 && c < 0x2E80; // punctuation, arrows, mathematics
    if (c == ellipsis)
        return 1;
    return c >= firstWide && (!isSign || c == replacement) ? wideWidth : otherWidth;
}

} // namespace

double fontWidth(std::string_view text, FontWeight weight)
{
    double width = 0;
    while (!text.empty()) {
        const CodePoint point = firstCodePoint(text);
        width += widthOf(point.value, weight);
        text.remove_prefix(point.length);
    }
    return width;
}

std::string elided(std::string_view text, FontWeight weight, double width)
{
    constexpr double tolerance = 1e-6;
    if (fontWidth(text, weight) <= width + tolerance)
        return std::string(text);
    double used = widthOf(ellipsis, weight);
    std::size_t length = 0;
    while (length < text.size()) {
        const CodePoint point = firstCodePoint(text.substr(length));
        used += widthOf(point.value, weight);
        if (used > width)
            break;
        length += point.length;
    }
    std::string shortened(text.substr(0, length));
    while (shortened.ends_with(' '))
        shortened.pop_back();
    return shortened + "\xE2\x80\xA6";
}

} // namespace jitscope::picture
