using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Torch.Architectures;
using SignalCam.Torch.Heads;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SignalCam.Torch.Networks;

/// <summary>A backbone and a head: signals in, logits and class activation maps out of the same forward pass.</summary>
/// <remarks>
/// Owns both modules. In evaluation mode it may be called from several threads at once; training is for one thread.
/// The state dict is flat: the names of the backbone's and of the head's tensors, without a prefix.
/// </remarks>
public sealed class EcgNetwork : IDisposable
{
    /// <summary>Joins a backbone and a head.</summary>
    /// <exception cref="ArgumentException">A tensor of both has the same name.</exception>
    public EcgNetwork(Backbone backbone, EcgHead head)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(head);
        Backbone = backbone;
        Head = head;
        var doubled = backbone.state_dict().Keys.Intersect(head.state_dict().Keys).FirstOrDefault();
        if (doubled is not null)
            throw new ArgumentException(
                $"backbone {backbone.GetName()} and head {head.GetName()} both have a tensor named '{doubled}'", nameof(head));
    }

    /// <summary>Turns signals into feature maps.</summary>
    public Backbone Backbone { get; }

    /// <summary>Turns feature maps into logits and maps.</summary>
    public EcgHead Head { get; }

    /// <summary>All trainable parameters.</summary>
    public IEnumerable<Parameter> Parameters => Backbone.parameters().Concat(Head.parameters());

    /// <summary>Number of trainable parameters.</summary>
    public long ParameterCount => Parameters.Sum(p => p.numel());

    /// <summary>All weights and buffers by name; the tensors are the network's own.</summary>
    public IReadOnlyDictionary<string, Tensor> State
    {
        get
        {
            // A module that is a field and was registered under another name as well is in TorchSharp's state dict twice: the first name
            // counts.
            var (state, seen) = (new Dictionary<string, Tensor>(), new HashSet<IntPtr>());
            foreach (var (name, tensor) in Backbone.state_dict().Concat(Head.state_dict()))
                if (seen.Add(tensor.Handle))
                    state.Add(name, tensor);
            return state;
        }
    }

    /// <summary>
    /// What the network computes, layer by layer; null where its backbone or its head does not say, or leaves out a map that it gives.
    /// </summary>
    /// <param name="leads">Leads of the signals.</param>
    /// <param name="missing">Null, or what would have to be there, for people.</param>
    /// <exception cref="ArgumentException">
    /// The layers do not make a network, or have weights that the network has not; the message names the layer.
    /// </exception>
    public LayerGraph? FindGraph(int leads, out string? missing)
    {
        missing = Missing("backbone", Backbone) ?? Missing("head", Head);
        if (missing is not null)
            return null;
        var builder = new LayerGraphBuilder();
        try
        {
            var features = ((ILayerGraphSource)Backbone).AddTo(builder, LayerGraph.Signals);
            ((ILayerGraphSource)Head).AddTo(builder, features);
        }
        catch (ModelNotSupportedException e)
        {
            missing = e.Message;
            return null;
        }
        var graph = builder.Build(leads);
        missing = MissingMap(graph);
        if (missing is not null)
            return null;
        RequireWeights(graph);
        return graph;

        static string? Missing(string part, nn.Module module) => module is ILayerGraphSource
            ? null
            : $"the {part} {module.GetName()} does not say what it computes: its class would have to implement {nameof(ILayerGraphSource)}";
    }

    /// <summary>A map that TorchSharp would give and the graph would not.</summary>
    private string? MissingMap(LayerGraph graph)
    {
        if (graph.FindCam(CamKind.Exact) is null)
            return $"the head {Head.GetName()} gives class activation maps, but its AddTo adds no {nameof(CamNode)} of the kind "
                + $"{CamKind.Exact}";
        if (Backbone is ILastConvolution && graph.FindCam(CamKind.Paper) is null)
            return $"the backbone {Backbone.GetName()} gives its last convolution, which CAM `paper` is made from, but the graph has no "
                + "such maps: "
                + $"the backbone's AddTo has to set {nameof(LayerGraphBuilder.LastConvolution)}, and the head's to add a "
                + $"{nameof(CamNode)} of the kind {CamKind.Paper}";
        return null;
    }

    private void RequireWeights(LayerGraph graph)
    {
        var state = State;
        foreach (var tensor in GraphTensors.Of(graph.Nodes, graph.ShapesFor(ModelLimits.Length)))
            if (!state.ContainsKey(tensor.Name))
                throw new ArgumentException($"layer '{tensor.Layer}' needs a tensor '{tensor.Name}', which the network has not; it has "
                    + $"{string.Join(", ", state.Keys.Take(40))}");
    }

    /// <summary>Logits (batch, class) of signals (batch, lead, time).</summary>
    public Tensor Forward(Tensor signals)
    {
        using var features = Backbone.call(signals);
        return Head.call(features);
    }

    /// <summary>Logits (batch, class) and class activation maps (batch, class, cell) of signals (batch, lead, time), in one pass.</summary>
    /// <exception cref="ModelNotSupportedException">
    /// CAM `paper` of an architecture that does not give its last convolution's output.
    /// </exception>
    public (Tensor Logits, Tensor Cam) ForwardWithCam(Tensor signals, CamKind kind)
    {
        if (kind == CamKind.Exact)
        {
            using var pooled = Backbone.call(signals);
            return (Head.call(pooled), Head.Cam(pooled));
        }
        if (Backbone is not ILastConvolution published)
            throw new ModelNotSupportedException(
                $"{Backbone.GetName()} does not give its last convolution's output, which CAM `paper` is made from; use CAM `exact`");
        var (features, convolution) = published.ForwardWithLastConvolution(signals);
        using (features)
        using (convolution)
            return (Head.call(features), Head.Cam(convolution));
    }

    /// <summary>Training mode: batch norm uses and updates batch statistics, dropout is on.</summary>
    public void Train()
    {
        Backbone.train();
        Head.train();
    }

    /// <summary>Evaluation mode.</summary>
    public void Evaluate()
    {
        Backbone.eval();
        Head.eval();
    }

    /// <summary>Moves all weights to a device.</summary>
    public void To(Device device)
    {
        Backbone.to(device);
        Head.to(device);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Backbone.Dispose();
        Head.Dispose();
    }
}
