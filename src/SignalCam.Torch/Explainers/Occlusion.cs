using System.ComponentModel.DataAnnotations;
using SignalCam.Abstractions;
using SignalCam.Core.Explanation;

namespace SignalCam.Torch.Explainers;

/// <summary>Options of <see cref="OcclusionExplainer"/>.</summary>
internal sealed class OcclusionOptions : ExplainerOptions
{
    /// <summary>Width of what is hidden, in seconds; the recording is cut into the nearest whole number of windows. Default 0.4.</summary>
    [Range(0.001, 10.0)]
    public double Window { get; set; } = 0.4;
}

/// <summary>
/// "occlusion" (Zeiler and Fergus 2014, doi 10.1007/978-3-319-10590-1_53, section 4.2): by how much the logit falls when a window of one
/// lead is set to zero, a flat line. By lead and signed; the strip is the sum over the leads.
/// </summary>
/// <remarks>It needs no gradient, and one pass for each lead and window. Safe for concurrent callers.</remarks>
internal sealed class OcclusionExplainer(
    OcclusionOptions? options = null) : BuiltInExplainer(ExplainerName, options ?? new OcclusionOptions())
{
    /// <summary>The name: "occlusion".</summary>
    public const string ExplainerName = "occlusion";

    // Recordings in one pass.
    private const int Rows = 128;

    private readonly OcclusionOptions _options = options ?? new OcclusionOptions();

    /// <inheritdoc/>
    public override IReadOnlyList<RawMap> Explain(ClassBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var windows = Math.Clamp((int)Math.Round(batch.Length / (_options.Window * batch.Model.Input.SamplingRate)), 1, batch.Length);
        var maps = new List<RawMap>(batch.Count);
        for (var i = 0; i < batch.Count; i++)
        {
            var map = new float[batch.Leads * windows];
            for (var from = 0; from < map.Length; from += Rows)
            {
                var rows = Math.Min(Rows, map.Length - from);
                var hidden = new float[rows * batch.Size];
                for (var r = 0; r < rows; r++)
                {
                    var row = hidden.AsSpan(r * batch.Size, batch.Size);
                    batch.Recording(i).CopyTo(row);
                    var (lead, window) = Math.DivRem(from + r, windows);
                    var (start, end) = (window * batch.Length / windows, (window + 1) * batch.Length / windows);
                    row.Slice(lead * batch.Length + start, end - start).Clear();
                }
                var output = batch.Model.Run(hidden, rows);
                for (var r = 0; r < rows; r++)
                    map[from + r] = batch.Logits[i] - output.Logits[r * output.ClassCount + batch.Classes[i]];
            }
            maps.Add(LeadMaps.Create(batch.Name(i), Name, map, batch.Leads, HeatMapSign.ForAndAgainst, HeatMapUnits.Logit));
        }
        return maps;
    }
}
