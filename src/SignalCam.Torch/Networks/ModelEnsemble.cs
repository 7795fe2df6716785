using System.Numerics.Tensors;
using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Calibration;
using SignalCam.Core.Datasets;
using SignalCam.Core.Models;
using SignalCam.Torch.Architectures;
using SignalCam.Torch.Heads;

namespace SignalCam.Torch.Networks;

/// <summary>Joins trained models of the same classes into one whose logits are the mean of theirs.</summary>
internal static class ModelEnsemble
{
    /// <summary>
    /// Creates a model of the architecture "ensemble". Its class activation maps are the mean of the members' maps. It has no calibration
    /// and thresholds of 0.5: the members' own do not fit the mean.
    /// </summary>
    /// <param name="members">At least two models with one head that pools and has one dense layer, each with its name in messages.</param>
    /// <param name="components">The plug-ins that the files name.</param>
    /// <exception cref="ArgumentException">
    /// The models differ in task, classes, input or preprocessing, or their feature maps differ in length; the message names both sides.
    /// </exception>
    /// <exception cref="ModelFormatException">The weights of a file do not fit its architecture.</exception>
    /// <exception cref="ModelNotSupportedException">A head is not one of the built-in ones.</exception>
    public static ModelFile Join(IReadOnlyList<(string Name, ModelFile File)> members, NetworkComponents components)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(components);
        if (members.Count < 2)
            throw new ArgumentException($"an ensemble needs at least two models, found {members.Count}", nameof(members));
        foreach (var (name, file) in members)
        {
            RequireSame((members[0].Name, members[0].File.Manifest), (name, file.Manifest), components);
            // Has every tensor of its network.
            using var member = EcgModel.Load(file, name, components, "cpu");
        }
        var files = members.Select(member => member.File).ToArray();
        var manifest = files[0].Manifest with
        {
            Name = null,
            Description = null,
            Preset = null,
            Calibration = null,
            Thresholds = [.. files[0].Manifest.Classes.Select(_ => 0.5)],
            WeightsSha256 = null,
            Architecture = components.Architectures.Resolve(new ComponentSpec(
                EnsembleArchitecture.ArchitectureName,
                PluginOptions.Write(new EnsembleOptions { Members = [.. files.Select(file => file.Manifest.Architecture)] }))),
            Training = Provenance(files),
        };
        NamedTensor[] weights =
        [
            .. files.SelectMany((file, i) => file.Weights.Where(weight => !IsOfHead(weight)).Select(weight =>
                new NamedTensor($"{Ensemble.MemberName(i)}.{weight.Name}", weight.DType, weight.Shape, weight.Data))),
            JoinedRows(files),
            MeanBias(files),
        ];
        var joined = new ModelFile(manifest, weights);
        using var model = EcgModel.Load(joined, EnsembleArchitecture.ArchitectureName, components, "cpu");
        // Members that do not say what they compute differ in length only once they compute it.
        model.Run(new float[manifest.Leads.Count * manifest.Length], 1);
        return new ModelFile(manifest, weights, model.Network.FindGraph(manifest.Leads.Count, out _));
    }

    private static void RequireSame(
        (string Name, ModelManifest Manifest) first, (string Name, ModelManifest Manifest) other, NetworkComponents components)
    {
        var (a, b) = (first.Manifest, other.Manifest);
        if (!BuiltInHeads.Contains(components.Heads.Create(b.Head)))
            throw new ModelNotSupportedException(
                $"{other.Name}: found the head '{b.Head.Name}', expected one of those that come with the SDK, whose weights can be joined");
        Same("task", a.Task, b.Task);
        Same("kind of task", $"{a.TaskKind}", $"{b.TaskKind}");
        Same("classes", string.Join(", ", a.Classes), string.Join(", ", b.Classes));
        Same("leads", string.Join(", ", a.Leads), string.Join(", ", b.Leads));
        Same("input", $"{a.Layout}", $"{b.Layout}");
        Same("preprocessing", Steps(a), Steps(b));

        void Same(string what, string one, string another)
        {
            if (!one.Equals(another, StringComparison.Ordinal))
                throw new ArgumentException($"{other.Name}: found {what} {another}, expected {one}, as {first.Name} has");
        }

        string Steps(ModelManifest manifest) =>
            PluginOptions.Write(new { steps = manifest.Preprocessing.Select(components.Transforms.Resolve) }).ToString();
    }

    /// <summary>
    /// The rows of the dense layers side by side, each divided by their number: times the joined channels, they give the mean logit.
    /// </summary>
    private static NamedTensor JoinedRows(ModelFile[] members)
    {
        var parts = members.Select(member => member.FindWeight(PooledLinearHead.WeightName)!).ToArray();
        var (classes, channels) = ((int)parts[0].Shape[0], (int)parts.Sum(part => part.Shape[1]));
        var rows = new float[classes * channels];
        var start = 0;
        foreach (var part in parts)
        {
            var (values, own) = (part.ToSingles(), (int)part.Shape[1]);
            for (var row = 0; row < classes; row++)
                TensorPrimitives.Divide(values.AsSpan(row * own, own), members.Length, rows.AsSpan(row * channels + start, own));
            start += own;
        }
        return new NamedTensor(PooledLinearHead.WeightName, [classes, channels], rows);
    }

    private static NamedTensor MeanBias(ModelFile[] members)
    {
        var sum = new float[members[0].Manifest.Classes.Count];
        foreach (var member in members)
            TensorPrimitives.Add(sum, member.FindWeight(PooledLinearHead.BiasName)!.ToSingles(), sum);
        TensorPrimitives.Divide(sum, members.Length, sum);
        return new NamedTensor(PooledLinearHead.BiasName, [sum.Length], sum);
    }

    /// <summary>
    /// Where the weights are from: each member's file and training, and the folds of all, in the form in which a training writes them.
    /// </summary>
    private static JsonObject Provenance(ModelFile[] members)
    {
        var training = new JsonObject
        {
            ["members"] = new JsonArray([.. members.Select(member => new JsonObject
            {
                ["sha256"] = member.Sha256,
                ["training"] = member.Manifest.Training?.DeepClone(),
            })]),
        };
        var all = members.Select(member => ModelProvenance.Of(member.Manifest)).ToArray();
        if (all[0].Dataset is not { } dataset || all.Any(one => one.Dataset != dataset || one.Train is null))
            return training;
        training["dataset"] = dataset;
        var learned = Union(all, one => one.Train)!;
        training["train_folds"] = $"{learned}";
        if (Union(all, one => one.Test) is { } test)
            training["test_folds"] = $"{test}";
        // What one member was validated on, another may have learned from.
        if (Union(all, one => one.Selection, learned) is { } selection)
            training["valid_folds"] = $"{selection}";
        else if (Union(all, one => one.Validation, learned) is { } validation)
        {
            training["valid_folds"] = $"{validation}";
            training["options"] = new JsonObject { ["selection"] = "last-epoch" };
        }
        return training;
    }

    private static FoldSet? Union(ModelProvenance[] all, Func<ModelProvenance, FoldSet?> folds, FoldSet? without = null)
    {
        var union = all.SelectMany(one => folds(one)?.Folds ?? []).Where(fold => without?.Contains(fold) != true).ToArray();
        return union is [] ? null : new FoldSet(union);
    }

    private static bool IsOfHead(NamedTensor weight) => weight.Name is PooledLinearHead.WeightName or PooledLinearHead.BiasName;
}
