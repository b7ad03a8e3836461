// A graph view on a document, as its user has it before him. Header only.
#pragma once

#include "core/document/writer.h"
#include "views/graph/graph_canvas_p.h"
#include "views/graph/graph_view.h"

#include <QAction>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <string>

namespace jitscope::tests {

// The path of a document of the program.
inline QString makeDocument(const QTemporaryDir& folder, const char* name,
                            const ir::Program& program)
{
    const QString path = folder.filePath(QString::fromLatin1(name));
    auto writer = document::Writer::create(path.toStdString());
    if (!writer || !writer->writeProgram(program))
        qFatal("no document");
    return path;
}

struct GraphWindow
{
    explicit GraphWindow(const QString& path)
    {
        view.resize(1200, 900);
        view.show();
        QSignalSpy first(&view, &views::GraphView::firstFrame);
        document.open(path);
        opened = first.wait(20'000);
        canvas = view.findChild<views::GraphCanvas*>(QStringLiteral("graphCanvas"));
    }

    bool settle()
    {
        return QTest::qWaitFor([this] { return !view.isBusy(); }, 20'000);
    }
    [[nodiscard]] QPoint place(const std::string& id, double fromTop = 12) const
    {
        const std::uint32_t box = canvas->picture()->boxWithId(id);
        if (box == views::noBox)
            return {};
        const QRectF rect = canvas->picture()->boxes[box].rect;
        return canvas->view().toWidget(QPointF(rect.left() + 14, rect.top() + fromTop)).toPoint();
    }
    [[nodiscard]] bool has(const std::string& id) const
    {
        return canvas->picture()->boxWithId(id) != views::noBox;
    }
    [[nodiscard]] std::string current() const
    {
        const std::uint32_t box = canvas->state().current;
        return box == views::noBox ? std::string{} : canvas->picture()->boxes[box].box->id;
    }
    void trigger(const char* name)
    {
        auto* action = view.findChild<QAction*>(QString::fromLatin1(name));
        QVERIFY2(action != nullptr && action->isEnabled(), name);
        action->trigger();
        QVERIFY(settle());
    }

    views::DocumentModel document;
    views::Selection selection;
    views::GraphView view{document, selection};
    views::GraphCanvas* canvas = nullptr;
    bool opened = false;
};

} // namespace jitscope::tests
