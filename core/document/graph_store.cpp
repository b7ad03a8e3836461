#include "core/document/graph_store.h"

#include "core/ir/counts.h"
#include "core/support/content_hash.h"

#include <zstd.h>

#include <algorithm>
#include <bit>
#include <memory>

namespace jitscope::document {

namespace {

constexpr int compressionLevel = 1; // graphs compress well at any level, and opening must be quick
constexpr std::int64_t maximumSize = 1LL << 30; // of an encoded graph; beyond it a size is a lie

// The window must reach back over the whole base, else a long graph finds nothing in it.
int windowLog(std::size_t bytes)
{
    constexpr int smallest = 10; // zstd's own limits
    constexpr int largest = 30;
    return std::clamp(static_cast<int>(std::bit_width(bytes)), smallest, largest);
}

Error damaged(std::string_view what)
{
    return {ErrorCode::UnusableFile, "A graph in the document is damaged.", std::string(what),
            "Open the model again to make a new document."};
}

} // namespace

GraphRow packGraph(const ir::Graph& graph, std::span<const std::byte> encoded,
                   std::span<const std::byte> base, std::int64_t baseId)
{
    const ir::Counts counts = ir::count(graph);
    GraphRow row;
    row.hash = contentHash(encoded);
    row.base = base.empty() ? 0 : baseId;
    row.size = static_cast<std::int64_t>(encoded.size());
    row.node_count = static_cast<std::int64_t>(counts.nodes);
    row.block_count = static_cast<std::int64_t>(counts.blocks);
    row.value_count = static_cast<std::int64_t>(counts.values);
    row.use_count = static_cast<std::int64_t>(counts.uses);

    const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(),
                                                                       &ZSTD_freeCCtx);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, compressionLevel);
    if (!base.empty()) {
        ZSTD_CCtx_setParameter(context.get(), ZSTD_c_enableLongDistanceMatching, 1);
        ZSTD_CCtx_setParameter(context.get(), ZSTD_c_windowLog,
                               windowLog(base.size() + encoded.size()));
        ZSTD_CCtx_refPrefix(context.get(), base.data(), base.size());
    }
    row.body.resize(ZSTD_compressBound(encoded.size()));
    const std::size_t size = ZSTD_compress2(context.get(), row.body.data(), row.body.size(),
                                            encoded.data(), encoded.size());
    // Fails only for want of memory; an empty body is noticed by every reader.
    row.body.resize(ZSTD_isError(size) != 0U ? 0 : size);
    return row;
}

Result<std::vector<std::byte>> unpackGraph(const GraphRow& row, std::span<const std::byte> base)
{
    if (row.size < 0 || row.size > maximumSize)
        return tl::unexpected(damaged("impossible size"));
    const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(),
                                                                       &ZSTD_freeDCtx);
    ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, 31);
    if (!base.empty())
        ZSTD_DCtx_refPrefix(context.get(), base.data(), base.size());
    // The frame says how large it gets; a row that says more is not given the memory.
    const unsigned long long declared = ZSTD_getFrameContentSize(row.body.data(), row.body.size());
    if (declared != static_cast<unsigned long long>(row.size))
        return tl::unexpected(damaged("sizes disagree"));
    std::vector<std::byte> bytes(static_cast<std::size_t>(row.size));
    const std::size_t size = ZSTD_decompressDCtx(context.get(), bytes.data(), bytes.size(),
                                                 row.body.data(), row.body.size());
    if (ZSTD_isError(size) != 0U || size != bytes.size() || contentHash(bytes) != row.hash)
        return tl::unexpected(damaged("its content does not match its hash"));
    return bytes;
}

} // namespace jitscope::document
