using System.ComponentModel.DataAnnotations;
using SignalCam.Core.Models;
using static TorchSharp.torch;

namespace SignalCam.Torch.Architectures;

/// <summary>Options of <see cref="ResNet1dWang"/>. The defaults are the benchmark's network.</summary>
internal sealed class ResNet1dWangOptions
{
    /// <summary>Output channels of every convolution. Default 128.</summary>
    [Range(1, 4096)]
    public int Channels { get; set; } = 128;

    /// <summary>Residual blocks; all but the first halve the length. Default 3.</summary>
    [Range(1, 16)]
    public int Blocks { get; set; } = 3;

    /// <summary>Kernel of the first convolution in samples, odd. Default 7.</summary>
    [Range(1, 501)]
    public int StemKernel { get; set; } = 7;

    /// <summary>Kernels of the two convolutions of a block, odd. Default 5, 3.</summary>
    [Length(2, 2)]
    public int[] Kernels { get; set; } = [5, 3];
}

/// <summary>
/// The residual network after Wang et al., IJCNN 2017 (doi 10.1109/IJCNN.2017.7966039), as the PTB-XL benchmark has it: a
/// convolution, then three blocks of two convolutions. With 12 leads 439,040 parameters without the head.
/// </summary>
/// <remarks>
/// Sizes are those of resnet1d_wang in Strodthoff et al. 2021 (doi 10.1109/JBHI.2020.3022989, helme/ecg_ptbxl_benchmarking). The
/// paper has no first convolution, three convolutions a block (kernels 8, 5, 3), 64, 128 and 128 channels, and keeps the length. The
/// head is the paper's, average pooling and one dense layer; the benchmark joins average and max pooling and has a hidden layer and
/// dropout, which would break the exact class activation map.
/// </remarks>
internal sealed class ResNet1dWang : Backbone, ILayerGraphSource
{
    private readonly ResNet1dWangOptions _options;
    private readonly ChainPlan _plan;
    private readonly LayerChain _layers;

    /// <summary>Builds the network with fresh weights.</summary>
    /// <param name="leads">Leads of the input.</param>
    /// <param name="options">Width, depth and kernels; null for the benchmark's.</param>
    /// <exception cref="ArgumentException">A size is not positive, a kernel is even, or a block has not two kernels.</exception>
    public ResNet1dWang(int leads, ResNet1dWangOptions? options = null)
        : base(nameof(ResNet1dWang))
    {
        _options = options ?? new ResNet1dWangOptions();
        _plan = Plan(leads, _options);
        _layers = new LayerChain(this, _plan.Build());
    }

    /// <inheritdoc/>
    public override int Channels => _options.Channels;

    /// <summary>The longest kernel, or what one cell covers, whichever is more.</summary>
    public override int ShortestInput => Math.Max(Math.Max(_options.StemKernel, _options.Kernels.Max()), 1 << (_options.Blocks - 1));

    /// <inheritdoc/>
    public override bool TakesBfloat16 => true;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => _layers.Features(input);

    /// <inheritdoc/>
    public string AddTo(LayerGraphBuilder graph, string input) => _plan.AddTo(graph, "", input);

    /// <summary>The layers that options ask for.</summary>
    internal static ChainPlan Plan(int leads, ResNet1dWangOptions options)
    {
        SizeCheck.Positive(nameof(ResNet1dWangOptions.Channels), options.Channels);
        SizeCheck.Blocks(nameof(ResNet1dWangOptions.Blocks), options.Blocks);
        SizeCheck.Odd(nameof(ResNet1dWangOptions.StemKernel), options.StemKernel);
        SizeCheck.Odd(nameof(ResNet1dWangOptions.Kernels), options.Kernels);
        SizeCheck.Count(nameof(ResNet1dWangOptions.Kernels), options.Kernels, 2);
        return new ChainPlan(
        [
            ("stem", new ConvNormPlan(leads, options.Channels, options.StemKernel)),
            .. Enumerable.Range(1, options.Blocks).Select(i => ($"block{i}", (LayerPlan)Block(options, i == 1 ? 1 : 2))),
        ]);
    }

    private static ResidualPlan Block(ResNet1dWangOptions options, int stride)
    {
        var (width, kernels) = (options.Channels, options.Kernels);
        return new ResidualPlan(
            new(
            [
                ("conv1", new ConvNormPlan(width, width, kernels[0], stride)),
                ("conv2", new ConvNormPlan(width, width, kernels[1], Relu: false)),
            ]),
            new(stride == 1 ? [] : [("shortcut", new ConvNormPlan(width, width, 1, stride, Relu: false))]));
    }
}
