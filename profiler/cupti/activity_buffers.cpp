#include "profiler/cupti/activity_buffers_p.h"

#include <cstdlib>
#include <utility>

namespace jitscope::cupti {

namespace {

constexpr std::size_t bufferSize = std::size_t{4} << 20;
constexpr std::size_t bufferAlignment = 8; // ACTIVITY_RECORD_ALIGNMENT of cupti_activity.h
constexpr std::size_t mostBuffers = 128;   // 512 MB

} // namespace

ActivityBuffers::~ActivityBuffers()
{
    for (std::uint8_t* buffer : m_free)
        std::free(buffer); // NOLINT: from aligned_alloc
    for (const Completed& completed : m_completed)
        std::free(completed.buffer); // NOLINT
}

std::uint8_t* ActivityBuffers::request(std::size_t& size)
{
    const std::lock_guard lock(m_mutex);
    size = bufferSize;
    if (!m_free.empty()) {
        std::uint8_t* buffer = m_free.back();
        m_free.pop_back();
        return buffer;
    }
    auto* buffer = m_allocated < mostBuffers
                       ? static_cast<std::uint8_t*>(std::aligned_alloc(bufferAlignment, bufferSize))
                       : nullptr;
    if (buffer == nullptr)
        size = 0;
    else
        ++m_allocated;
    return buffer;
}

void ActivityBuffers::complete(std::uint8_t* buffer, std::size_t valid)
{
    const std::lock_guard lock(m_mutex);
    m_completed.push_back({buffer, valid});
}

std::vector<ActivityBuffers::Completed> ActivityBuffers::take()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_completed, {});
}

void ActivityBuffers::giveBack(std::uint8_t* buffer)
{
    const std::lock_guard lock(m_mutex);
    m_free.push_back(buffer);
}

} // namespace jitscope::cupti
