#include "core/torchscript/tensor_table_p.h"

#include "core/support/utf8.h"

#include "core/torchscript/exceptions_p.h"
#include "core/torchscript/program_builder_p.h"

#include <ATen/ATen.h>
#include <c10/core/ScalarType.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <iomanip>
#include <limits>
#include <sstream>
#include <unordered_map>

namespace jitscope::torchscript {

namespace {

constexpr std::string_view packedClasses = "__torch__.torch.classes.quantized.";

class TensorList
{
public:
    TensorList(const Archive& archive, std::vector<std::string>& problems)
        : m_archive(archive), m_problems(problems)
    {}

    // The tensors in a value that is a tensor, a container of tensors, or an object that packs
    // some.
    void addAll(const std::string& name, ir::TensorRole role, const c10::IValue& value)
    {
        if (value.isTensor()) {
            add(name, role, value.toTensor());
        } else if (value.isTensorList()) {
            const auto list = value.toTensorVector();
            for (std::size_t i = 0; i < list.size(); ++i)
                add(name + "." + std::to_string(i), role, list[i]);
        } else if (value.isTuple()) {
            const auto& elements = value.toTupleRef().elements();
            for (std::size_t i = 0; i < elements.size(); ++i)
                addAll(name + "." + std::to_string(i), role, elements[i]);
        } else if (value.isGenericDict()) {
            for (const auto& entry : value.toGenericDict()) {
                if (entry.key().isString())
                    addAll(name + "." + entry.key().toStringRef(), role, entry.value());
            }
        } else if (value.isObject()) {
            addPacked(name, role, value);
        }
    }

    void addConstant(const std::string& name, const StoredConstant& constant)
    {
        if (constant.tensor.defined()) {
            m_tensors.push_back(
                {name, ir::TensorRole::Constant, constant.tensor, {}, constant.place});
        }
    }

    [[nodiscard]] std::vector<NamedTensor> take() { return std::move(m_tensors); }

private:
    void add(const std::string& name, ir::TensorRole role, const at::Tensor& tensor)
    {
        if (!tensor.defined())
            return;
        std::optional<FilePlace> place;
        if (tensor.layout() == c10::kStrided && tensor.has_storage())
            place = m_archive.placeOf(tensor.storage().unsafeGetStorageImpl());
        m_tensors.push_back({toUtf8(name), role, tensor, {}, std::move(place)});
    }

    // Quantized layers keep weight and bias in an object of a class of LibTorch's own, in an order
    // that suits its kernels.
    void addPacked(const std::string& name, ir::TensorRole role, const c10::IValue& object)
    {
        const auto type = object.type()->cast<c10::ClassType>();
        if (!type || !type->name() || !type->name()->qualifiedName().starts_with(packedClasses))
            return;
        torch::jit::Function* unpack = type->findMethod("unpack");
        if (unpack == nullptr)
            return;
        try {
            const auto parts = [unpack, object]() -> std::vector<at::Tensor> {
                torch::jit::Stack stack{object};
                unpack->run(stack);
                std::vector<at::Tensor> tensors;
                for (const c10::IValue& value : stack) {
                    if (value.isTensor())
                        tensors.push_back(value.toTensor());
                    if (!value.isTuple())
                        continue;
                    for (const c10::IValue& element : value.toTupleRef().elements())
                        tensors.push_back(element.isTensor() ? element.toTensor() : at::Tensor());
                }
                return tensors;
            };
            const std::vector<at::Tensor> tensors = parts();
            constexpr std::array<std::string_view, 2> names = {"weight", "bias"};
            for (std::size_t i = 0; i < std::min(tensors.size(), names.size()); ++i) {
                if (tensors[i].defined()) {
                    m_tensors.push_back({toUtf8(name + "." + std::string(names.at(i))), role,
                                         tensors[i], [parts, i] { return parts().at(i); },
                                         std::nullopt});
                }
            }
        } catch (...) {
            m_problems.push_back("The packed weights of " + toUtf8(name) +
                                 " cannot be read: " + summary(currentExceptionMessage()));
        }
    }

    const Archive& m_archive;
    std::vector<std::string>& m_problems;
    std::vector<NamedTensor> m_tensors;
};

// "strided", "sparse_csr".
std::string layoutName(c10::Layout layout)
{
    std::ostringstream stream;
    stream << layout;
    std::string name;
    for (const char c : stream.str()) {
        if (std::isupper(static_cast<unsigned char>(c)) != 0 && !name.empty())
            name += '_';
        name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return name == "sparse" ? "sparse_coo" : name;
}

template <typename T>
void writeList(std::ostream& json, const at::Tensor& tensor)
{
    const at::Tensor plain = tensor.contiguous();
    const T* elements = plain.const_data_ptr<T>();
    json << '[';
    for (std::int64_t i = 0; i < plain.numel(); ++i)
        json << (i == 0 ? "" : ", ") << elements[i];
    json << ']';
}

// A JSON object, as the table `tensor` has it. Models with quantized tensors are read whole
// (Archive::canBeLazy), so their scales can be read here.
std::string quantizationOf(const at::Tensor& tensor)
{
    std::ostringstream json;
    json << std::setprecision(std::numeric_limits<double>::max_digits10) << "{\"scheme\": \""
         << c10::toString(tensor.qscheme()) << '"';
    if (tensor.qscheme() == c10::kPerTensorAffine) {
        json << ", \"scale\": " << tensor.q_scale()
             << ", \"zero_point\": " << tensor.q_zero_point();
    } else {
        json << ", \"axis\": " << tensor.q_per_channel_axis() << ", \"scales\": ";
        writeList<double>(json, tensor.q_per_channel_scales().to(c10::kDouble));
        json << ", \"zero_points\": ";
        const at::Tensor zeroPoints = tensor.q_per_channel_zero_points();
        if (zeroPoints.is_floating_point())
            writeList<double>(json, zeroPoints.to(c10::kDouble));
        else
            writeList<std::int64_t>(json, zeroPoints.to(c10::kLong));
    }
    json << '}';
    return json.str();
}

class StorageNames
{
public:
    explicit StorageNames(const Archive& archive) : m_archive(archive) {}

    const std::string& of(const NamedTensor& named)
    {
        const c10::StorageImpl* storage = named.tensor.storage().unsafeGetStorageImpl();
        const auto [entry, isNew] = m_names.try_emplace(storage);
        if (isNew) {
            entry->second = named.place ? named.place->record : m_archive.recordOf(storage);
            if (entry->second.empty())
                entry->second = "storage-" + std::to_string(m_names.size());
        }
        return entry->second;
    }

private:
    const Archive& m_archive;
    std::unordered_map<const c10::StorageImpl*, std::string> m_names;
};

void describe(const NamedTensor& from, StorageNames& storages, ir::Tensor& to)
{
    const at::Tensor& tensor = from.tensor;
    to.dtype = c10::getDtypeNames(tensor.scalar_type()).first;
    to.device = tensor.device().str();
    to.layout = layoutName(tensor.layout());
    to.shape = tensor.sizes().vec();
    to.requiresGrad = tensor.requires_grad();
    to.bytes = static_cast<std::uint64_t>(tensor.numel()) * tensor.element_size();
    if (tensor.layout() == c10::kStrided)
        to.strides = tensor.strides().vec();
    if (tensor.has_storage()) {
        to.storage = storages.of(from);
        to.storageBytes = tensor.storage().nbytes();
        to.storageOffset = tensor.storage_offset();
    }
    if (tensor.is_quantized())
        to.quantization = quantizationOf(tensor);
}

} // namespace

std::vector<NamedTensor> tensorsOf(const std::vector<ModuleInstance>& instances,
                                   const Archive& archive, std::vector<std::string>& problems)
{
    TensorList list(archive, problems);
    for (const ModuleInstance& instance : instances) {
        const auto& type = instance.module.type();
        const std::string prefix = instance.path.empty() ? "" : instance.path + ".";
        for (std::size_t slot = 0; slot < type->numAttributes(); ++slot) {
            const auto role = type->is_parameter(slot) ? ir::TensorRole::Parameter
                              : type->is_buffer(slot)  ? ir::TensorRole::Buffer
                                                       : ir::TensorRole::Attribute;
            list.addAll(prefix + type->getAttributeName(slot), role,
                        instance.module._ivalue()->getSlot(slot));
        }
    }
    try {
        const std::vector<StoredConstant> constants = archive.constants();
        for (std::size_t i = 0; i < constants.size(); ++i)
            list.addConstant("constants/" + std::to_string(i), constants[i]);
    } catch (...) {
        problems.push_back("The constants of the archive cannot be listed: " +
                           summary(currentExceptionMessage()));
    }
    return list.take();
}

std::vector<ir::Tensor> describeTensors(const std::vector<NamedTensor>& tensors,
                                        const Archive& archive, std::vector<std::string>& problems)
{
    StorageNames storages(archive);
    std::vector<ir::Tensor> described;
    described.reserve(tensors.size());
    for (const NamedTensor& from : tensors) {
        ir::Tensor& to = described.emplace_back();
        to.name = from.name;
        to.role = from.role;
        try {
            describe(from, storages, to);
        } catch (...) {
            problems.push_back("The tensor " + to.name +
                               " cannot be described: " + summary(currentExceptionMessage()));
        }
    }
    return described;
}

} // namespace jitscope::torchscript
