using System.Reflection;
using SignalCam.Abstractions;
using SignalCam.Core.Models;

namespace SignalCam.Sdk.Pretrained;

/// <summary>
/// The pretrained weights, by name. The weights for a task carry the task's name; more weights for the same task have
/// names of their own.
/// </summary>
public static class PretrainedModels
{
    /// <summary>Normal against abnormal, the published CNN: what a host classifies with that configures no model.</summary>
    public const string NormalAbnormal = "normal-abnormal";

    /// <summary>The five diagnostic superclasses NORM, MI, STTC, CD and HYP, the same CNN with five outputs.</summary>
    public const string Super = "super";

    private const string Prefix = "SignalCam.Sdk.Pretrained.";
    private const string Card = ".md";
    private const string Whole = ".safetensors";

    // A head alone, whose backbone is that of the network that learned all tasks.
    private const string Head = ".head.safetensors";
    private const string Shared = "joint";

    // What has a card in the folder Pretrained when the SDK is built: nothing else lists the weights.
    private static readonly SortedDictionary<string, PretrainedModel> s_models = new(
        Assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(Prefix, StringComparison.Ordinal) && resource.EndsWith(Card, StringComparison.Ordinal))
            .Select(resource => resource[Prefix.Length..^Card.Length])
            .ToDictionary(name => name, name => new PretrainedModel(name)),
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
            ?? throw new PluginException($"no weights called '{name}' come with the SDK; available: {string.Join(", ", s_models.Keys)}");
    }

    /// <summary>Whether there are weights of this name (case-insensitive).</summary>
    public static bool Contains(string name) => s_models.ContainsKey(name);

    internal static Stream OpenWeights(string name) => Find(name + Whole) ?? new MemoryStream(
        SharedBackbone.Join(Read(Shared + Whole), Read(name + Head)).ToBytes(), writable: false);

    internal static Stream OpenCard(string name) => Find(name + Card)!;

    private static ModelFile Read(string file)
    {
        using var stream = Find(file)!;
        return ModelFile.Read(stream, file);
    }

    private static Stream? Find(string file) => Assembly.GetManifestResourceStream(Prefix + file);
}
