using System.Numerics.Tensors;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Torch.Evaluation;

namespace SignalCam.Torch.Explainers;

/// <summary>Which classes of a recording are explained. Class activation maps give all of them for one pass; gradient methods cost a pass and more for each.</summary>
public sealed class ClassChoice
{
    private readonly IReadOnlyList<string>? _names;
    private readonly bool _decided;

    private ClassChoice(IReadOnlyList<string>? names, bool decided) => (_names, _decided) = (names, decided);

    /// <summary>Every class of the model, in its order.</summary>
    public static ClassChoice All { get; } = new(null, decided: false);

    /// <summary>The classes that are called present at the model file's thresholds; where none is, the one with the highest probability.</summary>
    public static ClassChoice Decided { get; } = new(null, decided: true);

    /// <summary>The classes with these names, whatever the decision.</summary>
    /// <exception cref="ArgumentException">There is no name.</exception>
    public static ClassChoice Of(params IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return names.Count > 0 ? new ClassChoice([.. names], decided: false) : throw new ArgumentException("name at least one class", nameof(names));
    }

    /// <summary>The chosen classes of one recording as their places in the manifest, rising.</summary>
    /// <param name="manifest">What the model file says.</param>
    /// <param name="probabilities">One per class, calibrated.</param>
    /// <exception cref="PluginException">The model has no class of a name; the message lists those it has.</exception>
    public int[] Resolve(ModelManifest manifest, ReadOnlySpan<float> probabilities)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var classes = manifest.Classes;
        if (_names is not null)
            return [.. _names.Select(name => IndexOf(classes, name)).Distinct().Order()];
        if (!_decided)
            return [.. Enumerable.Range(0, classes.Count)];
        var present = CalibratedScores.Decide(manifest, probabilities);
        return present.Contains(true) ? [.. Enumerable.Range(0, classes.Count).Where(c => present[c])] : [TensorPrimitives.IndexOfMax(probabilities)];
    }

    private static int IndexOf(IReadOnlyList<string> classes, string name)
    {
        for (var c = 0; c < classes.Count; c++)
            if (string.Equals(classes[c], name, StringComparison.OrdinalIgnoreCase))
                return c;
        throw new PluginException($"the model has no class '{name}'; there are: {string.Join(", ", classes)}");
    }
}
