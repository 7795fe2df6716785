using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using static TorchSharp.torch;

namespace SignalCam.Torch.Architectures;

/// <summary>Options of <see cref="Ensemble"/>.</summary>
internal sealed class EnsembleOptions
{
    /// <summary>
    /// The members: at least two architectures with their options. Their feature maps must have the same number of cells.
    /// </summary>
    [Required]
    [MinLength(2)]
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Lists are counted as collections, which needs no reflection.")]
    public IReadOnlyList<ComponentSpec> Members { get; set; } = [];
}

/// <summary>
/// Several backbones side by side: each sees the same signals, and the channels of their feature maps follow one another. With the members'
/// heads joined (<see cref="Networks.ModelEnsemble"/>) its logit is the mean of the members' logits, and its class activation map the mean
/// of their maps. Trained from fresh weights it is one network of several branches.
/// </summary>
/// <remarks>The state dict has the members' names behind "member1.", "member2." and so on.</remarks>
internal sealed class Ensemble : Backbone, ILayerGraphSource
{
    private readonly Backbone[] _members;

    /// <summary>Takes ownership of the members.</summary>
    public Ensemble(Backbone[] members)
        : base(nameof(Ensemble))
    {
        _members = members;
        for (var i = 0; i < members.Length; i++)
            register_module(MemberName(i), members[i]);
    }

    /// <inheritdoc/>
    public override int Channels => _members.Sum(member => member.Channels);

    /// <inheritdoc/>
    public override int ShortestInput => _members.Max(member => member.ShortestInput);

    /// <inheritdoc/>
    public override bool TakesBfloat16 => _members.All(member => member.TakesBfloat16);

    /// <summary>What the names of a member's tensors and layers begin with, before a dot.</summary>
    public static string MemberName(int index) => FormattableString.Invariant($"member{index + 1}");

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The members' feature maps differ in length; the message names both.</exception>
    public override Tensor forward(Tensor input)
    {
        var features = new List<Tensor>(_members.Length);
        try
        {
            foreach (var member in _members)
            {
                features.Add(member.call(input));
                if (features[^1].shape[^1] != features[0].shape[^1])
                    throw new ArgumentException($"ensemble: {MemberName(features.Count - 1)} ({member.GetName()}) has feature maps of "
                        + $"{features[^1].shape[^1]} cells, {MemberName(0)} ({_members[0].GetName()}) of {features[0].shape[^1]}");
            }
            return cat(features, 1);
        }
        finally
        {
            features.ForEach(part => part.Dispose());
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LayerDescription> Describe(SignalLayout input) => _members.All(member => member is ILayerGraphSource)
        ? base.Describe(input)
        : [.. _members.SelectMany((member, i) =>
            member.Describe(input).Select(row => row with { Name = $"{MemberName(i)}.{row.Name}" }))];

    /// <inheritdoc/>
    /// <exception cref="ModelNotSupportedException">A member does not say what it computes.</exception>
    public string AddTo(LayerGraphBuilder graph, string input) => AddTo(graph, _members.Length, i => _members[i] is ILayerGraphSource source
        ? source.AddTo(graph, input)
        : throw new ModelNotSupportedException($"{MemberName(i)} of the ensemble, {_members[i].GetName()}, does not say what it computes: "
            + $"its class must implement {nameof(ILayerGraphSource)}"));

    /// <summary>Adds the members' layers to a graph, and the layer that joins them.</summary>
    /// <param name="graph">Collects layers.</param>
    /// <param name="members">Their number.</param>
    /// <param name="add">Adds the layers of a member.</param>
    internal static string AddTo(LayerGraphBuilder graph, int members, Func<int, string> add)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var features = new string[members];
        for (var i = 0; i < members; i++)
            features[i] = graph.AddUnder(MemberName(i) + ".", () => add(i));
        // The last convolutions of the members are not one layer.
        graph.LastConvolution = null;
        return graph.Add(new ConcatNode("members", features));
    }

    // See Layer.
    protected override void RegisterComponents()
    {
    }
}

/// <summary>The architecture "ensemble": other architectures side by side.</summary>
internal class EnsembleArchitecture : IEcgArchitecture
{
    /// <summary>The name it is looked up by.</summary>
    public const string ArchitectureName = "ensemble";

    private readonly IEcgArchitecture[] _members;

    private EnsembleArchitecture(IEcgArchitecture[] members) => _members = members;

    /// <inheritdoc/>
    public string Name => ArchitectureName;

    /// <summary>Creates the architecture from its options.</summary>
    /// <param name="options">Names the members.</param>
    /// <param name="architectures">Has the members, those of third parties included.</param>
    /// <exception cref="PluginException">A member is unknown, or its options do not fit.</exception>
    public static EnsembleArchitecture Create(EnsembleOptions options, PluginRegistry<IEcgArchitecture> architectures)
    {
        IEcgArchitecture[] members = [.. options.Members.Select(architectures.Create)];
        return members.All(member => member is IDescribedArchitecture) ? new Described(members) : new EnsembleArchitecture(members);
    }

    /// <inheritdoc/>
    public Backbone Create(SignalLayout input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (this is IDescribedArchitecture described)
            DescribedArchitecture.Require(described, input);
        var members = new List<Backbone>(_members.Length);
        try
        {
            foreach (var member in _members)
                members.Add(member.Create(input));
        }
        catch
        {
            members.ForEach(member => member.Dispose());
            throw;
        }
        return new Ensemble([.. members]);
    }

    /// <summary>One whose members all state what they would build.</summary>
    private sealed class Described(IEcgArchitecture[] members) : EnsembleArchitecture(members), IDescribedArchitecture
    {
        public string AddTo(LayerGraphBuilder graph, int leads) =>
            Ensemble.AddTo(graph, _members.Length, i => ((IDescribedArchitecture)_members[i]).AddTo(graph, leads));
    }
}
