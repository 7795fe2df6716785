using System.Reflection;
using SignalCam.Abstractions;

namespace SignalCam.Sdk.Pretrained;

/// <summary>
/// The trained weights that come with the SDK, by name. The weights for a task carry the task's name; more weights for the same task have
/// names of their own.
/// </summary>
public static class PretrainedModels
{
    /// <summary>Normal against abnormal, the published CNN: what a host classifies with that configures no model.</summary>
    public const string NormalAbnormal = "normal-abnormal";

    /// <summary>The five diagnostic superclasses NORM, MI, STTC, CD and HYP, the same CNN with five outputs.</summary>
    public const string Super = "super";

    private const string Prefix = "SignalCam.Sdk.Pretrained.";
    private const string Suffix = ".safetensors";

    // What is in the folder Pretrained when the SDK is built: nothing else lists the weights.
    private static readonly SortedDictionary<string, PretrainedModel> s_models = new(
        Assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(Prefix, StringComparison.Ordinal) && resource.EndsWith(Suffix, StringComparison.Ordinal))
            .ToDictionary(resource => resource[Prefix.Length..^Suffix.Length],
                resource => new PretrainedModel(resource[Prefix.Length..^Suffix.Length])),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<PretrainedModel> All { get; } = [.. s_models.Values];

    private static Assembly Assembly => typeof(PretrainedModels).Assembly;

    /// <summary>The weights of this name (case-insensitive).</summary>
    /// <exception cref="PluginException">There are none; the message lists those there are.</exception>
    public static PretrainedModel Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return s_models.GetValueOrDefault(name)
            ?? throw new PluginException($"no weights called '{name}' come with the SDK; there are: {string.Join(", ", s_models.Keys)}");
    }

    /// <summary>Whether there are weights of this name (case-insensitive).</summary>
    public static bool Contains(string name) => s_models.ContainsKey(name);

    internal static Stream OpenWeights(string name) => Assembly.GetManifestResourceStream(Prefix + name + Suffix)!;

    internal static Stream OpenCard(string name) => Assembly.GetManifestResourceStream(Prefix + name + ".md")!;
}
