using System.ComponentModel.DataAnnotations;
using System.Numerics.Tensors;
using SignalCam.Abstractions;
using SignalCam.Core.Explanation;

namespace SignalCam.Torch.Explainers;

/// <summary>
/// "saliency" (Simonyan et al. 2014, arXiv 1312.6034, section 3): the absolute gradient of the logit, how much it would change if a sample
/// did. By lead; the strip is the largest over the leads.
/// </summary>
/// <remarks>A magnitude: it says where the network listens, not what it heard. Safe for concurrent callers.</remarks>
internal sealed class SaliencyExplainer(
    ExplainerOptions? options = null) : BuiltInExplainer(ExplainerName, options ?? new ExplainerOptions())
{
    /// <summary>The name: "saliency".</summary>
    public const string ExplainerName = "saliency";

    /// <inheritdoc/>
    public override IReadOnlyList<RawMap> Explain(ClassBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var gradients = Gradients.OfInput(batch.Model, batch.Samples, batch.Classes).Values;
        TensorPrimitives.Abs(gradients, gradients);
        return [.. gradients.Chunk(batch.Size).Select(
            (map, i) => LeadMaps.Create(batch.Name(i), Name, map, batch.Leads, HeatMapSign.Magnitude, HeatMapUnits.LogitPerSample))];
    }
}

/// <summary>
/// "gradient-x-input" (Shrikumar et al. 2016, arXiv 1605.01713): the logit's gradient times the prepared sample. By lead and signed; the
/// strip is the sum over the leads.
/// </summary>
/// <remarks>Safe for concurrent callers.</remarks>
internal sealed class GradientTimesInputExplainer(
    ExplainerOptions? options = null) : BuiltInExplainer(ExplainerName, options ?? new ExplainerOptions())
{
    /// <summary>The name: "gradient-x-input".</summary>
    public const string ExplainerName = "gradient-x-input";

    /// <inheritdoc/>
    public override IReadOnlyList<RawMap> Explain(ClassBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var gradients = Gradients.OfInput(batch.Model, batch.Samples, batch.Classes).Values;
        TensorPrimitives.Multiply(gradients, batch.Samples, gradients);
        return [.. gradients.Chunk(batch.Size)
            .Select((map, i) => LeadMaps.Create(batch.Name(i), Name, map, batch.Leads, HeatMapSign.ForAndAgainst, HeatMapUnits.Logit))];
    }
}

/// <summary>Options of <see cref="SmoothGradExplainer"/>.</summary>
internal sealed class SmoothGradOptions : ExplainerOptions
{
    /// <summary>Noisy copies of each recording. Default 16.</summary>
    [Range(1, 1000)]
    public int Copies { get; set; } = 16;

    /// <summary>
    /// Standard deviation of the noise, as a share of the prepared recording's range (largest minus smallest). Default 0.1, the least that
    /// the paper calls good.
    /// </summary>
    [Range(0.0, 1.0)]
    public double Noise { get; set; } = 0.1;

    /// <summary>Seed of the noise, which is the same for every recording. Default 0.</summary>
    public ulong Seed { get; set; }
}

/// <summary>
/// "smoothgrad" (Smilkov et al. 2017, arXiv 1706.03825): the gradient, averaged over noisy copies of the recording; then its absolute
/// value, as saliency. By lead; the strip is the largest over the leads.
/// </summary>
/// <remarks>Safe for concurrent callers.</remarks>
internal sealed class SmoothGradExplainer(
    SmoothGradOptions? options = null) : BuiltInExplainer(ExplainerName, options ?? new SmoothGradOptions())
{
    /// <summary>The name: "smoothgrad".</summary>
    public const string ExplainerName = "smoothgrad";

    private readonly SmoothGradOptions _options = options ?? new SmoothGradOptions();

    /// <inheritdoc/>
    public override IReadOnlyList<RawMap> Explain(ClassBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var random = new EcgRandom(_options.Seed);
        var (noise, noisy, mean) = (new float[batch.Size], new float[batch.Samples.Length], new float[batch.Samples.Length]);
        for (var copy = 0; copy < _options.Copies; copy++)
        {
            for (var k = 0; k < noise.Length; k++)
                noise[k] = (float)random.Normal();
            for (var i = 0; i < batch.Count; i++)
            {
                var recording = batch.Recording(i);
                var deviation = (float)_options.Noise * (TensorPrimitives.Max(recording) - TensorPrimitives.Min(recording));
                TensorPrimitives.MultiplyAdd(noise, deviation, recording, noisy.AsSpan(i * batch.Size, batch.Size));
            }
            TensorPrimitives.MultiplyAdd(Gradients.OfInput(batch.Model, noisy, batch.Classes).Values, 1f / _options.Copies, mean, mean);
        }
        TensorPrimitives.Abs(mean, mean);
        return [.. mean.Chunk(batch.Size).Select(
            (map, i) => LeadMaps.Create(batch.Name(i), Name, map, batch.Leads, HeatMapSign.Magnitude, HeatMapUnits.LogitPerSample))];
    }
}
