// libjitscope_cupti.so: the only part of Jitscope that is built with CUPTI's headers.
#include "profiler/cupti/activity_buffers_p.h"
#include "profiler/cupti/cupti_library_p.h"
#include "profiler/cupti/module_p.h"

#include <cxxabi.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <map>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace jitscope::cupti {

namespace {

constexpr std::array kinds{
    CUPTI_ACTIVITY_KIND_EXTERNAL_CORRELATION,
    CUPTI_ACTIVITY_KIND_RUNTIME,
    CUPTI_ACTIVITY_KIND_DRIVER,
    CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL,
    CUPTI_ACTIVITY_KIND_MEMCPY,
    CUPTI_ACTIVITY_KIND_MEMCPY2,
    CUPTI_ACTIVITY_KIND_MEMSET,
    CUPTI_ACTIVITY_KIND_SYNCHRONIZATION,
};

// Calls that LibTorch makes all the time and that ask the GPU for nothing: most of what would be
// stored, and nothing that a user looks for.
constexpr std::array ignoredCalls{
    CUPTI_RUNTIME_TRACE_CBID_cudaGetDevice_v3020,
    CUPTI_RUNTIME_TRACE_CBID_cudaSetDevice_v3020,
    CUPTI_RUNTIME_TRACE_CBID_cudaGetDeviceCount_v3020,
    CUPTI_RUNTIME_TRACE_CBID_cudaDeviceGetAttribute_v5000,
    CUPTI_RUNTIME_TRACE_CBID_cudaGetLastError_v3020,
    CUPTI_RUNTIME_TRACE_CBID_cudaPeekAtLastError_v3020,
    CUPTI_RUNTIME_TRACE_CBID_cudaGetErrorName_v6050,
    CUPTI_RUNTIME_TRACE_CBID_cudaGetErrorString_v3020,
    CUPTI_RUNTIME_TRACE_CBID_cudaFuncGetAttributes_v3020,
    CUPTI_RUNTIME_TRACE_CBID_cudaPointerGetAttributes_v4000,
    CUPTI_RUNTIME_TRACE_CBID_cudaStreamIsCapturing_v10000,
    CUPTI_RUNTIME_TRACE_CBID_cudaStreamGetPriority_v5050,
    CUPTI_RUNTIME_TRACE_CBID_cudaThreadExchangeStreamCaptureMode_v10010,
    CUPTI_RUNTIME_TRACE_CBID_cudaOccupancyMaxActiveBlocksPerMultiprocessor_v6050,
    CUPTI_RUNTIME_TRACE_CBID_cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags_v7000,
};

// CUPTI's callbacks get no user pointer; one recording at a time uses them.
std::atomic<ActivityBuffers*>& currentBuffers()
{
    static std::atomic<ActivityBuffers*> current{nullptr};
    return current;
}

void CUPTIAPI requestBuffer(std::uint8_t** buffer, std::size_t* size, std::size_t* mostRecords)
{
    *mostRecords = 0; // as many as fit
    *buffer = nullptr;
    *size = 0;
    if (ActivityBuffers* buffers = currentBuffers().load())
        *buffer = buffers->request(*size);
}

void CUPTIAPI completeBuffer(CUcontext /*context*/, std::uint32_t /*stream*/, std::uint8_t* buffer,
                             std::size_t /*size*/, std::size_t valid)
{
    if (ActivityBuffers* buffers = currentBuffers().load(); buffers != nullptr && buffer != nullptr)
        buffers->complete(buffer, valid);
}

std::uint64_t CUPTIAPI steadyClock()
{
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                          std::chrono::steady_clock::now().time_since_epoch())
                                          .count());
}

std::int64_t time(std::uint64_t nanoseconds)
{
    return static_cast<std::int64_t>(nanoseconds);
}

class CuptiActivity : public GpuActivity
{
public:
    CuptiActivity(CuptiLibrary library) : m_cupti(library) { currentBuffers() = &m_buffers; }
    ~CuptiActivity() override
    {
        stop();
        // What CUPTI still holds it must return before the buffers go.
        m_cupti.flushAll(CUPTI_ACTIVITY_FLAG_FLUSH_FORCED);
        currentBuffers() = nullptr;
    }
    CuptiActivity(const CuptiActivity&) = delete;
    CuptiActivity& operator=(const CuptiActivity&) = delete;

    Result<void> start() override
    {
        m_cupti.setThreadIdType(CUPTI_ACTIVITY_THREAD_ID_TYPE_SYSTEM);
        CUptiResult result = m_cupti.registerTimestampCallback(steadyClock);
        if (result == CUPTI_SUCCESS)
            result = m_cupti.registerCallbacks(requestBuffer, completeBuffer);
        for (const CUpti_ActivityKind kind : kinds) {
            if (result != CUPTI_SUCCESS)
                break;
            result = m_cupti.enable(kind);
            if (result == CUPTI_SUCCESS)
                m_enabled.push_back(kind);
        }
        if (result == CUPTI_SUCCESS) {
            for (const CUpti_CallbackId call : ignoredCalls)
                m_cupti.enableRuntimeApi(call, 0); // one that stays is only stored for nothing
            return {};
        }
        stop();
        return fail(ErrorCode::Unavailable,
                    "GPU activity cannot be recorded: CUPTI says " + m_cupti.describe(result) + ".",
                    {},
                    result == CUPTI_ERROR_INSUFFICIENT_PRIVILEGES
                        ? "The driver allows profiling to administrators only; see NVIDIA's "
                          "NVreg_RestrictProfilingToAdminUsers."
                        : "Check that no other profiler is attached.");
    }

    void stop() override
    {
        for (const CUpti_ActivityKind kind : m_enabled)
            m_cupti.disable(kind);
        m_enabled.clear();
    }

    void enter(std::uint64_t tag) override
    {
        m_cupti.pushExternalCorrelationId(CUPTI_EXTERNAL_CORRELATION_KIND_CUSTOM0, tag);
    }
    void leave() override
    {
        std::uint64_t last = 0;
        m_cupti.popExternalCorrelationId(CUPTI_EXTERNAL_CORRELATION_KIND_CUSTOM0, &last);
    }

    void drain(Activities& activities, bool all) override
    {
        m_cupti.flushAll(all ? CUPTI_ACTIVITY_FLAG_FLUSH_FORCED : CUPTI_ACTIVITY_FLAG_NONE);
        for (const auto& [buffer, valid] : m_buffers.take()) {
            CUpti_Activity* record = nullptr;
            while (m_cupti.getNextRecord(buffer, valid, &record) == CUPTI_SUCCESS)
                add(*record, activities);
            m_buffers.giveBack(buffer);
        }
        std::size_t dropped = 0;
        if (m_cupti.getNumDroppedRecords(nullptr, 0, &dropped) == CUPTI_SUCCESS)
            activities.dropped += dropped;
    }

private:
    template <typename Record>
    static const Record& as(const CUpti_Activity& record)
    {
        return reinterpret_cast<const Record&>(record); // NOLINT: CUPTI's way; `kind` says which
    }

    void add(const CUpti_Activity& record, Activities& out)
    {
        switch (record.kind) {
        case CUPTI_ACTIVITY_KIND_KERNEL:
        case CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL: {
            const auto& r = as<CUpti_ActivityKernel10>(record);
            out.kernels.push_back({time(r.start), time(r.end), r.deviceId, r.contextId, r.streamId,
                                   r.correlationId, demangled(r.name), r.gridX, r.gridY, r.gridZ,
                                   r.blockX, r.blockY, r.blockZ, r.registersPerThread,
                                   r.staticSharedMemory, r.dynamicSharedMemory});
            break;
        }
        case CUPTI_ACTIVITY_KIND_MEMCPY: {
            const auto& r = as<CUpti_ActivityMemcpy6>(record);
            out.copies.push_back({time(r.start), time(r.end), r.deviceId, r.contextId, r.streamId,
                                  r.correlationId, r.bytes, r.copyKind, r.srcKind, r.dstKind});
            break;
        }
        case CUPTI_ACTIVITY_KIND_MEMCPY2: {
            const auto& r = as<CUpti_ActivityMemcpyPtoP4>(record);
            out.copies.push_back({time(r.start), time(r.end), r.deviceId, r.contextId, r.streamId,
                                  r.correlationId, r.bytes, r.copyKind, r.srcKind, r.dstKind});
            break;
        }
        case CUPTI_ACTIVITY_KIND_MEMSET: {
            const auto& r = as<CUpti_ActivityMemset4>(record);
            out.sets.push_back({time(r.start), time(r.end), r.deviceId, r.contextId, r.streamId,
                                r.correlationId, r.value, r.bytes});
            break;
        }
        case CUPTI_ACTIVITY_KIND_SYNCHRONIZATION: {
            const auto& r = as<CUpti_ActivitySynchronization2>(record);
            out.synchronizations.push_back({time(r.start), time(r.end), r.contextId, r.streamId,
                                            r.correlationId, static_cast<std::uint32_t>(r.type)});
            break;
        }
        case CUPTI_ACTIVITY_KIND_RUNTIME:
            addCall(as<CUpti_ActivityAPI>(record), CUPTI_CB_DOMAIN_RUNTIME_API, out);
            break;
        case CUPTI_ACTIVITY_KIND_DRIVER:
            addCall(as<CUpti_ActivityAPI>(record), CUPTI_CB_DOMAIN_DRIVER_API, out);
            break;
        case CUPTI_ACTIVITY_KIND_EXTERNAL_CORRELATION: {
            const auto& r = as<CUpti_ActivityExternalCorrelation>(record);
            if (r.externalKind == CUPTI_EXTERNAL_CORRELATION_KIND_CUSTOM0)
                out.links.push_back({r.correlationId, r.externalId});
            break;
        }
        default:
            break;
        }
    }

    void addCall(const CUpti_ActivityAPI& r, CUpti_CallbackDomain domain, Activities& out)
    {
        const Api& api = apiOf(domain, r.cbid);
        // The runtime's own use of the driver is noise, except where libraries launch by the
        // driver.
        if (domain == CUPTI_CB_DOMAIN_DRIVER_API && !api.launches)
            return;
        out.calls.push_back({time(r.start), time(r.end), r.processId, r.threadId, r.correlationId,
                             r.returnValue, api.name.c_str(), api.launches});
    }

    struct Api
    {
        std::string name;
        bool launches = false;
    };

    const Api& apiOf(CUpti_CallbackDomain domain, CUpti_CallbackId id)
    {
        // The names outlive this object: calls hold pointers to them.
        static std::map<std::pair<int, CUpti_CallbackId>, Api> apis;
        const auto [at, isNew] = apis.try_emplace({static_cast<int>(domain), id});
        if (isNew) {
            const char* name = nullptr;
            m_cupti.getCallbackName(domain, id, &name);
            std::string_view text = name != nullptr ? name : "unknown";
            // "cudaLaunchKernel_v7000": the version of the API that the symbol dates from.
            if (const auto version = text.rfind("_v"); version != std::string_view::npos)
                text = text.substr(0, version);
            at->second.name = std::string(text);
            at->second.launches = text.find("LaunchKernel") != std::string_view::npos ||
                                  text.find("LaunchCooperativeKernel") != std::string_view::npos;
        }
        return at->second;
    }

    const std::string& demangled(const char* name)
    {
        const std::string mangled = name != nullptr ? name : "unknown";
        const auto [at, isNew] = m_names.try_emplace(mangled);
        if (isNew) {
            int status = 0;
            char* text = abi::__cxa_demangle(mangled.c_str(), nullptr, nullptr, &status);
            at->second = status == 0 && text != nullptr ? text : mangled;
            std::free(text); // NOLINT: by __cxa_demangle
        }
        return at->second;
    }

    CuptiLibrary m_cupti;
    ActivityBuffers m_buffers;
    std::vector<CUpti_ActivityKind> m_enabled;
    std::unordered_map<std::string, std::string> m_names;
};

} // namespace

} // namespace jitscope::cupti

extern "C" __attribute__((visibility("default"))) std::uint32_t jitscope_cupti_version()
{
    return jitscope::cupti::moduleVersion;
}

extern "C" __attribute__((visibility("default"))) void
jitscope_cupti_open(std::unique_ptr<jitscope::cupti::GpuActivity>& activity, std::string& reason)
{
    jitscope::cupti::CuptiLibrary library;
    if (library.load(reason))
        activity = std::make_unique<jitscope::cupti::CuptiActivity>(library);
}
