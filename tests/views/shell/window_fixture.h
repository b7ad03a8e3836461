// A window with the made engine, for tests of the window. Header only: every test compiles what it
// needs of it.
#pragma once

#include "tests/views/model/sample_document.h"
#include "views/graph/graph_view.h"
#include "views/shell/main_window.h"

#include <QApplication>
#include <QFile>
#include <QRegularExpression>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace jitscope::views {

class WindowFixture
{
public:
    WindowFixture()
    {
        QCoreApplication::setOrganizationName(QStringLiteral("jitscope-test"));
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_settings.path());
    }

    // A window as after a start; the settings are kept from one to the next.
    void start()
    {
        window.reset();
        window = std::make_unique<MainWindow>(
            [this] {
                return std::make_unique<Workspace>(QStringLiteral(JITSCOPE_FAKE_ENGINE),
                                                   folder.filePath(QStringLiteral("documents")));
            },
            QString());
        window->resize(1400, 900);
        window->show();
        window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(window.get()));
    }

    [[nodiscard]] QString document(const char* name) const
    {
        const QString path = folder.filePath(QString::fromLatin1(name));
        test::writeSampleDocument(path.toStdString());
        return path;
    }

    [[nodiscard]] QString model(const char* name) const
    {
        const QString path = folder.filePath(QString::fromLatin1(name));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(name) <= 0)
            qFatal("%s cannot be written", qPrintable(path));
        return path;
    }

    // And waits until the current tab shows it.
    void open(const QString& path)
    {
        window->openFile(path);
        waitUntilOpen();
    }

    void waitUntilOpen()
    {
        QTRY_VERIFY_WITH_TIMEOUT(window->workspace().document().isOpen() &&
                                     !window->workspace().isBusy() && !window->graphView().isBusy(),
                                 30'000);
    }

    template <typename T>
    [[nodiscard]] T* child(const char* name) const
    {
        T* found = window->findChild<T*>(QString::fromLatin1(name));
        if (found == nullptr)
            qFatal("the window has no %s", name);
        return found;
    }

    QTemporaryDir folder;
    std::unique_ptr<MainWindow> window;

private:
    QTemporaryDir m_settings;
};

} // namespace jitscope::views
