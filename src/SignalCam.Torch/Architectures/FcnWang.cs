using System.ComponentModel.DataAnnotations;
using SignalCam.Core.Models;
using static TorchSharp.torch;

namespace SignalCam.Torch.Architectures;

/// <summary>Options of <see cref="FcnWang"/>. The defaults are the published network.</summary>
internal sealed class FcnWangOptions
{
    /// <summary>Output channels of the convolutions, first to last. Default 128, 256, 128.</summary>
    [MinLength(1)]
    public int[] Channels { get; set; } = [128, 256, 128];

    /// <summary>Kernels of the convolutions in samples, one each; an even one takes a sample off the length. Default 8, 5, 3.</summary>
    [MinLength(1)]
    public int[] Kernels { get; set; } = [8, 5, 3];
}

/// <summary>
/// The fully convolutional network of Wang et al., IJCNN 2017 (doi 10.1109/IJCNN.2017.7966039): convolutions with batch norm and ReLU
/// that keep the length. With 12 leads 275,456 parameters without the head.
/// </summary>
/// <remarks>
/// Sizes and padding are those of fcn_wang in the PTB-XL benchmark (Strodthoff et al. 2021, doi 10.1109/JBHI.2020.3022989,
/// helme/ecg_ptbxl_benchmarking); the paper pads so that the even kernel keeps the length too. The head is the paper's, average
/// pooling and one dense layer; the benchmark joins average and max pooling and has a hidden layer and dropout, which would break
/// the exact class activation map.
/// </remarks>
internal sealed class FcnWang : Backbone, ILayerGraphSource
{
    private readonly FcnWangOptions _options;
    private readonly ChainPlan _plan;
    private readonly LayerChain _layers;

    /// <summary>Builds the network with fresh weights.</summary>
    /// <param name="leads">Leads of the input.</param>
    /// <param name="options">Width, depth and kernels; null for the published ones.</param>
    /// <exception cref="ArgumentException">Channels or kernels are not positive, or not as many of one as of the other.</exception>
    public FcnWang(int leads, FcnWangOptions? options = null)
        : base(nameof(FcnWang))
    {
        _options = options ?? new FcnWangOptions();
        _plan = Plan(leads, _options);
        _layers = new LayerChain(this, _plan.Build());
    }

    /// <inheritdoc/>
    public override int Channels => _options.Channels[^1];

    /// <summary>The longest kernel, and one more for each even one, which takes a sample off the length.</summary>
    public override int ShortestInput => _options.Kernels.Max() + _options.Kernels.Count(k => k % 2 == 0);

    /// <inheritdoc/>
    public override bool TakesBfloat16 => true;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => _layers.Features(input);

    /// <inheritdoc/>
    public string AddTo(LayerGraphBuilder graph, string input) => _plan.AddTo(graph, "", input);

    /// <summary>The layers that options ask for.</summary>
    internal static ChainPlan Plan(int leads, FcnWangOptions options)
    {
        SizeCheck.Positive(nameof(FcnWangOptions.Channels), options.Channels);
        SizeCheck.Positive(nameof(FcnWangOptions.Kernels), options.Kernels);
        SizeCheck.SameCount(nameof(FcnWangOptions.Kernels), options.Kernels, nameof(FcnWangOptions.Channels), options.Channels);
        int[] inputs = [leads, .. options.Channels[..^1]];
        return new ChainPlan(
            [.. options.Channels.Select((to, i) => ($"block{i + 1}", (LayerPlan)new ConvNormPlan(inputs[i], to, options.Kernels[i])))]);
    }
}
