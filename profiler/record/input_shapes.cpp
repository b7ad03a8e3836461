#include "profiler/record/input_shapes.h"

#include "core/torchscript/exceptions_p.h"
#include "core/torchscript/session_p.h"
#include "profiler/record/input_values_p.h"

#include <c10/core/ScalarType.h>

namespace jitscope::record {

namespace {

std::string shapeOf(const at::Tensor& tensor)
{
    std::string text;
    if (tensor.scalar_type() != c10::kFloat)
        text = c10::getDtypeNames(tensor.scalar_type()).first + ":";
    for (std::int64_t i = 0; i < tensor.dim(); ++i)
        text += (i == 0 ? "" : "x") + std::to_string(tensor.size(i));
    return text;
}

} // namespace

Result<std::string> guessedShapes(torchscript::Session& session, torchscript::StageHandle handle,
                                  const JobContext& job)
{
    torchscript::Session::Implementation& implementation = session.implementation();
    const torchscript::StageGraph* stage = implementation.stage(handle);
    if (stage == nullptr)
        return fail(ErrorCode::InvalidArgument, "There is no such stage.", std::to_string(handle));
    if (auto filled = implementation.fillWeights(job); !filled)
        return tl::unexpected(filled.error());
    return torchscript::guarded(
        [&]() -> Result<std::string> {
            const Result<Inputs> inputs = prepareInputs(*stage, {}, 0);
            if (!inputs)
                return tl::unexpected(inputs.error());
            std::string shapes;
            for (std::size_t i = 0; i < inputs->values.size(); ++i) {
                const c10::IValue& value = inputs->values[i];
                shapes += i == 0 ? "" : ",";
                if (value.isTensor() && value.toTensor().defined())
                    shapes += shapeOf(value.toTensor());
            }
            return shapes;
        },
        [&] { return torchscript::modelError(stage->method); });
}

} // namespace jitscope::record
