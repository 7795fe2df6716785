using System.ComponentModel.DataAnnotations;
using SignalCam.Core.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SignalCam.Torch.Architectures;

/// <summary>Options of <see cref="InceptionTime"/>. The defaults are the published network.</summary>
internal sealed class InceptionTimeOptions
{
    /// <summary>Channels of each branch of a module; the module joins one branch per kernel and one of max pooling. Default 32.</summary>
    [Range(1, 4096)]
    public int Filters { get; set; } = 32;

    /// <summary>Channels that the branches with kernels share as input. Default 32.</summary>
    [Range(1, 4096)]
    public int Bottleneck { get; set; } = 32;

    /// <summary>Kernels of the branches in samples, odd. Default 39, 19, 9.</summary>
    [MinLength(1)]
    public int[] Kernels { get; set; } = [39, 19, 9];

    /// <summary>Residual blocks of three modules each. Default 2, the published depth of six modules.</summary>
    [Range(1, 16)]
    public int Blocks { get; set; } = 2;
}

/// <summary>
/// One network of InceptionTime (Ismail Fawaz et al. 2020, doi 10.1007/s10618-020-00710-y; the paper averages five): modules that see
/// several time scales at once, a shortcut over every three. Keeps the length. With 12 leads 473,344 parameters without the head.
/// </summary>
/// <remarks>
/// Kernels are odd, as inception1d in the PTB-XL benchmark has them (Strodthoff et al. 2021, doi 10.1109/JBHI.2020.3022989,
/// helme/ecg_ptbxl_benchmarking), where the paper has 40, 20 and 10. The head is the paper's, average pooling and one dense layer; the
/// benchmark joins average and max pooling and has a hidden layer and dropout, which would break the exact class activation map.
/// </remarks>
internal sealed class InceptionTime : Backbone, ILayerGraphSource
{
    private readonly InceptionTimeOptions _options;
    private readonly ChainPlan _plan;
    private readonly LayerChain _layers;

    /// <summary>Builds the network with fresh weights.</summary>
    /// <param name="leads">Leads of the input.</param>
    /// <param name="options">Width, depth and kernels; null for the published ones.</param>
    /// <exception cref="ArgumentException">A size is not positive or a kernel is even.</exception>
    public InceptionTime(int leads, InceptionTimeOptions? options = null)
        : base(nameof(InceptionTime))
    {
        _options = options ?? new InceptionTimeOptions();
        _plan = Plan(leads, _options);
        _layers = new LayerChain(this, _plan.Build());
    }

    /// <inheritdoc/>
    public override int Channels => _options.Filters * (_options.Kernels.Length + 1);

    /// <summary>The longest kernel.</summary>
    public override int ShortestInput => _options.Kernels.Max();

    /// <inheritdoc/>
    public override bool TakesBfloat16 => true;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => _layers.Features(input);

    /// <inheritdoc/>
    public string AddTo(LayerGraphBuilder graph, string input) => _plan.AddTo(graph, "", input);

    /// <summary>The layers that options ask for.</summary>
    internal static ChainPlan Plan(int leads, InceptionTimeOptions options)
    {
        SizeCheck.Positive(nameof(InceptionTimeOptions.Filters), options.Filters);
        SizeCheck.Positive(nameof(InceptionTimeOptions.Bottleneck), options.Bottleneck);
        SizeCheck.Odd(nameof(InceptionTimeOptions.Kernels), options.Kernels);
        SizeCheck.Blocks(nameof(InceptionTimeOptions.Blocks), options.Blocks);
        var channels = options.Filters * (options.Kernels.Length + 1);
        return new ChainPlan(
            [.. Enumerable.Range(1, options.Blocks).Select(i => ($"block{i}", (LayerPlan)Block(i == 1 ? leads : channels)))]);

        ResidualPlan Block(int from) => new(
            new(
            [
                ("module1", new InceptionPlan(from, options)), ("module2", new InceptionPlan(channels, options)),
                ("module3", new InceptionPlan(channels, options)),
            ]),
            new([("shortcut", new ConvNormPlan(from, channels, 1, Relu: false))]));
    }

    private sealed record InceptionPlan(int From, InceptionTimeOptions Options) : LayerPlan
    {
        public override Layer Build() => new InceptionModule(From, Options);

        public override string AddTo(LayerGraphBuilder graph, string name, string input)
        {
            var narrow = graph.Add(Convolution($"{name}.bottleneck", input, Options.Bottleneck, 1));
            var branches = Options.Kernels.Select(
                (kernel, i) => graph.Add(Convolution($"{name}.conv{i + 1}", narrow, Options.Filters, kernel))).ToList();
            var pool = graph.Add(new PoolNode($"{name}.pool", input, PoolKind.Max, 3, 1, 1));
            branches.Add(graph.Add(Convolution($"{name}.pooled", pool, Options.Filters, 1)));
            var joined = graph.Add(new ConcatNode($"{name}.joined", branches));
            var norm = graph.Add(new BatchNormNode($"{name}.norm", joined));
            return graph.Add(new ActivationNode($"{name}.relu", norm));
        }
    }

    /// <summary>Convolutions of different kernels on a narrowed input, joined with a max-pooled branch; batch norm and ReLU.</summary>
    private sealed class InceptionModule : Layer
    {
        private readonly Conv1d _bottleneck;
        private readonly Conv1d[] _kernels;
        private readonly MaxPool _pool;
        private readonly Conv1d _pooled;
        private readonly BatchNorm2d _norm;

        public InceptionModule(int from, InceptionTimeOptions options)
            : base(nameof(InceptionModule))
        {
            _bottleneck = Convolution(from, options.Bottleneck, 1);
            _kernels = [.. options.Kernels.Select(kernel => Convolution(options.Bottleneck, options.Filters, kernel))];
            _pool = new MaxPool(stride: 1);
            _pooled = Convolution(from, options.Filters, 1);
            _norm = nn.BatchNorm2d(options.Filters * (_kernels.Length + 1));

            register_module("bottleneck", _bottleneck);
            for (var i = 0; i < _kernels.Length; i++)
                register_module($"conv{i + 1}", _kernels[i]);
            register_module("pool", _pool);
            register_module("pooled", _pooled);
            register_module("norm", _norm);
        }

        public override Tensor forward(Tensor input)
        {
            using var joined = Join(input);
            var normalised = Plane.Normalise(_norm, joined);
            normalised.relu_();
            return normalised;
        }

        // A method of its own, so that the branches are released before the norm needs room.
        private Tensor Join(Tensor input)
        {
            var branches = new Tensor[_kernels.Length + 1];
            using (var narrow = Plane.Convolve(_bottleneck, input))
                for (var i = 0; i < _kernels.Length; i++)
                    branches[i] = Plane.Convolve(_kernels[i], narrow);
            using (var pooled = _pool.call(input))
                branches[^1] = Plane.Convolve(_pooled, pooled);
            var joined = cat(branches, 1);
            foreach (var branch in branches)
                branch.Dispose();
            return joined;
        }
    }
}
