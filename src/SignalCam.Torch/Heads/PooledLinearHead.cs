using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Torch.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SignalCam.Torch.Heads;

/// <summary>Global average pooling and one dense layer, the head that class activation maps were defined for.</summary>
/// <remarks>
/// A head that derives from it and changes only its loss, or takes the sigmoid or the softmax of the logits for its probabilities, has its
/// layer graph and its maps by inheritance.
/// </remarks>
public abstract class PooledLinearHead : EcgHead, ILayerGraphSource
{
    /// <summary>The name of the dense layer in the state dict.</summary>
    internal const string LayerName = "pred_layer";

    /// <summary>The names of its tensors in the state dict: (class, channel) and (class).</summary>
    internal const string WeightName = LayerName + ".weight", BiasName = LayerName + ".bias";

    private readonly Linear _dense;

    /// <summary>Builds the dense layer; its state dict names are `pred_layer.weight` and `pred_layer.bias`.</summary>
    protected PooledLinearHead(string name, int channels, int classes)
        : base(name)
    {
        _dense = nn.Linear(channels, classes);
        register_module(LayerName, _dense);
    }

    /// <inheritdoc/>
    public override Tensor Bias => _dense.bias!;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        // The mean, of which the gradient needs no array of its own: that of a sum is one number for all cells.
        using var sum = input.sum([2L]);
        using var pooled = sum.Over(input.shape[2]);
        return _dense.call(pooled);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A convolution of width one with the head's weights. For a single class a weighted sum over the channels costs half of that
    /// on the CPU, and next to the forward pass it shows.
    /// </remarks>
    public override Tensor Cam(Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        using var weights = _dense.weight!.unsqueeze(-1);
        if (weights.shape[0] > 1)
            return nn.functional.conv1d(features, weights);
        using var weighted = features * weights;
        return weighted.sum([1L], keepdim: true);
    }

    /// <summary>Adds pooling, dense layer, probabilities and class activation maps to a graph.</summary>
    /// <param name="graph">Collects layers.</param>
    /// <param name="input">The layer that gives the feature maps.</param>
    /// <returns>The layer that gives the logits.</returns>
    /// <exception cref="ModelNotSupportedException">
    /// The head computes something else: its logits are not those of the dense layer, its maps not those of the dense layer's weights, or
    /// its probabilities neither the sigmoid nor the softmax of the logits. Override this method, then, to say what it computes.
    /// </exception>
    public virtual string AddTo(LayerGraphBuilder graph, string input) =>
        AddTo(graph, input, Bias.numel(), HeadForm.IsSoftmax(this, _dense));

    /// <summary>Adds pooling, dense layer, probabilities and maps to a graph; returns the logits.</summary>
    internal static string AddTo(LayerGraphBuilder graph, string input, long classes, bool isSoftmax)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var pooled = graph.Add(new GlobalAveragePoolNode("head.pool", input));
        var logits = graph.Add(new DenseNode(LayerName, pooled, (int)classes));
        graph.Add(new ProbabilityNode("head.probabilities", logits, isSoftmax));
        graph.Add(new CamNode("head.cam", input, logits, CamKind.Exact));
        if (graph.LastConvolution is { } convolution)
            graph.Add(new CamNode("head.paper_cam", convolution, logits, CamKind.Paper));
        return logits;
    }

    /// <summary>
    /// Starts from answers that say how common each class is and nothing else: weights of zero, biases of the classes' shares (Lin et al.
    /// 2017,
    /// section 4.1). A trained backbone then is not led astray by what a random head makes of it (Kumar et al. 2022).
    /// </summary>
    /// <param name="shares">The share of recordings that each class applies to, above 0 and below 1.</param>
    internal void StartFromShares(IReadOnlyList<double> shares)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        _dense.weight!.zero_();
        _dense.bias!.copy_(tensor(shares.Select(share => (float)BiasFor(share)).ToArray()));
    }

    /// <summary>The bias with which the probability of a class equals its share if the features say nothing about it.</summary>
    private protected virtual double BiasFor(double share) => Math.Log(share / (1 - share));

    private protected static float[]? CheckWeights(float[]? weights, int classes) => weights is null || weights.Length == classes
        ? weights
        : throw new ArgumentException(
            $"{nameof(HeadOptions.ClassWeights)}: found {weights.Length}, expected one for each of {classes} classes", nameof(weights));

    /// <summary>Made anew for each batch: a buffer would be a tensor in the state dict that the released weights do not have.</summary>
    private protected static Tensor? WeightsFor(Tensor logits, float[]? weights) =>
        weights is null ? null : tensor(weights, device: logits.device);
}

/// <summary>A sigmoid for each class and binary cross entropy: the binary head (one class) and the multilabel head (any number).</summary>
internal sealed class SigmoidHead : PooledLinearHead
{
    private readonly float[]? _classWeights;

    /// <summary>Builds the head with fresh weights.</summary>
    /// <param name="channels">Channels of the backbone's feature maps.</param>
    /// <param name="classes">Number of outputs.</param>
    /// <param name="classWeights">As <see cref="HeadOptions.ClassWeights"/>; null for none.</param>
    /// <exception cref="ArgumentException">There are not as many weights as classes.</exception>
    public SigmoidHead(int channels, int classes, float[]? classWeights = null)
        : base(nameof(SigmoidHead), channels, classes) => _classWeights = CheckWeights(classWeights, classes);

    /// <inheritdoc/>
    public override string AddTo(LayerGraphBuilder graph, string input) => AddTo(graph, input, Bias.numel(), isSoftmax: false);

    /// <inheritdoc/>
    /// <remarks>Computed from the logits, which equals the published loss on the sigmoid and cannot overflow.</remarks>
    public override Tensor Loss(Tensor logits, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(logits);
        using var weights = WeightsFor(logits, _classWeights);
        return nn.functional.binary_cross_entropy_with_logits(logits, targets, pos_weights: weights);
    }

    /// <inheritdoc/>
    public override Tensor Probabilities(Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        return logits.sigmoid();
    }
}

/// <summary>Softmax over the classes and cross entropy: exactly one class applies.</summary>
internal sealed class SoftmaxHead : PooledLinearHead
{
    private readonly float[]? _classWeights;

    /// <summary>Builds the head with fresh weights.</summary>
    /// <param name="channels">Channels of the backbone's feature maps.</param>
    /// <param name="classes">Number of outputs.</param>
    /// <param name="classWeights">As <see cref="HeadOptions.ClassWeights"/>; null for none.</param>
    /// <exception cref="ArgumentException">There are not as many weights as classes.</exception>
    public SoftmaxHead(int channels, int classes, float[]? classWeights = null)
        : base(nameof(SoftmaxHead), channels, classes) => _classWeights = CheckWeights(classWeights, classes);

    /// <inheritdoc/>
    public override string AddTo(LayerGraphBuilder graph, string input) => AddTo(graph, input, Bias.numel(), isSoftmax: true);

    /// <inheritdoc/>
    public override Tensor Loss(Tensor logits, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(targets);
        using var classes = targets.argmax(1);
        using var weights = WeightsFor(logits, _classWeights);
        return nn.functional.cross_entropy(logits, classes, weights);
    }

    /// <inheritdoc/>
    public override Tensor Probabilities(Tensor logits) => nn.functional.softmax(logits, 1);

    private protected override double BiasFor(double share) => Math.Log(share);
}
