#include "views/graph/text_width_p.h"

#include <QString>

namespace jitscope::views {

TextWidth::TextWidth(const QFont& font) : m_metrics(font)
{
    for (std::size_t c = 32; c < m_advances.size(); ++c)
        m_advances[c] = m_metrics.horizontalAdvance(QChar(static_cast<char16_t>(c)));
}

double TextWidth::of(std::string_view text) const
{
    double width = 0;
    for (const char c : text) {
        const auto code = static_cast<unsigned char>(c);
        if (code >= m_advances.size())
            return m_metrics.horizontalAdvance(
                QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())));
        width += m_advances[code];
    }
    return width;
}

} // namespace jitscope::views
