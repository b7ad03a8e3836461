#include "profiler/record/input_values_p.h"

#include "core/torchscript/exceptions_p.h"
#include "profiler/record/input_guess_p.h"
#include "profiler/record/npy_file_p.h"

#include <ATen/Context.h>
#include <ATen/Functions.h>
#include <torch/csrc/jit/serialization/pickle.h>

#include <fstream>
#include <iterator>

namespace jitscope::record {

namespace {

constexpr std::array<std::pair<std::string_view, c10::ScalarType>, 12> scalarTypes{{
    {"float32", c10::ScalarType::Float},
    {"float64", c10::ScalarType::Double},
    {"float16", c10::ScalarType::Half},
    {"bfloat16", c10::ScalarType::BFloat16},
    {"int64", c10::ScalarType::Long},
    {"int32", c10::ScalarType::Int},
    {"int16", c10::ScalarType::Short},
    {"int8", c10::ScalarType::Char},
    {"uint8", c10::ScalarType::Byte},
    {"complex64", c10::ScalarType::ComplexFloat},
    {"complex128", c10::ScalarType::ComplexDouble},
    {"bool", c10::ScalarType::Bool},
}};

c10::ScalarType scalarType(std::string_view name)
{
    for (const auto& [known, type] : scalarTypes) {
        if (known == name)
            return type;
    }
    return c10::ScalarType::Float;
}

at::Tensor makeTensor(const TensorSpec& spec)
{
    const c10::ScalarType type = scalarType(spec.dtype);
    const auto options = at::TensorOptions().dtype(type);
    if (spec.range)
        return at::randint(spec.range->first, spec.range->second, spec.shape, at::kLong).to(type);
    switch (spec.fill) {
    case Fill::Zeros:
        return at::zeros(spec.shape, options);
    case Fill::Ones:
        return at::ones(spec.shape, options);
    case Fill::Normal:
        return at::randn(spec.shape, at::kFloat).to(type);
    case Fill::Default:
    case Fill::Uniform:
        break;
    }
    if (c10::isFloatingType(type) || c10::isComplexType(type))
        return at::rand(spec.shape, at::kFloat).to(type);
    return at::randint(0, 2, spec.shape, at::kLong).to(type);
}

Result<c10::IValue> readFile(const std::string& path)
{
    if (path.ends_with(".npy")) {
        auto array = readNpy(path);
        if (!array)
            return tl::unexpected(array.error());
        std::vector<std::int64_t> shape = array->shape;
        if (array->columnMajor)
            std::reverse(shape.begin(), shape.end());
        at::Tensor tensor = at::from_blob(array->bytes.data(), shape,
                                          at::TensorOptions().dtype(scalarType(array->dtype)))
                                .clone();
        return c10::IValue(array->columnMajor ? tensor.t_().contiguous() : tensor);
    }
    std::ifstream stream(path, std::ios::binary);
    if (!stream) {
        return fail(ErrorCode::InvalidArgument, "The input file cannot be read.", path,
                    "Check the path.");
    }
    const std::vector<char> bytes{std::istreambuf_iterator<char>(stream), {}};
    try {
        return torch::jit::pickle_load(bytes);
    } catch (...) {
        return fail(ErrorCode::InvalidArgument,
                    "The input file holds no saved tensor: " +
                        torchscript::summary(torchscript::currentExceptionMessage()),
                    path, "Save the tensor with torch.save, or an array with numpy.save.");
    }
}

c10::TypePtr withoutOptional(c10::TypePtr type)
{
    while (const auto optional = type->cast<c10::OptionalType>())
        type = optional->getElementType();
    return type;
}

struct ValueMaker
{
    c10::TypePtr type;

    Result<c10::IValue> operator()(std::monostate) const { return c10::IValue(); }
    Result<c10::IValue> operator()(bool value) const { return c10::IValue(value); }
    Result<c10::IValue> operator()(std::int64_t value) const
    {
        if (type->kind() == c10::TypeKind::FloatType)
            return c10::IValue(static_cast<double>(value));
        if (type->kind() == c10::TypeKind::TensorType && value >= 0)
            return c10::IValue(makeTensor({"float32", {value}, Fill::Default, {}}));
        return c10::IValue(value);
    }
    Result<c10::IValue> operator()(double value) const { return c10::IValue(value); }
    Result<c10::IValue> operator()(const std::string& value) const
    {
        if (type->kind() == c10::TypeKind::DeviceObjType)
            return c10::IValue(c10::Device(value));
        return c10::IValue(value);
    }
    Result<c10::IValue> operator()(const TensorSpec& spec) const
    {
        return c10::IValue(makeTensor(spec));
    }
    Result<c10::IValue> operator()(const FileSpec& spec) const { return readFile(spec.path); }
    Result<c10::IValue> operator()(const ListSpec& spec) const
    {
        const auto list = type->cast<c10::ListType>();
        const c10::TypePtr element =
            list ? list->getElementType() : c10::TypePtr(c10::TensorType::get());
        c10::impl::GenericList values(element);
        for (const InputSpec& item : spec.items) {
            auto value = toValue(item, element);
            if (!value)
                return value;
            if (!value->type()->isSubtypeOf(*element)) {
                return fail(ErrorCode::InvalidArgument,
                            "The item '" + print(item) + "' of the list is a " +
                                value->type()->repr_str() + ", not a " + element->repr_str() + ".");
            }
            values.push_back(*std::move(value));
        }
        return c10::IValue(std::move(values));
    }
    Result<c10::IValue> operator()(const TupleSpec& spec) const
    {
        const auto tuple = type->cast<c10::TupleType>();
        std::vector<c10::IValue> values;
        for (std::size_t i = 0; i < spec.items.size(); ++i) {
            const bool hasType = tuple && i < tuple->elements().size();
            auto value = toValue(spec.items[i], hasType ? tuple->elements()[i]
                                                        : c10::TypePtr(c10::AnyType::get()));
            if (!value)
                return value;
            values.push_back(*std::move(value));
        }
        return c10::IValue(c10::ivalue::Tuple::create(std::move(values)));
    }
};

// The specification of a default value, where there is one.
std::string specOf(const c10::IValue& value)
{
    if (value.isNone())
        return print({});
    if (value.isBool())
        return print({value.toBool()});
    if (value.isInt())
        return print({value.toInt()});
    if (value.isDouble())
        return print({value.toDouble()});
    if (value.isString())
        return print({value.toStringRef()});
    return "default";
}

} // namespace

Result<c10::IValue> toValue(const InputSpec& spec, const c10::TypePtr& type)
{
    try {
        return std::visit(ValueMaker{withoutOptional(type)}, spec.value);
    } catch (...) {
        return fail(ErrorCode::InvalidArgument,
                    "The input '" + print(spec) + "' cannot be made: " +
                        torchscript::summary(torchscript::currentExceptionMessage()),
                    {}, std::string(inputSpecSyntax()));
    }
}

std::vector<c10::IValue> argumentsOf(const torch::jit::Module& self,
                                     const std::vector<c10::IValue>& inputs,
                                     const c10::FunctionSchema& schema)
{
    std::vector<c10::IValue> stack{self._ivalue()};
    for (const c10::IValue& input : inputs)
        stack.push_back(input.deepcopy());
    schema.checkAndNormalizeInputs(stack, {});
    return stack;
}

std::string describeArguments(const torchscript::StageGraph& stage)
{
    std::string text;
    const auto& arguments = stage.schema->arguments();
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        text += (i == 1 ? "" : ", ") + arguments[i].name() + " (" +
                arguments[i].type()->repr_str() + ")";
    }
    return text.empty() ? "It takes no arguments." : "Its arguments are: " + text + ".";
}

Result<Inputs> prepareInputs(const torchscript::StageGraph& stage,
                             const std::vector<std::string>& specs, std::uint64_t seed)
{
    const auto& arguments = stage.schema->arguments();
    if (specs.size() + 1 > arguments.size()) {
        return fail(ErrorCode::InvalidArgument,
                    std::to_string(specs.size()) + " inputs are given, but " + stage.method +
                        " takes " + std::to_string(arguments.size() - 1) + ".",
                    stage.module, describeArguments(stage));
    }
    at::manual_seed(seed);
    Inputs inputs;
    std::optional<TensorSpec> before;
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        const c10::Argument& argument = arguments[i];
        std::optional<InputSpec> spec;
        if (i - 1 < specs.size()) {
            auto parsed = parseInputSpec(specs[i - 1]);
            if (!parsed) {
                Error error = parsed.error();
                error.where = "argument " + argument.name();
                return tl::unexpected(std::move(error));
            }
            spec = *std::move(parsed);
        } else if (argument.default_value()) {
            inputs.values.push_back(argument.default_value()->deepcopy());
            inputs.specs.push_back(specOf(*argument.default_value()));
            continue;
        } else {
            spec = guessInput(stage, i, argument.type(), before);
            if (!spec) {
                return fail(ErrorCode::InvalidArgument,
                            "The argument " + argument.name() + " is a " +
                                argument.type()->repr_str() +
                                ", for which no value can be guessed.",
                            stage.method,
                            "Give it with --input, as number " + std::to_string(i) + ". " +
                                std::string(inputSpecSyntax()));
            }
            inputs.guessed.push_back(argument.name());
        }
        if (const auto* tensor = std::get_if<TensorSpec>(&spec->value))
            before = *tensor;
        auto value = toValue(*spec, argument.type());
        if (!value) {
            Error error = value.error();
            error.where = "argument " + argument.name() +
                          (error.where.empty() ? std::string() : ": " + error.where);
            return tl::unexpected(std::move(error));
        }
        inputs.values.push_back(*std::move(value));
        inputs.specs.push_back(print(*spec));
    }
    try {
        std::vector<c10::IValue> stack{stage.self._ivalue()};
        stack.insert(stack.end(), inputs.values.begin(), inputs.values.end());
        stage.schema->checkAndNormalizeInputs(stack, {});
    } catch (...) {
        return fail(ErrorCode::InvalidArgument,
                    "The inputs do not fit the method: " +
                        torchscript::summary(torchscript::currentExceptionMessage()),
                    stage.method, describeArguments(stage) + " " + std::string(inputSpecSyntax()));
    }
    return inputs;
}

} // namespace jitscope::record
