using System.ComponentModel.DataAnnotations;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Torch.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SignalCam.Torch.Architectures;

/// <summary>Options of <see cref="SignalCnn"/>. The defaults are the published network.</summary>
internal sealed class SignalCnnOptions
{
    /// <summary>
    /// Output channels of the convolutions, first to last; all but the last are followed by a pooling by two. Default 16, 16, 32, 64.
    /// </summary>
    [MinLength(2)]
    public int[] Channels { get; set; } = [16, 16, 32, 64];

    /// <summary>Kernel of the first convolution in samples, odd. Default 11.</summary>
    [Range(1, 501)]
    public int FirstKernel { get; set; } = 11;

    /// <summary>Kernel of the other convolutions in samples, odd. Default 7.</summary>
    [Range(1, 501)]
    public int Kernel { get; set; } = 7;

    /// <summary>Slope of the leaky ReLU for negative inputs. Default 0.1.</summary>
    [Range(0.0, 1.0)]
    public double NegativeSlope { get; set; } = 0.1;
}

/// <summary>
/// The lightweight CNN of Augustauskas et al., EMBC 2025 (doi 10.1109/EMBC58623.2025.11253260): four convolutions with batch norm and
/// leaky ReLU, the first three each followed by max pooling by two; 22,273 parameters with the binary head. The names of its state
/// dict are those of the released weights.
/// </summary>
internal sealed class SignalCnn : Backbone, ILastConvolution, ILayerGraphSource
{
    private readonly SignalCnnOptions _options;
    private readonly ConvNormPool _first;
    private readonly Sequential _middle;
    private readonly Conv1d _lastConvolution;
    private readonly BatchNorm2d _lastNorm;

    /// <summary>Builds the network with fresh weights.</summary>
    /// <param name="leads">Leads of the input.</param>
    /// <param name="options">Width, depth and kernels; null for the published ones.</param>
    /// <exception cref="ArgumentException">A kernel is even or there are fewer than two convolutions.</exception>
    public SignalCnn(int leads, SignalCnnOptions? options = null)
        : base(nameof(SignalCnn))
    {
        _options = options ?? new SignalCnnOptions();
        Check(_options);

        var channels = _options.Channels;
        _first = Block(leads, channels[0], _options.FirstKernel);
        _middle = Sequential(channels[..^1].Zip(channels[1..^1], (from, to) => Block(from, to, _options.Kernel))
            .ToArray<Module<Tensor, Tensor>>());
        _lastConvolution = Conv1d(channels[^2], channels[^1], _options.Kernel, padding: _options.Kernel / 2);
        _lastNorm = BatchNorm2d(channels[^1]);

        register_module("pre_cnn_extractor", _first);
        register_module("cnn_extractor", _middle);
        register_module("last_conv", _lastConvolution);
        register_module("last_batch_norm", _lastNorm);
    }

    /// <inheritdoc/>
    public override int Channels => _options.Channels[^1];

    /// <inheritdoc/>
    public override int ShortestInput => 1 << (_options.Channels.Length - 1);

    /// <inheritdoc/>
    public override bool TakesBfloat16 => true;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var convolved = LastConvolution(input);
        return Features(convolved);
    }

    /// <inheritdoc/>
    public (Tensor Features, Tensor LastConvolution) ForwardWithLastConvolution(Tensor signals)
    {
        using var convolved = LastConvolution(signals);
        return (Features(convolved), Plane.ToFeatures(convolved));
    }

    /// <inheritdoc/>
    public string AddTo(LayerGraphBuilder graph, string input) => AddTo(graph, input, _options);

    /// <summary>Adds the layers that options ask for to a graph.</summary>
    internal static string AddTo(LayerGraphBuilder graph, string input, SignalCnnOptions options)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Check(options);
        var last = options.Channels.Length - 1;
        for (var i = 0; i < last; i++)
        {
            var name = i == 0 ? "pre_cnn_extractor" : FormattableString.Invariant($"cnn_extractor.{i - 1}");
            var convolution = graph.Add(Node($"{name}.0", input, i));
            var norm = graph.Add(new BatchNormNode($"{name}.1", convolution));
            var activation = graph.Add(new ActivationNode($"{name}.2", norm, options.NegativeSlope));
            input = graph.Add(new PoolNode($"{name}.3", activation, PoolKind.Max, 2, 2));
        }
        graph.LastConvolution = graph.Add(Node("last_conv", input, last));
        var lastNorm = graph.Add(new BatchNormNode("last_batch_norm", graph.LastConvolution));
        return graph.Add(new ActivationNode("last_activation", lastNorm, options.NegativeSlope));

        ConvolutionNode Node(string name, string from, int index)
        {
            var kernel = index == 0 ? options.FirstKernel : options.Kernel;
            return new(name, from, options.Channels[index], kernel, 1, kernel / 2, kernel / 2, HasBias: true);
        }
    }

    private static void Check(SignalCnnOptions options)
    {
        SizeCheck.Positive(nameof(SignalCnnOptions.Channels), options.Channels);
        if (options.Channels.Length < 2)
            throw new ArgumentException(
                $"{nameof(SignalCnnOptions.Channels)}: found [{string.Join(", ", options.Channels)}], expected at least two "
                + "positive numbers", nameof(options));
        if (options.FirstKernel % 2 == 0 || options.Kernel % 2 == 0)
            throw new ArgumentException(
                $"kernels must be odd to keep the length: found {options.FirstKernel} and {options.Kernel}", nameof(options));
    }

    private ConvNormPool Block(int from, int to, int kernel) => new(from, to, kernel, _options.NegativeSlope);

    private Tensor LastConvolution(Tensor signals)
    {
        using var plane = Plane.From(signals);
        using var first = _first.call(plane);
        using var middle = _middle.call(first);
        return Plane.Convolve(_lastConvolution, middle);
    }

    private Tensor Features(Tensor lastConvolution)
    {
        using var normalised = Plane.Normalise(_lastNorm, lastConvolution);
        normalised.Leak(_options.NegativeSlope);
        return Plane.ToFeatures(normalised);
    }

    /// <summary>
    /// Convolution, batch norm, leaky ReLU and max pooling by two; its children are "0" and "1", as in the released weights.
    /// </summary>
    private sealed class ConvNormPool : Module<Tensor, Tensor>
    {
        private readonly Conv1d _convolution;
        private readonly BatchNorm2d _norm;
        private readonly double _negativeSlope;

        public ConvNormPool(int from, int to, int kernel, double negativeSlope)
            : base(nameof(ConvNormPool))
        {
            _convolution = Conv1d(from, to, kernel, padding: kernel / 2);
            _norm = BatchNorm2d(to);
            _negativeSlope = negativeSlope;
            register_module("0", _convolution);
            register_module("1", _norm);
        }

        public override Tensor forward(Tensor input)
        {
            using var normalised = Plane.ConvolveAndNormalise(_convolution, _norm, input);
            // The pooling first: the activation does not change which of two is the larger, and has half as much to do.
            var pooled = Plane.MaxPool(normalised, 2, 2, 0);
            pooled.Leak(_negativeSlope);
            return pooled;
        }

        // See Layer: the default would add every field that is a module once more.
        protected override void RegisterComponents()
        {
        }
    }
}

/// <summary>Registers <see cref="SignalCnn"/> under the name "signal-cnn".</summary>
/// <param name="options">Width, depth and kernels.</param>
internal sealed class SignalCnnArchitecture(SignalCnnOptions options) : IEcgArchitecture, IDescribedArchitecture
{
    /// <summary>The name: "signal-cnn".</summary>
    public const string ArchitectureName = "signal-cnn";

    /// <inheritdoc/>
    public string Name => ArchitectureName;

    /// <inheritdoc/>
    public Backbone Create(SignalLayout input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var halved = options.Channels is { Length: > 1 and < 32 } channels ? channels.Length - 1 : 0;
        if (input.Length < 1 << halved)
            throw new ArgumentException(
                $"{Name} halves the length {halved} times: found {input.Length}, expected at least {1 << halved} samples", nameof(input));
        DescribedArchitecture.Require(this, input);
        return new SignalCnn(input.LeadCount, options);
    }

    string IDescribedArchitecture.AddTo(LayerGraphBuilder graph, int leads) => SignalCnn.AddTo(graph, LayerGraph.Signals, options);
}
