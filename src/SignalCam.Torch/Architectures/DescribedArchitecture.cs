using SignalCam.Abstractions;
using SignalCam.Core.Models;

namespace SignalCam.Torch.Architectures;

/// <summary>An architecture that says what it would build from its options, before it builds anything.</summary>
internal interface IDescribedArchitecture
{
    /// <inheritdoc cref="IEcgArchitecture.Name"/>
    string Name { get; }

    /// <summary>Adds the backbone's layers to a graph, as the backbone would.</summary>
    /// <param name="graph">Collects layers.</param>
    /// <param name="leads">Leads of the signals.</param>
    /// <returns>The layer that gives the feature maps.</returns>
    /// <exception cref="ArgumentException">The options make no network; the message names the option.</exception>
    string AddTo(LayerGraphBuilder graph, int leads);
}

/// <summary>Holds a described backbone to <see cref="ModelLimits"/> before it is built with fresh weights.</summary>
internal static class DescribedArchitecture
{
    /// <summary>Checks the sizes.</summary>
    /// <exception cref="ArgumentException">
    /// The options make no network, or one that is too large; the message names what was found and what is allowed.
    /// </exception>
    public static void Require(IDescribedArchitecture architecture, SignalLayout input)
    {
        var builder = new LayerGraphBuilder();
        try
        {
            architecture.AddTo(builder, input.LeadCount);
            var graph = builder.Build(input.LeadCount);
            // Weights do not depend on the length, and whether it is long enough is for the backbone to say.
            var weights = GraphTensors.Of(graph.Nodes, graph.ShapesFor(ModelLimits.Length))
                .Aggregate(Int128.Zero, (sum, tensor) => sum + tensor.Count);
            if (weights > ModelLimits.Weights)
                throw new ArgumentException($"found options for {weights} weights, expected at most {ModelLimits.Weights}");
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"architecture {architecture.Name}: {e.Message}", e.ParamName, e);
        }
    }
}
