#include "views/shell/log_panel.h"

#include <QComboBox>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTime>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace jitscope::views {

namespace {

constexpr int mostLines = 10'000;
constexpr std::array levels{"debug", "info", "warning", "error"};

int levelOf(const QString& name)
{
    for (std::size_t level = 0; level < levels.size(); ++level) {
        if (name == QLatin1String(levels[level]))
            return static_cast<int>(level);
    }
    return 1;
}

} // namespace

LogPanel::LogPanel(QWidget* parent)
    : QWidget(parent), m_level(new QComboBox), m_text(new QPlainTextEdit)
{
    setObjectName(QStringLiteral("logPanel"));
    m_level->setObjectName(QStringLiteral("logLevel"));
    m_level->setAccessibleName(tr("Lowest level shown"));
    m_level->addItems({tr("Everything"), tr("Information"), tr("Warnings"), tr("Errors")});
    m_level->setCurrentIndex(1);
    m_text->setObjectName(QStringLiteral("logText"));
    m_text->setAccessibleName(tr("Log"));
    m_text->setReadOnly(true);
    m_text->setMaximumBlockCount(mostLines);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_text->setPlaceholderText(tr("Nothing has been said yet."));
    auto* copy = new QPushButton(tr("Copy all"));
    auto* clear = new QPushButton(tr("Clear"));
    connect(copy, &QPushButton::clicked, this, [this] {
        m_text->selectAll();
        m_text->copy();
    });
    connect(clear, &QPushButton::clicked, this, [this] {
        m_lines.clear();
        m_text->clear();
    });
    connect(m_level, &QComboBox::currentIndexChanged, this, &LogPanel::refill);

    auto* bar = new QHBoxLayout;
    bar->addWidget(m_level);
    bar->addStretch();
    bar->addWidget(copy);
    bar->addWidget(clear);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 4, 6, 4);
    layout->setSpacing(4);
    layout->addLayout(bar);
    layout->addWidget(m_text);
}

void LogPanel::add(const QString& level, const QString& text)
{
    const int number = levelOf(level);
    const QString stamp = QTime::currentTime().toString(QStringLiteral("HH:mm:ss.zzz"));
    m_lines.push_back(
        {number, QStringLiteral("%1  %2  %3").arg(stamp, level.leftJustified(7), text)});
    if (m_lines.size() > mostLines)
        m_lines.erase(m_lines.begin(), m_lines.begin() + mostLines / 10);
    append(m_lines.back());
}

bool LogPanel::says(const QString& text) const
{
    return std::any_of(m_lines.begin(), m_lines.end(), [&text](const Line& line) {
        return line.text.endsWith(QStringLiteral("  ") + text);
    });
}

void LogPanel::append(const Line& line)
{
    if (line.level >= m_level->currentIndex())
        m_text->appendPlainText(line.text);
}

void LogPanel::refill()
{
    m_text->clear();
    for (const Line& line : m_lines)
        append(line);
}

} // namespace jitscope::views
