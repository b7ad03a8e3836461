// Writes frames to a file descriptor, whole and one after the other. Any thread may call it.
#pragma once

#include <mutex>
#include <string_view>

namespace jitscope::cli {

class FrameOutput
{
public:
    explicit FrameOutput(int descriptor) : m_descriptor(descriptor) {}

    // Ends the process when nobody reads any more.
    void write(std::string_view body);

private:
    int m_descriptor;
    std::mutex m_mutex;
};

} // namespace jitscope::cli
