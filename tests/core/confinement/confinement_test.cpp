// Each case confines a child of its own, since there is no way back.

#include "core/confinement/confinement.h"

#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <thread>

using namespace jitscope;

namespace {

constexpr int notConfined = 99;

// The exit code of a confined child that does the work.
int inConfinedChild(const confinement::Rights& rights, const std::function<int()>& work)
{
    const pid_t child = fork();
    if (child == 0) {
        const Result<confinement::Confinement> confined = confinement::confine(rights);
        _exit(confined ? work() : notConfined);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int tryToWrite(const std::string& path)
{
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0)
        return errno;
    return write(file, "x", 1) == 1 ? 0 : errno;
}

} // namespace

class ConfinementTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void writesOnlyInItsFolder();
    void readsEverywhere();
    void threadsStartedLaterAreConfined();
    void driverOfAGpuNamesItsThreads();
    void hasNoNetwork();
    void startsNoPrograms();
    void memoryIsLimited();
    void folderThatIsNotThereIsAnError();

private:
    [[nodiscard]] confinement::Rights rights() const
    {
        return {{m_inside.path().toStdString()}, false, 0};
    }
    QTemporaryDir m_inside;
    QTemporaryDir m_outside;
    bool m_landlock = false;
};

void ConfinementTest::initTestCase()
{
    // Exit code 1 when something is missing, so that the tests of files know what this kernel can
    // do.
    const pid_t child = fork();
    if (child == 0) {
        const auto confined = confinement::confine(rights());
        _exit(confined ? (confined->missing.empty() ? 0 : 1) : notConfined);
    }
    int status = 0;
    waitpid(child, &status, 0);
    QVERIFY(WIFEXITED(status));
    QVERIFY(WEXITSTATUS(status) != notConfined);
    m_landlock = WEXITSTATUS(status) == 0;
}

void ConfinementTest::writesOnlyInItsFolder()
{
    if (!m_landlock)
        QSKIP("This kernel has no complete Landlock.");
    const std::string inside = m_inside.filePath(QStringLiteral("file")).toStdString();
    const std::string outside = m_outside.filePath(QStringLiteral("file")).toStdString();
    QCOMPARE(inConfinedChild(rights(), [&] { return tryToWrite(inside); }), 0);
    QCOMPARE(inConfinedChild(rights(), [&] { return tryToWrite(outside); }), EACCES);
    QVERIFY(!QFile::exists(QString::fromStdString(outside)));
    QVERIFY(inConfinedChild(rights(), [&] {
                return rename(inside.c_str(), outside.c_str()) == 0 ? 0 : errno;
            }) != 0);
    QCOMPARE(
        inConfinedChild(rights(), [&] { return truncate("/etc/hostname", 0) == 0 ? 0 : errno; }),
        EACCES);
    QCOMPARE(inConfinedChild(rights(), [&] { return tryToWrite("/dev/null"); }), 0);
}

void ConfinementTest::readsEverywhere()
{
    QCOMPARE(
        inConfinedChild(rights(), [] { return open("/etc/passwd", O_RDONLY) >= 0 ? 0 : errno; }),
        0);
    QCOMPARE(
        inConfinedChild(rights(), [] { return open("/dev/urandom", O_RDONLY) >= 0 ? 0 : errno; }),
        0);
}

void ConfinementTest::threadsStartedLaterAreConfined()
{
    if (!m_landlock)
        QSKIP("This kernel has no complete Landlock.");
    const std::string outside = m_outside.filePath(QStringLiteral("thread")).toStdString();
    const int code = inConfinedChild(rights(), [&] {
        int result = 0;
        std::thread([&] { result = tryToWrite(outside); }).join();
        return result;
    });
    QCOMPARE(code, EACCES);
}

void ConfinementTest::driverOfAGpuNamesItsThreads()
{
    if (!m_landlock)
        QSKIP("This kernel has no complete Landlock.");
    const auto nameThread = [] {
        int result = 0;
        std::thread([&] {
            result = tryToWrite("/proc/self/task/" + std::to_string(gettid()) + "/comm");
        }).join();
        return result;
    };
    QCOMPARE(inConfinedChild(rights(), nameThread), EACCES);
    confinement::Rights withGpu = rights();
    withGpu.gpu = true;
    QCOMPARE(inConfinedChild(withGpu, nameThread), 0);
    QCOMPARE(inConfinedChild(withGpu, [] { return tryToWrite("/proc/self/coredump_filter"); }),
             EACCES);
    QCOMPARE(inConfinedChild(withGpu,
                             [] {
                                 const std::string ofParent =
                                     "/proc/" + std::to_string(getppid()) + "/comm";
                                 return tryToWrite(ofParent);
                             }),
             EACCES);
}

void ConfinementTest::hasNoNetwork()
{
    const auto openSocket = [](int domain) {
        return [domain] { return socket(domain, SOCK_STREAM, 0) >= 0 ? 0 : errno; };
    };
    QCOMPARE(inConfinedChild(rights(), openSocket(AF_INET)), EPERM);
    QCOMPARE(inConfinedChild(rights(), openSocket(AF_UNIX)), EPERM);
    confinement::Rights withGpu = rights();
    withGpu.gpu = true;
    QCOMPARE(inConfinedChild(withGpu, openSocket(AF_INET)), EPERM);
    QCOMPARE(inConfinedChild(withGpu, openSocket(AF_UNIX)), 0);
}

void ConfinementTest::startsNoPrograms()
{
    QCOMPARE(inConfinedChild(rights(),
                             [] {
                                 execl("/bin/true", "true", nullptr);
                                 return errno;
                             }),
             EPERM);
}

void ConfinementTest::memoryIsLimited()
{
    confinement::Rights limited = rights();
    limited.memoryLimit = 64U << 20;
    const int code = inConfinedChild(limited, [] {
        constexpr std::size_t tooMuch = 512U << 20;
        void* memory = malloc(tooMuch);
        return memory == nullptr ? ENOMEM : 0;
    });
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    Q_UNUSED(code); // the sanitizers' allocators end the process instead
#else
    QCOMPARE(code, ENOMEM);
#endif
}

void ConfinementTest::folderThatIsNotThereIsAnError()
{
    if (!m_landlock)
        QSKIP("This kernel has no complete Landlock.");
    confinement::Rights wrong = rights();
    wrong.writable.emplace_back("/no/such/folder");
    QCOMPARE(inConfinedChild(wrong, [] { return 0; }), notConfined);
}

QTEST_GUILESS_MAIN(ConfinementTest)
#include "confinement_test.moc"
