#include "core/scene/operator_class.h"

#include <array>
#include <string>
#include <unordered_map>

namespace jitscope::scene {

namespace {

using enum OperatorClass;

struct NamedClass
{
    OperatorClass operatorClass;
    std::string_view names; // separated by spaces
};

// Names of the namespaces aten and prim, without the trailing underscore of in-place variants.
constexpr NamedClass knownNames[] = {
    {Linear, "conv1d conv2d conv3d convolution _convolution conv_transpose1d conv_transpose2d "
             "conv_transpose3d linear "
             "matmul mm bmm addmm baddbmm addbmm einsum dot mv addmv tensordot bilinear "
             "scaled_dot_product_attention "
             "_native_multi_head_attention lstm gru rnn_tanh rnn_relu lstm_cell gru_cell embedding "
             "embedding_bag "
             "mkldnn_convolution ConvolutionAddRelu cudnn_convolution cudnn_convolution_relu "
             "cudnn_convolution_add_relu"},
    {Normalisation,
     "batch_norm layer_norm group_norm instance_norm native_layer_norm native_batch_norm rms_norm "
     "local_response_norm normalize dropout feature_dropout alpha_dropout norm linalg_vector_norm"},
    {Activation, "relu relu6 gelu silu sigmoid hardsigmoid hardswish hardtanh tanh softmax "
                 "log_softmax _softmax elu "
                 "selu celu leaky_relu prelu mish softplus softsign threshold glu logsigmoid clamp "
                 "clamp_min clamp_max"},
    {Pointwise,
     "add sub mul div rsub pow exp log log2 log10 sqrt rsqrt abs neg sign floor ceil round trunc "
     "reciprocal "
     "sin cos tan asin acos atan atan2 erf minimum maximum where masked_fill eq ne lt gt le ge "
     "logical_and "
     "logical_or logical_not logical_xor bitwise_and bitwise_or bitwise_not floor_divide floordiv "
     "remainder "
     "fmod addcmul addcdiv lerp square isnan isinf __and__ __or__ __xor__ __not__ __is__ __isnot__ "
     "__contains__ addcmul"},
    {Reduction,
     "max_pool1d max_pool2d max_pool3d avg_pool1d avg_pool2d avg_pool3d adaptive_avg_pool1d "
     "adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool1d adaptive_max_pool2d sum mean max "
     "min prod "
     "argmax argmin amax amin all any std var var_mean cumsum cumprod logsumexp topk sort argsort "
     "count_nonzero max_pool2d_with_indices"},
    {Shape, "view reshape flatten unflatten permute transpose t squeeze unsqueeze expand expand_as "
            "repeat cat concat "
            "stack split split_with_sizes chunk slice select narrow index index_select index_put "
            "gather scatter unbind "
            "roll flip pad constant_pad_nd interpolate upsample_nearest2d upsample_bilinear2d "
            "pixel_shuffle unfold "
            "fold size len dim numel movedim swapaxes contiguous view_as reshape_as tensor_split "
            "meshgrid tril triu "
            "broadcast_tensors _reshape_from_tensor _shape_as_tensor ConstantChunk BroadcastSizes "
            "repeat_interleave"},
    {Memory, "to zeros ones full empty zeros_like ones_like full_like empty_like arange linspace "
             "eye rand randn "
             "rand_like randn_like new_zeros new_ones new_full new_empty tensor as_tensor clone "
             "detach copy type_as "
             "cpu cuda float half int fill zero Constant GetAttr SetAttr scalar_tensor lift_fresh "
             "to_mkldnn to_dense "
             "ConstantMKLDNNTensor AutogradZero AutogradAdd"},
    {Control, "If Loop fork awaitable wait RaiseException Guard TypeCheck BailOut BailoutTemplate "
              "RequiresGradCheck "
              "TensorExprDynamicGuard FallbackGraph profile profile_ivalue Enter Exit "
              "oneDNNFusionGuard warn Print"},
    {Call, "CallMethod CallFunction"},
    {Fusion, "FusionGroup TensorExprGroup TensorExprDynamicGroup CudaFusionGroup "
             "DifferentiableGraph oneDNNFusionGroup "
             "StaticSubgraph FunctionalGraph MKLDNNGroup CudaFusionGuard"},
    {Data, "ListConstruct ListUnpack TupleConstruct TupleUnpack TupleIndex TupleSlice "
           "DictConstruct CreateObject "
           "NumToTensor ImplicitTensorToNum device dtype layout is_cuda __getitem__ append extend "
           "insert pop keys "
           "values items Int Float Bool Scalar ScalarImplicit IntImplicit FloatImplicit item str "
           "format isinstance "
           "unchecked_cast Uninitialized annotate list dict __range_length __derive_index tolist "
           "unchecked_unwrap_optional "
           "is_floating_point is_complex requires_grad shape index_dict get setdefault update "
           "copy_list data"},
};

std::unordered_map<std::string_view, OperatorClass> makeTable()
{
    std::unordered_map<std::string_view, OperatorClass> table;
    for (const NamedClass& row : knownNames) {
        std::string_view rest = row.names;
        while (!rest.empty()) {
            const std::size_t space = rest.find(' ');
            table.emplace(rest.substr(0, space), row.operatorClass);
            rest = space == std::string_view::npos ? std::string_view{} : rest.substr(space + 1);
        }
    }
    return table;
}

} // namespace

OperatorClass classify(std::string_view kind)
{
    static const std::unordered_map<std::string_view, OperatorClass> table = makeTable();
    std::string_view name = kind;
    if (const std::size_t colons = name.find("::"); colons != std::string_view::npos)
        name.remove_prefix(colons + 2);
    if (const auto found = table.find(name); found != table.end())
        return found->second;
    if (name.size() > 1 && name.back() == '_' && name[name.size() - 2] != '_') {
        name.remove_suffix(1);
        if (const auto found = table.find(name); found != table.end())
            return found->second;
    }
    // Quantised, packed and library operators are named after what they compute.
    if (name.find("conv") != std::string_view::npos ||
        name.find("linear") != std::string_view::npos)
        return Linear;
    return Other;
}

OperatorClass classifyModule(std::string_view className)
{
    struct Prefix
    {
        std::string_view text;
        OperatorClass operatorClass;
    };
    // The longest match counts, so that AdaptiveAvgPool2d is no activation and LayerNorm no
    // LayerSomething.
    static constexpr Prefix prefixes[] = {{"Conv", Linear},
                                          {"LazyConv", Linear},
                                          {"Linear", Linear},
                                          {"LazyLinear", Linear},
                                          {"Bilinear", Linear},
                                          {"NonDynamicallyQuantizableLinear", Linear},
                                          {"MultiheadAttention", Linear},
                                          {"Embedding", Linear},
                                          {"LSTM", Linear},
                                          {"GRU", Linear},
                                          {"RNN", Linear},
                                          {"BatchNorm", Normalisation},
                                          {"FrozenBatchNorm", Normalisation},
                                          {"LayerNorm", Normalisation},
                                          {"GroupNorm", Normalisation},
                                          {"InstanceNorm", Normalisation},
                                          {"RMSNorm", Normalisation},
                                          {"LocalResponseNorm", Normalisation},
                                          {"Dropout", Normalisation},
                                          {"AlphaDropout", Normalisation},
                                          {"StochasticDepth", Normalisation},
                                          {"ReLU", Activation},
                                          {"GELU", Activation},
                                          {"SiLU", Activation},
                                          {"Sigmoid", Activation},
                                          {"Tanh", Activation},
                                          {"Softmax", Activation},
                                          {"LogSoftmax", Activation},
                                          {"Hardswish", Activation},
                                          {"Hardsigmoid", Activation},
                                          {"Hardtanh", Activation},
                                          {"ELU", Activation},
                                          {"SELU", Activation},
                                          {"CELU", Activation},
                                          {"PReLU", Activation},
                                          {"LeakyReLU", Activation},
                                          {"Mish", Activation},
                                          {"Softplus", Activation},
                                          {"MaxPool", Reduction},
                                          {"AvgPool", Reduction},
                                          {"AdaptiveAvgPool", Reduction},
                                          {"AdaptiveMaxPool", Reduction},
                                          {"LPPool", Reduction},
                                          {"FractionalMaxPool", Reduction},
                                          {"Flatten", Shape},
                                          {"Unflatten", Shape},
                                          {"Upsample", Shape},
                                          {"PixelShuffle", Shape},
                                          {"Fold", Shape},
                                          {"Unfold", Shape},
                                          {"ZeroPad", Shape},
                                          {"ReflectionPad", Shape},
                                          {"ReplicationPad", Shape},
                                          {"ConstantPad", Shape}};
    const Prefix* best = nullptr;
    for (const Prefix& prefix : prefixes) {
        if (className.starts_with(prefix.text) &&
            (best == nullptr || prefix.text.size() > best->text.size()))
            best = &prefix;
    }
    if (best == nullptr)
        return Call;
    // The rest may be a dimension ("2d") or a number ("6"), not another word ("ConvBlock",
    // "EmbeddingStack").
    const std::string_view rest = className.substr(best->text.size());
    static constexpr std::string_view allowed[] = {
        "",    "1d",   "2d",     "3d", "6", "Transpose1d", "Transpose2d", "Transpose3d",
        "Bag", "Cell", "NormAct"};
    for (const std::string_view word : allowed) {
        if (rest == word)
            return best->operatorClass;
    }
    return Call;
}

std::string_view describe(OperatorClass operatorClass)
{
    static constexpr std::array<std::string_view, operatorClassCount> names = {
        "Convolution, matrix product",
        "Normalisation",
        "Activation",
        "Arithmetic",
        "Pooling, reduction",
        "Shape, indexing",
        "Creation, copy, cast",
        "Control flow",
        "Module, function",
        "Fusion group",
        "List, tuple, scalar",
        "Input, output",
        "Other operator"};
    return names.at(static_cast<std::size_t>(operatorClass));
}

} // namespace jitscope::scene
