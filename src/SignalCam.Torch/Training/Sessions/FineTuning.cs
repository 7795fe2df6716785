using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Torch.Heads;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Training.Data;

namespace SignalCam.Torch.Training.Sessions;

/// <summary>Starts a training from the weights of a trained model instead of fresh ones.</summary>
internal static class FineTuning
{
    /// <summary>Copies the model's backbone into a network, and its head if it has the same outputs.</summary>
    /// <param name="network">The network with fresh weights.</param>
    /// <param name="manifest">The manifest of the new model.</param>
    /// <param name="from">The model to start from.</param>
    /// <param name="name">Its name in messages.</param>
    /// <param name="components">The plug-ins named by both.</param>
    /// <param name="freeze">The part of the network that is frozen.</param>
    /// <param name="train">The training recordings, from which the frequency of classes is taken.</param>
    /// <returns>Whether the head was kept.</returns>
    /// <exception cref="TrainingException">Architecture, preprocessing, leads or rate differ; the message states both sides.</exception>
    /// <exception cref="ModelFormatException">The file lacks a tensor of the backbone.</exception>
    public static bool Begin(EcgNetwork network, ModelManifest manifest, ModelFile from, string name, NetworkComponents components,
        FrozenPart freeze, LabeledRecordings train)
    {
        var source = from.Manifest;
        RequireSame(name, "architecture", components.Architectures.Resolve(source.Architecture), manifest.Architecture);
        RequireSame(name, "preprocessing", Text(source.Preprocessing.Select(components.Transforms.Resolve)), Text(manifest.Preprocessing));
        RequireSame(name, "leads", string.Join(", ", source.Leads), string.Join(", ", manifest.Leads));
        RequireSame(name, "sampling rate", source.SamplingRate, manifest.SamplingRate);
        var keepsHead = KeepsHead(source, manifest.Classes, manifest.TaskKind)
            && components.Heads.Resolve(source.Head).Name == manifest.Head.Name;
        var head = network.Head.state_dict();
        var names = network.State.Keys.Where(tensor => keepsHead || !head.ContainsKey(tensor)).ToHashSet(StringComparer.Ordinal);
        NetworkState.LoadPart(network, from.Weights, names, name);
        if (!keepsHead && network.Head is PooledLinearHead pooled)
            pooled.StartFromShares(SharesOf(train));
        if (freeze == FrozenPart.Backbone)
            foreach (var parameter in network.Backbone.parameters())
                parameter.requires_grad = false;
        return keepsHead;
    }

    /// <summary>Whether a model's head has the same outputs: the same kind and names, in the same order.</summary>
    public static bool KeepsHead(ModelManifest model, IReadOnlyList<string> classes, TaskKind kind) =>
        model.TaskKind == kind && model.Classes.SequenceEqual(classes, StringComparer.Ordinal);

    /// <summary>The share of recordings that carry each class, shifted slightly to the middle so that none is 0 or 1.</summary>
    private static double[] SharesOf(LabeledRecordings train)
    {
        var sums = new double[train.ClassCount];
        for (var i = 0; i < train.AllTargets.Length; i++)
            sums[i % sums.Length] += train.AllTargets[i];
        return [.. sums.Select(sum => (sum + 0.5) / (train.Count + 1))];
    }

    private static void RequireSame<T>(string name, string what, T model, T training)
        where T : notnull
    {
        if (!model.Equals(training))
            throw new TrainingException($"cannot start from {name}: its {what} is {model}, that of the training is {training}");
    }

    private static string Text(IEnumerable<ComponentSpec> specs) => string.Join(", ", specs);
}
