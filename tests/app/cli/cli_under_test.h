// The real program (jitscope-cli), called as a shell would.
#pragma once

#include <nlohmann/json.hpp>

#include <QString>
#include <QStringList>

#include <string>

namespace jitscope::test {

struct CliResult
{
    int exitCode = -1; // -1: it did not end by itself
    std::string out;
    std::string messages;

    // Of standard output; discarded when that is not one JSON value.
    [[nodiscard]] nlohmann::json json() const;
};

[[nodiscard]] CliResult runCli(const QStringList& arguments);
[[nodiscard]] QString cliPath();
[[nodiscard]] QString samplePath(const QString& name);
// Empty if there is none.
[[nodiscard]] QString pythonWithTorch();

} // namespace jitscope::test
