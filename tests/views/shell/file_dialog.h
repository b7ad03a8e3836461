// A user before a file dialog. Header only.
#pragma once

#include <QApplication>
#include <QFileDialog>
#include <QFileInfo>
#include <QLineEdit>
#include <QTimer>

namespace jitscope::tests {

// What is typed into the next file dialog; an empty text closes it.
inline void answerFileDialog(const QString& path)
{
    auto* clock = new QTimer;
    clock->setInterval(50);
    QObject::connect(clock, &QTimer::timeout, clock, [clock, path] {
        auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
        if (dialog == nullptr)
            return;
        clock->stop();
        clock->deleteLater();
        if (path.isEmpty())
            return dialog->reject();
        dialog->setDirectory(QFileInfo(path).absolutePath());
        dialog->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"))->setText(path);
        QMetaObject::invokeMethod(dialog, "accept", Qt::QueuedConnection);
    });
    clock->start();
}

} // namespace jitscope::tests
