// The thread that carries what was recorded to the sink while the run goes on. Free of LibTorch.
#pragma once

#include "profiler/record/clock_p.h"
#include "profiler/record/recorder.h"
#include "profiler/record/slice_buffer_p.h"

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace jitscope::record {

class Writer
{
public:
    // `onError` is called once, on the writer's thread, when the sink refuses something; what comes
    // after it is thrown away.
    Writer(SliceBuffers& buffers, RecordSink& sink, std::function<void()> onError);
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    // Any thread. Reaches the sink before any slice that is recorded after this call.
    void addPlan(std::uint32_t index, Plan plan);

    // Carries over the rest and ends the thread. The sink's error, if it had one.
    [[nodiscard]] Result<void> finish();

    // Slices given to the sink; after finish().
    [[nodiscard]] std::uint64_t recorded() const { return m_recorded; }

private:
    void work();
    void carry();
    void flush();
    void put(const Result<void>& result);

    SliceBuffers& m_buffers;
    RecordSink& m_sink;
    std::function<void()> m_onError;
    ClockMap m_clock;
    std::map<std::uint32_t, document::NodeChunkBuilder> m_chunks; // by thread
    std::int64_t m_lastFlush = 0;
    std::uint64_t m_recorded = 0;
    std::optional<Error> m_error;

    std::mutex m_mutex;
    std::condition_variable m_wake;
    bool m_finishing = false;
    std::vector<std::pair<std::uint32_t, Plan>> m_plans;
    std::thread m_thread; // last: it uses the rest
};

} // namespace jitscope::record
