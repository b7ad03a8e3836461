// Where results go: the standard output that the program was started with. LibTorch prints to
// standard output on its own account; that is sent to standard error, so that results stay clean.
#pragma once

#include "core/support/result.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace jitscope::cli {

class Output
{
public:
    // From here on, what else is printed to standard output goes to standard error.
    Output();
    ~Output();
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;

    void write(std::string_view text);
    void writeJson(const nlohmann::json& json);

    // What kept the results from being written. A reader that has gone, as `head` does, is none: it
    // has what it wants.
    [[nodiscard]] Result<void> written() const;

private:
    int m_file;
    int m_failure = 0; // errno; nothing more is written then
};

// Indented, with a line feed at the end. Text that is no UTF-8 is made so.
[[nodiscard]] std::string jsonText(const nlohmann::json& json);

} // namespace jitscope::cli
