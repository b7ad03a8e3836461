// What a browser makes of a page, as far as a test needs it.
#pragma once

#include <QByteArray>
#include <QHash>
#include <QRegularExpression>
#include <QSet>
#include <QString>
#include <QStringList>

#include <string>

namespace jitscope::tests {

struct CheckedPage
{
    QString problem; // empty when every element is closed where it should be
    QStringList elements;
    QSet<QString> ids;
    QStringList links; // href
    QString text;      // what is shown, without script and style
    QByteArray script;
    int scripts = 0;
};

inline CheckedPage checkPage(const std::string& html)
{
    static const QSet<QString> empty{QStringLiteral("meta"), QStringLiteral("br"),
                                     QStringLiteral("input"), QStringLiteral("link"),
                                     QStringLiteral("img")};
    // A tag: its attributes have their values in double quotes, which hold no < or >.
    static const QRegularExpression tag(QStringLiteral(
        "\\G<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:\\s+[a-zA-Z:-]+(?:=\"[^\"<>]*\")?)*)\\s*(/?)>"));
    static const QRegularExpression attribute(QStringLiteral("([a-zA-Z:-]+)=\"([^\"]*)\""));
    CheckedPage page;
    const QString all = QString::fromStdString(html);
    qsizetype at = 0;
    QStringList open;
    if (all.startsWith(QStringLiteral("<!DOCTYPE html>")))
        at = all.indexOf(u'>') + 1;
    while (at < all.size() && page.problem.isEmpty()) {
        if (all[at] != u'<') {
            const qsizetype next = all.indexOf(u'<', at);
            page.text += all.mid(at, (next < 0 ? all.size() : next) - at);
            at = next < 0 ? all.size() : next;
            continue;
        }
        const QRegularExpressionMatch match = tag.match(all, at);
        if (!match.hasMatch()) {
            page.problem = QStringLiteral("no tag: ") + all.mid(at, 80);
            break;
        }
        at = match.capturedEnd();
        const QString name = match.captured(2);
        if (!match.captured(1).isEmpty()) {
            if (open.isEmpty() || open.takeLast() != name)
                page.problem = QStringLiteral("closes what is not open: ") + name;
            continue;
        }
        page.elements << name;
        for (auto found = attribute.globalMatch(match.captured(3)); found.hasNext();) {
            const QRegularExpressionMatch one = found.next();
            if (one.captured(1) == QStringLiteral("id")) {
                if (page.ids.contains(one.captured(2)))
                    page.problem = QStringLiteral("the same id twice: ") + one.captured(2);
                page.ids.insert(one.captured(2));
            } else if (one.captured(1) == QStringLiteral("href")) {
                page.links << one.captured(2);
            } else if (one.captured(1).startsWith(QStringLiteral("on")) ||
                       one.captured(1) == QStringLiteral("src")) {
                page.problem = QStringLiteral("has an attribute ") + one.captured(1);
            }
        }
        if (name == QStringLiteral("script") || name == QStringLiteral("style")) {
            const qsizetype end = all.indexOf(QStringLiteral("</%1>").arg(name), at);
            if (name == QStringLiteral("script")) {
                page.script = all.mid(at, end - at).toUtf8();
                ++page.scripts;
            }
            at = end + name.size() + 3;
            continue;
        }
        if (match.captured(4).isEmpty() && !empty.contains(name))
            open << name;
    }
    if (page.problem.isEmpty() && !open.isEmpty())
        page.problem = QStringLiteral("not closed: ") + open.join(u' ');
    page.text.replace(QStringLiteral("&lt;"), QStringLiteral("<"))
        .replace(QStringLiteral("&gt;"), QStringLiteral(">"))
        .replace(QStringLiteral("&quot;"), QStringLiteral("\""))
        .replace(QStringLiteral("&#39;"), QStringLiteral("'"))
        .replace(QStringLiteral("&amp;"), QStringLiteral("&"));
    return page;
}

} // namespace jitscope::tests
