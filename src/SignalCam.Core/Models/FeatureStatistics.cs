using System.Numerics.Tensors;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using SignalCam.Abstractions;

namespace SignalCam.Core.Models;

/// <summary>
/// The distribution of the pooled features of a model's training recordings: a Gaussian for each group of recordings with the same
/// labels, with a shared covariance. The distance of a recording is that to the nearest group's mean (Lee et al. 2018, "A simple unified
/// framework for detecting out-of-distribution samples", NeurIPS 31, eq. 2).
/// </summary>
internal sealed class FeatureStatistics
{
    /// <summary>
    /// The name of the facts in the metadata of the safetensors file, and what the names of the tensors begin with, followed by '/'.
    /// </summary>
    public const string Key = "signalcam.features";

    private const string MeansName = "means";
    private const string WhiteningName = "whitening";

    private static readonly JsonTypeInfo<FeatureFacts> s_json = JsonForms.CamelCase(FeatureFactsJson.Default).InfoOf<FeatureFacts>();

    private readonly float[] _means;
    private readonly float[] _whitening;

    /// <summary>Creates statistics.</summary>
    /// <param name="means">(group, feature), whitened.</param>
    /// <param name="whitening">(feature, feature): the inverse of the covariance's lower Cholesky factor.</param>
    /// <param name="facts">Their provenance, and the limit.</param>
    public FeatureStatistics(float[] means, float[] whitening, FeatureFacts facts)
    {
        (_means, _whitening, Facts) = (means, whitening, facts);
        Count = (int)Math.Round(Math.Sqrt(whitening.Length));
    }

    /// <summary>Features of a recording.</summary>
    public int Count { get; }

    /// <summary>Their provenance, and the limit.</summary>
    public FeatureFacts Facts { get; }

    /// <summary>Mahalanobis distance to the nearest group.</summary>
    public double Distance(ReadOnlySpan<float> features)
    {
        Span<float> white = Count <= 1024 ? stackalloc float[Count] : new float[Count];
        for (var i = 0; i < Count; i++)
            white[i] = TensorPrimitives.Dot(features[..(i + 1)], _whitening.AsSpan(i * Count, i + 1));
        var nearest = float.PositiveInfinity;
        for (var group = 0; group < _means.Length; group += Count)
            nearest = MathF.Min(nearest, TensorPrimitives.Distance(white, _means.AsSpan(group, Count)));
        return nearest;
    }

    /// <summary>Whether a tensor of a model file is one of these.</summary>
    public static bool Has(NamedTensor tensor) => tensor.Name.StartsWith(Key + "/", StringComparison.Ordinal);

    public IEnumerable<NamedTensor> ToTensors() =>
    [
        new($"{Key}/{MeansName}", [_means.Length / Count, Count], _means),
        new($"{Key}/{WhiteningName}", [Count, Count], _whitening),
    ];

    public string ToText() => JsonSerializer.Serialize(Facts, s_json);

    /// <summary>Reads them from a model file's metadata and tensors.</summary>
    /// <exception cref="ModelFormatException">They contradict each other, or contain non-numbers.</exception>
    public static FeatureStatistics Read(string text, IReadOnlyList<NamedTensor> tensors, string file)
    {
        FeatureFacts facts;
        try
        {
            facts = JsonSerializer.Deserialize(text, s_json) ?? throw new JsonException("null");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ModelFormatException(
                file, Key, Shown.Of(e.Message), "the facts of feature statistics, as docs/model-file.md describes them", e);
        }
        var (means, whitening) = (Find(MeansName), Find(WhiteningName));
        if (whitening.Shape is not [var rows, var columns] || rows != columns || rows is < 1 or > ModelLimits.Channels)
            throw Wrong(whitening, "as many rows as columns");
        if (means.Shape is not [>= 1, var width] || width != columns)
            throw Wrong(means, $"rows of {columns} features");
        if (!(double.IsFinite(facts.Limit) && facts.Limit > 0))
            throw new ModelFormatException(file, $"{Key}, limit", $"{facts.Limit}", "a number above 0");
        ModelCheck.RequireNumbers([means, whitening], file);
        return new FeatureStatistics(means.ToSingles(), whitening.ToSingles(), facts);

        NamedTensor Find(string name) => tensors.FirstOrDefault(t => t.Name == $"{Key}/{name}")
            ?? throw new ModelFormatException(file, Key, $"no tensor '{Key}/{name}'", "one, beside the facts");

        ModelFormatException Wrong(NamedTensor tensor, string expected) =>
            new(file, $"tensor '{tensor.Name}'", $"shape [{string.Join(", ", tensor.Shape)}]", expected);
    }
}

/// <summary>The provenance of feature statistics.</summary>
/// <param name="Limit">The distance from which a recording counts as unfamiliar.</param>
/// <param name="Dataset">The dataset.</param>
/// <param name="TrainFolds">Folds that the Gaussians are fitted to.</param>
/// <param name="LimitFolds">Folds that the limit is set on.</param>
/// <param name="Quantile">The share of their recordings that lie below it.</param>
internal sealed record FeatureFacts(double Limit, string Dataset, string TrainFolds, string LimitFolds, double Quantile);

[JsonSerializable(typeof(FeatureFacts))]
internal sealed partial class FeatureFactsJson : JsonSerializerContext;
