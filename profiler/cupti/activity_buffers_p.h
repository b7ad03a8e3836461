// The buffers that CUPTI fills. It asks for them and returns them on threads of its own, through
// callbacks without a user pointer.
#pragma once

#include "profiler/cupti/cupti_library_p.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

namespace jitscope::cupti {

class ActivityBuffers
{
public:
    ActivityBuffers() = default;
    ~ActivityBuffers();
    ActivityBuffers(const ActivityBuffers&) = delete;
    ActivityBuffers& operator=(const ActivityBuffers&) = delete;

    // Null when too many are in use already; CUPTI then drops records, and counts them.
    [[nodiscard]] std::uint8_t* request(std::size_t& size);
    void complete(std::uint8_t* buffer, std::size_t valid);

    struct Completed
    {
        std::uint8_t* buffer = nullptr;
        std::size_t valid = 0;
    };
    [[nodiscard]] std::vector<Completed> take();
    void giveBack(std::uint8_t* buffer);

private:
    std::mutex m_mutex;
    std::vector<std::uint8_t*> m_free;
    std::vector<Completed> m_completed;
    std::size_t m_allocated = 0;
};

} // namespace jitscope::cupti
