#include "core/torchscript/weights.h"

#include "core/tensor/npy_writer.h"
#include "core/torchscript/exceptions_p.h"
#include "core/torchscript/session_p.h"
#include "core/torchscript/tensor_elements_p.h"

#include <algorithm>

namespace jitscope::torchscript {

namespace {

constexpr std::int64_t blockSize = 1 << 16; // elements that are read at once

Result<TensorElements> elementsOf(Session& session, std::size_t place, std::string_view name)
{
    Session::Implementation& model = session.implementation();
    std::vector<std::string> problems; // told when the document was made
    const std::vector<NamedTensor>& tensors = model.tensors(problems);
    if (place >= tensors.size() || tensors[place].name != name) {
        return fail(ErrorCode::InvalidArgument,
                    "The model has no tensor '" + std::string(name) + "' at this place.", {},
                    "Open the model again to make a new document.");
    }
    return TensorElements::open(tensors[place], model.archive());
}

// Calls use(first, count) for pieces of the whole until one fails or the job is cancelled.
template <typename Use>
Result<void> forEachBlock(std::int64_t elements, const JobContext& job, Use use)
{
    for (std::int64_t first = 0; first < elements; first += blockSize) {
        if (job.isCancelled())
            return cancelled();
        if (const Result<void> used = use(first, std::min(blockSize, elements - first)); !used)
            return used;
    }
    return {};
}

tl::unexpected<Error> wrongSlice(std::string what)
{
    return fail(ErrorCode::InvalidArgument, std::move(what), "slice");
}

Result<void> checkExtent(const char* what, std::int64_t dimension, std::int64_t first,
                         std::int64_t count, at::IntArrayRef sizes)
{
    if (dimension < -1 || dimension >= static_cast<std::int64_t>(sizes.size()))
        return wrongSlice("The tensor has no such dimension.");
    const std::int64_t size = dimension < 0 ? 1 : sizes[static_cast<std::size_t>(dimension)];
    if (first < 0 || count < 0 || first > size || count > size - first)
        return wrongSlice(std::string("The tensor has fewer ") + what + ".");
    return {};
}

Result<void> checkSlice(const tensor::Slice& slice, at::IntArrayRef sizes)
{
    if (slice.index.size() != sizes.size())
        return wrongSlice("The slice has another number of dimensions than the tensor.");
    if (slice.rowDimension >= 0 && slice.rowDimension == slice.columnDimension)
        return wrongSlice("Rows and columns run along the same dimension.");
    if (auto rows = checkExtent("rows", slice.rowDimension, slice.firstRow, slice.rows, sizes);
        !rows)
        return rows;
    if (auto columns =
            checkExtent("columns", slice.columnDimension, slice.firstColumn, slice.columns, sizes);
        !columns)
        return columns;
    for (std::size_t d = 0; d < sizes.size(); ++d) {
        const auto dimension = static_cast<std::int64_t>(d);
        if (dimension != slice.rowDimension && dimension != slice.columnDimension &&
            (slice.index[d] < 0 || slice.index[d] >= sizes[d]))
            return wrongSlice("An index lies outside of the tensor.");
    }
    if (slice.rows > 0 && slice.columns > tensor::mostValues / slice.rows)
        return wrongSlice("The slice has more than " + std::to_string(tensor::mostValues) +
                          " elements.");
    return {};
}

// The elements of a slice by their places in the order in which the last index runs fastest.
std::vector<std::int64_t> placesOf(const tensor::Slice& slice, at::IntArrayRef sizes)
{
    std::int64_t start = 0;
    std::int64_t rowStep = 0;
    std::int64_t columnStep = 0;
    std::int64_t step = 1;
    for (std::size_t d = sizes.size(); d-- > 0; step *= sizes[d]) {
        const auto dimension = static_cast<std::int64_t>(d);
        if (dimension == slice.rowDimension)
            rowStep = step;
        else if (dimension == slice.columnDimension)
            columnStep = step;
        else
            start += slice.index[d] * step;
    }
    std::vector<std::int64_t> places;
    places.reserve(static_cast<std::size_t>(slice.rows * slice.columns));
    for (std::int64_t row = 0; row < slice.rows; ++row) {
        for (std::int64_t column = 0; column < slice.columns; ++column) {
            places.push_back(start + (slice.firstRow + row) * rowStep +
                             (slice.firstColumn + column) * columnStep);
        }
    }
    return places;
}

} // namespace

Result<Weights::Measured> Weights::statistics(std::size_t place, std::string_view name,
                                              const JobContext& job)
{
    return guarded(
        [&]() -> Result<Measured> {
            Result<TensorElements> elements = elementsOf(m_session, place, name);
            if (!elements)
                return tl::unexpected(elements.error());
            if (const auto prepared = elements->prepare(); !prepared)
                return tl::unexpected(prepared.error());
            const std::int64_t count = elements->count();
            const auto sizes = elements->sizes();
            tensor::StatisticsBuilder builder(count, sizes.size() >= 2 ? sizes[0] : 0);
            std::vector<double> block;
            const auto pass = [&](auto add) {
                return forEachBlock(count, job, [&](std::int64_t first, std::int64_t n) {
                    block.resize(static_cast<std::size_t>(n));
                    const Result<void> read = elements->measureElements(first, block);
                    if (read)
                        add(block);
                    return read;
                });
            };
            const Result<void> first = pass([&](auto& part) { builder.addToFirstPass(part); });
            if (!first)
                return tl::unexpected(first.error());
            const Result<void> second = pass([&](auto& part) { builder.addToSecondPass(part); });
            if (!second)
                return tl::unexpected(second.error());
            return Measured{builder.finish(), elements->measure()};
        },
        [&] { return modelError(std::string(name)); });
}

Result<tensor::Values> Weights::values(std::size_t place, std::string_view name,
                                       const tensor::Slice& slice)
{
    return guarded(
        [&]() -> Result<tensor::Values> {
            Result<TensorElements> elements = elementsOf(m_session, place, name);
            if (!elements)
                return tl::unexpected(elements.error());
            if (const auto checked = checkSlice(slice, elements->sizes()); !checked)
                return tl::unexpected(checked.error());
            tensor::Values values;
            values.kind = elements->kind();
            values.rows = slice.rows;
            values.columns = slice.columns;
            const std::vector<std::int64_t> places = placesOf(slice, elements->sizes());
            if (const auto read = elements->valuesAt(places, values.elements); !read)
                return tl::unexpected(read.error());
            return values;
        },
        [&] { return modelError(std::string(name)); });
}

Result<void> Weights::exportNpy(std::size_t place, std::string_view name,
                                const std::filesystem::path& file, const JobContext& job)
{
    return guarded(
        [&]() -> Result<void> {
            Result<TensorElements> elements = elementsOf(m_session, place, name);
            if (!elements)
                return tl::unexpected(elements.error());
            if (const auto prepared = elements->prepare(); !prepared)
                return prepared;
            const auto sizes = elements->sizes();
            Result<tensor::NpyWriter> writer = tensor::NpyWriter::create(
                file, elements->numpyType(), {sizes.data(), sizes.size()});
            if (!writer)
                return tl::unexpected(writer.error());
            std::vector<std::byte> block;
            const Result<void> written =
                forEachBlock(elements->count(), job, [&](std::int64_t first, std::int64_t n) {
                    const Result<void> read = elements->exportElements(first, n, block);
                    return read ? writer->append(block) : read;
                });
            return written ? writer->finish() : written;
        },
        [&] { return modelError(std::string(name)); });
}

} // namespace jitscope::torchscript
