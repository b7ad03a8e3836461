#include "core/torchscript/operator_schemas_p.h"

#include <array>

namespace jitscope::torchscript {

namespace {

// Printed by torchvision 0.26 (torch._C._jit_get_all_schemas).
constexpr std::array<std::string_view, 12> torchvision{
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "roi_align(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, SymInt "
    "pooled_width, "
    "int sampling_ratio, bool aligned) -> Tensor",
    "roi_pool(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, SymInt "
    "pooled_width) "
    "-> (Tensor, Tensor)",
    "ps_roi_align(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, SymInt "
    "pooled_width, "
    "int sampling_ratio) -> (Tensor, Tensor)",
    "ps_roi_pool(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, SymInt "
    "pooled_width) "
    "-> (Tensor, Tensor)",
    "deform_conv2d(Tensor input, Tensor weight, Tensor offset, Tensor mask, Tensor bias, SymInt "
    "stride_h, "
    "SymInt stride_w, SymInt pad_h, SymInt pad_w, SymInt dilation_h, SymInt dilation_w, SymInt "
    "groups, "
    "SymInt offset_groups, bool use_mask) -> Tensor",
    "_cuda_version() -> int",
    "_roi_align_backward(Tensor grad, Tensor rois, float spatial_scale, SymInt pooled_height, "
    "SymInt pooled_width, "
    "SymInt batch_size, SymInt channels, SymInt height, SymInt width, int sampling_ratio, bool "
    "aligned) -> Tensor",
    "_roi_pool_backward(Tensor grad, Tensor rois, Tensor argmax, float spatial_scale, SymInt "
    "pooled_height, "
    "SymInt pooled_width, SymInt batch_size, SymInt channels, SymInt height, SymInt width) -> "
    "Tensor",
    "_ps_roi_align_backward(Tensor grad, Tensor rois, Tensor channel_mapping, float spatial_scale, "
    "SymInt pooled_height, SymInt pooled_width, int sampling_ratio, SymInt batch_size, SymInt "
    "channels, "
    "SymInt height, SymInt width) -> Tensor",
    "_ps_roi_pool_backward(Tensor grad, Tensor rois, Tensor channel_mapping, float spatial_scale, "
    "SymInt pooled_height, SymInt pooled_width, SymInt batch_size, SymInt channels, SymInt height, "
    "SymInt width) "
    "-> Tensor",
    "_deform_conv2d_backward(Tensor grad, Tensor input, Tensor weight, Tensor offset, Tensor mask, "
    "Tensor bias, "
    "SymInt stride_h, SymInt stride_w, SymInt pad_h, SymInt pad_w, SymInt dilation_h, SymInt "
    "dilation_w, "
    "SymInt groups, SymInt offset_groups, bool use_mask) -> (Tensor, Tensor, Tensor, Tensor, "
    "Tensor)",
};

constexpr std::array<std::string_view, 11> torchvisionImage{
    "read_file(str _0) -> Tensor",
    "write_file(str _0, Tensor _1) -> ()",
    "decode_image(Tensor data, int mode, bool apply_exif_orientation=False) -> Tensor",
    "decode_jpeg(Tensor data, int mode, bool apply_exif_orientation=False) -> Tensor",
    "decode_png(Tensor data, int mode, bool apply_exif_orientation=False) -> Tensor",
    "decode_gif(Tensor _0) -> Tensor",
    "decode_webp(Tensor encoded_data, int mode) -> Tensor",
    "encode_jpeg(Tensor _0, int _1) -> Tensor",
    "encode_png(Tensor _0, int _1) -> Tensor",
    "decode_jpegs_cuda(Tensor[] _0, int _1, Device _2) -> Tensor[]",
    "encode_jpegs_cuda(Tensor[] _0, int _1) -> Tensor[]",
};

// From the TORCH_LIBRARY blocks of torchaudio 2.x (src/libtorchaudio).
constexpr std::array<std::string_view, 6> torchaudio{
    "_lfilter_core_loop(Tensor input_signal_windows, Tensor a_coeff_flipped, Tensor(a!) "
    "padded_output_waveform) "
    "-> ()",
    "_lfilter(Tensor waveform, Tensor a_coeffs, Tensor b_coeffs) -> Tensor",
    "_overdrive_core_loop(Tensor waveform, Tensor temp, Tensor(a!) last_in, Tensor(b!) last_out, "
    "Tensor(c!) output_waveform) -> ()",
    "rnnt_loss(Tensor logits, Tensor targets, Tensor logit_lengths, Tensor target_lengths, int "
    "blank, float clamp, "
    "bool fused_log_softmax) -> (Tensor, Tensor?)",
    "rnnt_loss_forward(Tensor logits, Tensor targets, Tensor logit_lengths, Tensor target_lengths, "
    "int blank, "
    "float clamp, bool fused_log_softmax) -> (Tensor, Tensor?)",
    "forced_align(Tensor log_probs, Tensor targets, Tensor input_lengths, Tensor target_lengths, "
    "int blank) "
    "-> (Tensor, Tensor)",
};

constexpr std::array<KnownOperators, 3> all{
    KnownOperators{"torchvision", "torchvision", torchvision},
    KnownOperators{"torchvision", "image", torchvisionImage},
    KnownOperators{"torchaudio", "torchaudio", torchaudio},
};

struct Provider
{
    std::string_view nameSpace;
    std::string_view library;
};

// Packages whose operators are met in TorchScript files. A namespace is usually the package's name.
constexpr std::array<Provider, 15> providers{{
    {"torchvision", "torchvision"},
    {"image", "torchvision"},
    {"torchaudio", "torchaudio"},
    {"torchtext", "torchtext"},
    {"torchcodec_ns", "torchcodec"},
    {"torchao", "torchao"},
    {"torch_scatter", "torch-scatter"},
    {"torch_sparse", "torch-sparse"},
    {"torch_cluster", "torch-cluster"},
    {"torch_spline_conv", "torch-spline-conv"},
    {"pyg", "pyg-lib"},
    {"fbgemm", "fbgemm-gpu"},
    {"tensorrt", "torch-tensorrt"},
    {"xformers", "xformers"},
    {"torch_ipex", "intel-extension-for-pytorch"},
}};

} // namespace

std::span<const KnownOperators> knownOperators()
{
    return all;
}

std::string_view libraryOf(std::string_view nameSpace)
{
    for (const Provider& provider : providers) {
        if (provider.nameSpace == nameSpace)
            return provider.library;
    }
    return {};
}

} // namespace jitscope::torchscript
