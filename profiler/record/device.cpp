#include "profiler/record/device_p.h"

#include "core/torchscript/devices_p.h"
#include "core/torchscript/graph_converter_p.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <torch/cuda.h>
#include <torch/headeronly/version.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <optional>
#include <thread>

namespace jitscope::record {

namespace {

std::string processorName()
{
    std::ifstream file("/proc/cpuinfo");
    std::string line;
    while (std::getline(file, line)) {
        if (line.starts_with("model name") && line.find(": ") != std::string::npos)
            return line.substr(line.find(": ") + 2);
    }
    return {};
}

// A constant has no place of its own in the source when it was written within a call.
bool isOfTrace(const torch::jit::Node& constant, const torchscript::NodeIdentity& identity)
{
    const auto isTraced = [&identity](const torch::jit::Node* node) {
        const torchscript::NodeRecord& record = identity.record(identity.keyOf(node));
        const torchscript::SourceMap& sources = identity.sources();
        return record.python != 0 &&
               sources.fragment(sources.location(record.python).fragment).isTrace;
    };
    if (isTraced(&constant))
        return true;
    const auto& uses = constant.output()->uses();
    return std::any_of(uses.begin(), uses.end(),
                       [&](const torch::jit::Use& use) { return isTraced(use.user); });
}

} // namespace

Result<c10::Device> findDevice(const std::string& name)
{
    if (name == "cpu")
        return c10::Device(c10::kCPU);
    const bool isCuda = name == "cuda" || name.starts_with("cuda:");
    if (!isCuda) {
        return fail(ErrorCode::InvalidArgument, "There is no device '" + name + "'.", {},
                    "Use cpu, or cuda:0 and so on where there is a GPU.");
    }
    const std::string wanted = name == "cuda" ? "cuda:0" : name;
    const std::vector<std::string> available = torchscript::availableDevices();
    if (std::find(available.begin(), available.end(), wanted) == available.end()) {
        if (available.size() == 1)
            return tl::unexpected(torchscript::whyNoCuda());
        return fail(ErrorCode::Unavailable, "This machine has no GPU '" + wanted + "'.", {},
                    "Use the device " + available.back() + ".");
    }
    return c10::Device(wanted);
}

void synchronize(const c10::Device& device)
{
    if (device.is_cuda())
        torch::cuda::synchronize(device.index());
}

MovedGraph copyTo(const torch::jit::Graph& graph, const c10::Device& device,
                  const torchscript::NodeIdentity& identity)
{
    MovedGraph moved{const_cast<torch::jit::Graph&>(graph).copy()}; // NOLINT: copy() only reads
    if (device.is_cpu())
        return moved;
    torchscript::forEachNode(*moved.graph, true, [&](torch::jit::Node* node) {
        if (node->kind() != c10::prim::Constant || !node->hasAttribute(c10::attr::value))
            return;
        const auto kind = node->kindOf(c10::attr::value);
        if (kind == torch::jit::AttributeKind::t) {
            node->t_(c10::attr::value, node->t(c10::attr::value).to(device));
        } else if (kind == torch::jit::AttributeKind::ival) {
            node->ival_(c10::attr::value, node->ival(c10::attr::value).deepcopy(device));
        } else if (kind == torch::jit::AttributeKind::s &&
                   node->output()->type()->kind() == c10::TypeKind::DeviceObjType &&
                   node->s(c10::attr::value) != device.str() && isOfTrace(*node, identity)) {
            node->s_(c10::attr::value, device.str());
            ++moved.devices;
        }
    });
    return moved;
}

torch::jit::Module copyTo(const torch::jit::Module& module, const c10::Device& device)
{
    // With a device, what lies there already would be shared.
    const auto to = device.is_cpu() ? std::nullopt : std::optional(device);
    c10::IValue::HashIdentityIValueMap copies;
    const c10::IValue copied = c10::IValue(module._ivalue()).deepcopy(copies, to);
    for (const auto& [original, copy] : copies) {
        if (original.isTensor() && original.toTensor().requires_grad())
            copy.toTensor().requires_grad_(true);
    }
    return torch::jit::Module(copied.toObject());
}

std::string describeEnvironment(const c10::Device& device)
{
    nlohmann::json json;
    json["libtorch"] = TORCH_VERSION;
    json["device"] = device.str();
    if (device.is_cuda())
        json["gpu"] = torchscript::gpuName(device.index());
    json["processor"] = processorName();
    json["processors"] = std::thread::hardware_concurrency();
    json["threads"] = at::get_num_threads();
    json["interop_threads"] = at::get_num_interop_threads();
    json["mkldnn"] = at::globalContext().userEnabledMkldnn();
    json["deterministic"] = at::globalContext().deterministicAlgorithms();
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace jitscope::record
