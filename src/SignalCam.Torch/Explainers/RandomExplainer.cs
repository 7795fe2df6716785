using System.ComponentModel.DataAnnotations;
using System.Runtime.InteropServices;
using SignalCam.Abstractions;
using SignalCam.Core.Explanation;

namespace SignalCam.Torch.Explainers;

/// <summary>Options of <see cref="RandomExplainer"/>.</summary>
internal sealed class RandomOptions : ExplainerOptions
{
    /// <summary>Seed of the maps. Default 0.</summary>
    public ulong Seed { get; set; }

    /// <summary>
    /// Width of a window that has one value, in seconds; the recording is cut into the nearest whole number of them. Default 0.1.
    /// </summary>
    [Range(0.001, 10.0)]
    public double Window { get; set; } = 0.1;
}

/// <summary>
/// "random": standard normal numbers by lead and window, independent of the model. The baseline that every method must beat.
/// </summary>
/// <remarks>The same seed, recording and class give the same map. Thread-safe.</remarks>
internal sealed class RandomExplainer(RandomOptions? options = null) : BuiltInExplainer(ExplainerName, options ?? new RandomOptions())
{
    /// <summary>The name: "random".</summary>
    public const string ExplainerName = "random";

    private readonly RandomOptions _options = options ?? new RandomOptions();

    /// <inheritdoc/>
    public override IReadOnlyList<RawMap> Explain(ClassBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var windows = Math.Clamp((int)Math.Round(batch.Length / (_options.Window * batch.Model.Input.SamplingRate)), 1, batch.Length);
        return [.. Enumerable.Range(0, batch.Count).Select(i =>
        {
            var random = EcgRandom.For(_options.Seed ^ Mark(batch.Recording(i)), 0, batch.Classes[i]);
            var map = new float[batch.Leads * windows];
            for (var k = 0; k < map.Length; k++)
                map[k] = (float)random.Normal();
            return LeadMaps.Create(batch.Name(i), Name, map, batch.Leads, HeatMapSign.ForAndAgainst, HeatMapUnits.Arbitrary);
        })];
    }

    /// <summary>FNV-1a of the samples: distinguishes recordings without naming them.</summary>
    private static ulong Mark(ReadOnlySpan<float> samples)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var bits in MemoryMarshal.Cast<float, uint>(samples))
            hash = (hash ^ bits) * 0x100000001B3;
        return hash;
    }
}
