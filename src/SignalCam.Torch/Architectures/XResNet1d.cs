using System.ComponentModel.DataAnnotations;
using SignalCam.Core.Models;
using static TorchSharp.torch;

namespace SignalCam.Torch.Architectures;

/// <summary>Options of <see cref="XResNet1d"/>. The defaults are the benchmark's networks.</summary>
internal sealed class XResNet1dOptions
{
    /// <summary>Output channels of the three convolutions before the stages. Default 32, 32, 64.</summary>
    [Length(3, 3)]
    public int[] StemChannels { get; set; } = [32, 32, 64];

    /// <summary>
    /// Channels of each stage, before the expansion by four of depths 50 and 101; all stages but the first halve the length.
    /// Default 64, 64, 64, 64; the images' networks have 64, 128, 256, 512.
    /// </summary>
    [MinLength(1)]
    public int[] Channels { get; set; } = [64, 64, 64, 64];

    /// <summary>Blocks of each stage. Default null: those of the depth, such as 3, 4, 23, 3 for 101.</summary>
    public int[]? Blocks { get; set; }

    /// <summary>Kernel of all convolutions in samples that are not of size one, odd. Default 5.</summary>
    [Range(1, 501)]
    public int Kernel { get; set; } = 5;

    /// <summary>
    /// Squeeze and excitation at the end of each block's body: by how much its hidden layer is narrower than the channels; 0 for none.
    /// Default null: none for xresnet1d*, 8 for xse-resnet1d*.
    /// </summary>
    [Range(0, 4096)]
    public int? Excitation { get; set; }

    /// <summary>
    /// Stochastic depth: how likely the last block's body is left out for a recording while the network learns; earlier blocks' in
    /// proportion to their place. Default 0: none is.
    /// </summary>
    [Range(0.0, 0.9)]
    public double StochasticDepth { get; set; }

    /// <summary>The same options, with an excitation where they leave it to the name.</summary>
    internal XResNet1dOptions WithExcitation(int usual)
    {
        var copy = (XResNet1dOptions)MemberwiseClone();
        copy.Excitation ??= usual;
        return copy;
    }
}

/// <summary>
/// The residual network of He et al. 2019, "Bag of Tricks for Image Classification" (doi 10.1109/CVPR.2019.00065), in one dimension:
/// three convolutions first, downsampling in a block's convolution with the kernel, average pooling in its shortcut, the last norm of
/// a block starting at zero. With 12 leads and without the head depths 18, 34, 50 and 101 have 347,264, 676,992, 886,400 and 1,804,672
/// parameters.
/// </summary>
/// <remarks>
/// Sizes are those of xresnet1d in the PTB-XL benchmark (Strodthoff et al. 2021, doi 10.1109/JBHI.2020.3022989,
/// helme/ecg_ptbxl_benchmarking), whose stages do not widen. The head is the paper's, average pooling and one dense layer; the
/// benchmark joins average and max pooling and has a hidden layer and dropout, which would break the exact class activation map. Its
/// training sets the norms that start at zero back to one; this one leaves them. Squeeze and excitation (Hu et al. 2018, arXiv:1709.01507)
/// and stochastic depth (Huang et al. 2016, arXiv:1603.09382) are options.
/// </remarks>
internal sealed class XResNet1d : Backbone, ILayerGraphSource
{
    /// <summary>What squeeze and excitation narrows by where <see cref="XResNet1dOptions.Excitation"/> does not say.</summary>
    internal const int UsualExcitation = 8;

    private const int Bottleneck = 4;

    private static readonly Dictionary<int, (int Expansion, int[] Blocks)> s_depths = new()
    {
        [18] = (1, [2, 2, 2, 2]),
        [34] = (1, [3, 4, 6, 3]),
        [50] = (Bottleneck, [3, 4, 6, 3]),
        [101] = (Bottleneck, [3, 4, 23, 3]),
    };

    private readonly XResNet1dOptions _options;
    private readonly int _expansion;
    private readonly ChainPlan _plan;
    private readonly LayerChain _layers;

    /// <summary>Builds the network with fresh weights.</summary>
    /// <param name="leads">Leads of the input.</param>
    /// <param name="depth">18 or 34 (blocks of two convolutions), 50 or 101 (blocks of three, expanding by four).</param>
    /// <param name="options">Width, blocks and kernel; null for the benchmark's.</param>
    /// <exception cref="ArgumentException">
    /// No such depth, a size is not positive, the kernel is even, or the stages' channels and blocks differ in number.
    /// </exception>
    public XResNet1d(int leads, int depth, XResNet1dOptions? options = null)
        : base(FormattableString.Invariant($"{nameof(XResNet1d)}{depth}"))
    {
        _options = options ?? new XResNet1dOptions();
        _plan = Plan(leads, depth, _options);
        _expansion = s_depths[depth].Expansion;
        _layers = new LayerChain(this, _plan.Build());
    }

    /// <inheritdoc/>
    public override int Channels => _options.Channels[^1] * _expansion;

    /// <summary>The kernel, or what one cell covers, whichever is more.</summary>
    public override int ShortestInput => Math.Max(_options.Kernel, 1 << (_options.Channels.Length + 1));

    /// <inheritdoc/>
    public override bool TakesBfloat16 => true;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => _layers.Features(input);

    /// <inheritdoc/>
    public string AddTo(LayerGraphBuilder graph, string input) => _plan.AddTo(graph, "", input);

    /// <summary>The layers that options ask for.</summary>
    internal static ChainPlan Plan(int leads, int depth, XResNet1dOptions options)
    {
        if (!s_depths.TryGetValue(depth, out var shape))
            throw new ArgumentException($"found depth {depth}, expected one of {string.Join(", ", s_depths.Keys)}", nameof(depth));
        var (stem, channels, blocks) = (options.StemChannels, options.Channels, options.Blocks ?? shape.Blocks);
        SizeCheck.Positive(nameof(XResNet1dOptions.StemChannels), stem);
        SizeCheck.Count(nameof(XResNet1dOptions.StemChannels), stem, 3);
        SizeCheck.Positive(nameof(XResNet1dOptions.Channels), channels);
        SizeCheck.Blocks(nameof(XResNet1dOptions.Blocks), blocks);
        SizeCheck.SameCount(nameof(XResNet1dOptions.Blocks), blocks, nameof(XResNet1dOptions.Channels), channels);
        SizeCheck.Odd(nameof(XResNet1dOptions.Kernel), options.Kernel);

        var layers = new List<(string, LayerPlan)>
        {
            ("stem1", new ConvNormPlan(leads, stem[0], options.Kernel, Stride: 2)),
            ("stem2", new ConvNormPlan(stem[0], stem[1], options.Kernel)),
            ("stem3", new ConvNormPlan(stem[1], stem[2], options.Kernel)),
            ("stem_pool", new MaxPoolPlan(Stride: 2)),
        };
        var (from, done, all) = (stem[2], 0, blocks.Sum());
        for (var stage = 0; stage < channels.Length; stage++)
        {
            for (var block = 0; block < blocks[stage]; block++)
            {
                layers.Add(($"stage{stage + 1}_block{block + 1}",
                    Block(from, channels[stage], stage > 0 && block == 0 ? 2 : 1, shape.Expansion, options, ++done / (double)all)));
                from = channels[stage] * shape.Expansion;
            }
        }
        return new ChainPlan(layers);
    }

    private static ResidualPlan Block(int from, int width, int stride, int expansion, XResNet1dOptions options, double depth)
    {
        var (to, kernel) = (width * expansion, options.Kernel);
        List<(string, LayerPlan)> body = expansion == 1
            ?
            [
                ("conv1", new ConvNormPlan(from, width, kernel, stride)),
                ("conv2", new ConvNormPlan(width, to, kernel, Relu: false, Zero: true)),
            ]
            :
            [
                ("conv1", new ConvNormPlan(from, width, 1)),
                ("conv2", new ConvNormPlan(width, width, kernel, stride)),
                ("conv3", new ConvNormPlan(width, to, 1, Relu: false, Zero: true)),
            ];
        if (options.Excitation is > 0 and var narrower)
            body.Add(("excitation", new ExcitationPlan(to, Math.Max(1, to / narrower))));
        var shortcut = new List<(string, LayerPlan)>();
        if (stride > 1)
            shortcut.Add(("shortcut_pool", new HalvingAveragePoolPlan()));
        if (from != to)
            shortcut.Add(("shortcut", new ConvNormPlan(from, to, 1, Relu: false)));
        return new ResidualPlan(new ChainPlan(body), new ChainPlan(shortcut), options.StochasticDepth * depth);
    }
}
