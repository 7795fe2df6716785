using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Torch.Architectures;
using SignalCam.Torch.Heads;

namespace SignalCam.Torch.Networks;

/// <summary>Builds the network of a model file, after its options have been checked against the file's tensors.</summary>
internal static class NetworkCheck
{
    /// <summary>
    /// Builds the network with fresh weights. What a built-in architecture and head would build is compared with the file's tensors first,
    /// so that no option of a file makes a network that its weights do not fill.
    /// </summary>
    /// <param name="file">The model file.</param>
    /// <param name="name">Its name in messages.</param>
    /// <param name="components">The plug-ins that it names.</param>
    /// <exception cref="ModelFormatException">
    /// The options make no network, or not that of the file's tensors; the message names the option or the tensor.
    /// </exception>
    /// <exception cref="PluginException">A plug-in named in the file is missing.</exception>
    public static EcgNetwork Create(ModelFile file, string name, NetworkComponents components)
    {
        try
        {
            Require(file, name, components);
            return EcgModel.CreateNetwork(file.Manifest, components);
        }
        catch (ArgumentException e)
        {
            throw new ModelFormatException(name, "manifest, architecture and head", e.Message, "options that make a network", e);
        }
    }

    private static void Require(ModelFile file, string name, NetworkComponents components)
    {
        var manifest = file.Manifest;
        if (components.Architectures.Create(manifest.Architecture) is not IDescribedArchitecture architecture)
            return;
        var builder = new LayerGraphBuilder();
        var features = architecture.AddTo(builder, manifest.Leads.Count);
        if (BuiltInHeads.Contains(components.Heads.Create(manifest.Head)))
            PooledLinearHead.AddTo(builder, features, manifest.Classes.Count, manifest.TaskKind == TaskKind.Multiclass);
        var graph = builder.Build(manifest.Leads.Count);
        var shapes = graph.ShapesFor(manifest.Length);
        var needed = GraphTensors.Of(graph.Nodes, shapes).ToArray();
        GraphTensors.Require(needed, file.FindWeight, name);
        ModelCheck.RequireWork(graph, shapes, needed.Sum(tensor => tensor.Count), name);
    }
}
