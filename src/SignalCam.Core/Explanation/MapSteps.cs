using System.Collections.Immutable;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using SignalCam.Abstractions;
using SignalCam.Core.Inference;

namespace SignalCam.Core.Explanation;

/// <summary>How a map is brought from its own resolution to that of the recording.</summary>
public enum MapResampling
{
    /// <summary>Linear between the centres of cells (align_corners = false in PyTorch), constant beyond the outer ones.</summary>
    Linear,

    /// <summary>Each sample has the value of the cell it lies in.</summary>
    Nearest,
}

/// <summary>What is done to the values of a resampled map. A constant map never gives anything but finite numbers.</summary>
public enum MapPostProcessing
{
    /// <summary>What speaks against the class becomes zero.</summary>
    Relu,

    /// <summary>Stretched to [0, 1] over the map of this recording and class; a constant map becomes all zeros.</summary>
    MinMax,

    /// <summary>Divided by its largest absolute value: within [-1, 1], and zero stays zero; a map of zeros stays so.</summary>
    Symmetric,

    /// <summary>
    /// A moving average along time, each lead by itself, over <see cref="MapSteps.SmoothingWidth"/> samples; shorter at both ends.
    /// </summary>
    Smooth,
}

/// <summary>A map as a method gives it, before it is resampled and post-processed.</summary>
/// <param name="Class">Name of the class.</param>
/// <param name="Method">Name of the method.</param>
/// <param name="Cells">The strip along time, one value per cell; cells are equally wide and fill the recording.</param>
/// <param name="Sign">What the values' sign means.</param>
public sealed record RawMap(string Class, string Method, float[] Cells, HeatMapSign Sign)
{
    /// <summary>The map by lead: (lead, cell), lead-major; null where the method cannot tell leads apart.</summary>
    public float[]? LeadCells { get; init; }

    /// <summary>As <see cref="HeatMap.CompletenessError"/>.</summary>
    public double? CompletenessError { get; init; }

    /// <summary>
    /// What the values are measured in, such as <see cref="HeatMapUnits.Logit"/>. Default <see cref="HeatMapUnits.Arbitrary"/>.
    /// </summary>
    public string Unit { get; init; } = HeatMapUnits.Arbitrary;

    /// <summary>Which feature maps a class activation map is made from; null for other methods.</summary>
    public CamKind? Kind { get; init; }
}

/// <summary>
/// The steps from a method's raw map to a heat map: resampling, then post-processing in the order given. Each can be replaced alone.
/// </summary>
/// <remarks>The strip and the map by lead are post-processed each as one map, so that leads stay comparable.</remarks>
public sealed record MapSteps
{
    /// <summary>How the map is brought to the recording's length. Default <see cref="MapResampling.Linear"/>.</summary>
    public MapResampling Resampling { get; init; } = MapResampling.Linear;

    /// <summary>What is done to the values, in this order. Default nothing: they keep the method's sign and unit.</summary>
    public IReadOnlyList<MapPostProcessing> PostProcessing { get; init; } = [];

    /// <summary>Samples of the average of <see cref="MapPostProcessing.Smooth"/>. Default 11: a tenth of a second at 100 Hz.</summary>
    public int SmoothingWidth { get; init; } = 11;

    /// <summary>The heat map of a raw map.</summary>
    /// <param name="raw">What the method gave.</param>
    /// <param name="layout">Leads and samples of the recording that it explains.</param>
    /// <exception cref="ArgumentException">The map by lead cannot be divided among the leads.</exception>
    public HeatMap Apply(RawMap raw, SignalLayout layout)
    {
        ArgumentNullException.ThrowIfNull(raw);
        ArgumentNullException.ThrowIfNull(layout);
        return Finish(raw, Strip(raw, layout.Length), LeadStrips(raw, layout.LeadCount, layout.Length), layout.Leads, layout.Length);
    }

    /// <summary>The raw strip at the resolution of samples, not post-processed.</summary>
    internal float[] Strip(RawMap raw, int length)
    {
        var strip = new float[length];
        Resample(raw.Cells, strip);
        return strip;
    }

    /// <summary>The raw map by lead at the resolution of samples, not post-processed: (lead, time); null where there is none.</summary>
    internal float[]? LeadStrips(RawMap raw, int leads, int length)
    {
        if (raw.LeadCells is not { } cells)
            return null;
        if (cells.Length == 0 || cells.Length % leads != 0)
            throw new ArgumentException($"a map by lead has {cells.Length} values, expected a multiple of {leads} leads", nameof(raw));
        var (width, strips) = (cells.Length / leads, new float[leads * length]);
        for (var lead = 0; lead < leads; lead++)
            Resample(cells.AsSpan(lead * width, width), strips.AsSpan(lead * length, length));
        return strips;
    }

    /// <summary>Post-processes strips, which become the heat map's.</summary>
    /// <param name="raw">What the method gave.</param>
    /// <param name="strip">The strip at the resolution of samples.</param>
    /// <param name="byLead">The same by lead; null where there is none.</param>
    /// <param name="leads">Names of the leads.</param>
    /// <param name="keep">Samples from the start that lie on the recording: what lies behind is padding and left out.</param>
    internal HeatMap Finish(RawMap raw, float[] strip, float[]? byLead, IReadOnlyList<string> leads, int keep)
    {
        PostProcess(strip, strip.Length);
        if (byLead is not null)
            PostProcess(byLead, strip.Length);
        return new HeatMap(
            raw.Class, ImmutableCollectionsMarshal.AsImmutableArray(raw.Cells),
            ImmutableCollectionsMarshal.AsImmutableArray(keep == strip.Length ? strip : strip[..keep]))
        {
            LeadSamples = byLead is null ? null : new OrderedDictionary<string, ImmutableArray<float>>(
                leads.Select((lead, i) => KeyValuePair.Create(lead, ImmutableArray.Create(byLead.AsSpan(i * strip.Length, keep))))),
            Sign = PostProcessing.Any(p => p is MapPostProcessing.Relu or MapPostProcessing.MinMax) ? HeatMapSign.Magnitude : raw.Sign,
            Unit = PostProcessing.Any(p => p is MapPostProcessing.MinMax or MapPostProcessing.Symmetric) ? HeatMapUnits.Share : raw.Unit,
            CompletenessError = raw.CompletenessError,
            Method = raw.Method,
            Kind = raw.Kind,
        };
    }

    private void Resample(ReadOnlySpan<float> cells, Span<float> samples)
    {
        ArgumentOutOfRangeException.ThrowIfZero(cells.Length, nameof(cells));
        if (cells.Length == samples.Length)
        {
            cells.CopyTo(samples);
        }
        else if (Resampling == MapResampling.Linear)
        {
            CellMaps.Resample(cells, samples);
        }
        else
        {
            for (var i = 0; i < samples.Length; i++)
                samples[i] = cells[(int)((long)i * cells.Length / samples.Length)];
        }
    }

    private void PostProcess(Span<float> map, int length)
    {
        foreach (var step in PostProcessing)
        {
            switch (step)
            {
                case MapPostProcessing.Relu:
                    TensorPrimitives.Max(map, 0f, map);
                    break;
                case MapPostProcessing.MinMax:
                    CellMaps.MinMax(map);
                    break;
                case MapPostProcessing.Symmetric:
                    var largest = Math.Abs(TensorPrimitives.MaxMagnitude<float>(map));
                    if (largest > 0)
                        TensorPrimitives.Divide(map, largest, map);
                    break;
                case MapPostProcessing.Smooth:
                    for (var row = 0; row < map.Length; row += length)
                        Smooth(map.Slice(row, length), SmoothingWidth);
                    break;
                default:
                    throw new InvalidOperationException($"{step} is not a post-processing");
            }
        }
    }

    private static void Smooth(Span<float> row, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        var before = row.ToArray();
        var (from, to, sum) = (0, 0, 0.0);
        for (var i = 0; i < row.Length; i++)
        {
            for (; to < Math.Min(row.Length, i + width - width / 2); to++)
                sum += before[to];
            for (; from < i - width / 2; from++)
                sum -= before[from];
            row[i] = (float)(sum / (to - from));
        }
    }
}
