// Where results go: the standard output that the program was started with. LibTorch prints to
// standard output on its own account; that is sent to standard error, so that results stay clean.
#pragma once

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

private:
    int m_file;
};

// Indented, with a line feed at the end. Text that is no UTF-8 is made so.
[[nodiscard]] std::string jsonText(const nlohmann::json& json);

} // namespace jitscope::cli
