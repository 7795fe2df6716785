namespace SignalCam.Core.Models;

/// <summary>Puts a head to the backbone of another model, so that models of one backbone need its weights only once.</summary>
internal static class SharedBackbone
{
    /// <summary>The model that a head's file describes: its tensors, and all others from the model with the backbone.</summary>
    /// <param name="shared">The model with the backbone, whose layer graph has one dense layer with maps made from it.</param>
    /// <param name="head">The head's tensors, and the manifest of the whole model; no layer graph.</param>
    /// <exception cref="ArgumentException">The model with the backbone has no layer graph, or none with maps.</exception>
    public static ModelFile Join(ModelFile shared, ModelFile head)
    {
        ArgumentNullException.ThrowIfNull(shared);
        ArgumentNullException.ThrowIfNull(head);
        if (shared.Graph?.FindCam(Abstractions.CamKind.Exact) is not { } cam)
            throw new ArgumentException("the model with the backbone has no layer graph with class activation maps", nameof(shared));
        LayerNode[] nodes =
        [
            .. shared.Graph.Nodes.Select(node => node is DenseNode dense && dense.Name == cam.Dense
                ? dense with { Channels = head.Manifest.Classes.Count }
                : node),
        ];
        return new ModelFile(head.Manifest, [.. shared.Weights.Select(weight => head.FindWeight(weight.Name) ?? weight)],
            graph: new LayerGraph(shared.Graph.Leads, nodes));
    }
}
