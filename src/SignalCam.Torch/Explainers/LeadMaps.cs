using SignalCam.Abstractions;
using SignalCam.Core.Explanation;

namespace SignalCam.Torch.Explainers;

/// <summary>Raw maps of methods that tell leads apart, with the strip that goes with them.</summary>
internal static class LeadMaps
{
    /// <summary>
    /// A signed map's strip is its sum over the leads, which keeps what the map adds up to. A magnitude's is the largest over the leads
    /// (Simonyan et al. 2014, section 3.1, of colour channels).
    /// </summary>
    public static RawMap Create(
        string className, string method, float[] map, int leads, HeatMapSign sign, string unit, double? completenessError = null)
    {
        var strip = new float[map.Length / leads];
        for (var lead = 0; lead < leads; lead++)
            for (var t = 0; t < strip.Length; t++)
            {
                var value = map[lead * strip.Length + t];
                strip[t] = sign == HeatMapSign.ForAndAgainst ? strip[t] + value : Math.Max(strip[t], value);
            }
        return new RawMap(className, method, strip, sign) { LeadCells = map, Unit = unit, CompletenessError = completenessError };
    }
}
