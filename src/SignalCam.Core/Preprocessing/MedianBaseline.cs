using System.Buffers;
using System.ComponentModel.DataAnnotations;
using System.Numerics.Tensors;
using SignalCam.Abstractions;

namespace SignalCam.Core.Preprocessing;

/// <summary>Options of the transform "median-baseline".</summary>
public sealed class MedianBaselineOptions
{
    /// <summary>Seconds of the first median's window, which removes QRS complexes and P waves; 0.01 to 10. Default 0.2.</summary>
    [Range(0.01, 10.0)]
    public double First { get; set; } = 0.2;

    /// <summary>Seconds of the second median's window, which removes T waves; 0.01 to 10. Default 0.6.</summary>
    [Range(0.01, 10.0)]
    public double Second { get; set; } = 0.6;
}

/// <summary>
/// "median-baseline": subtracts from each lead its baseline, computed by two running medians (de Chazal et al. 2004, "Automatic
/// classification of heartbeats using ECG morphology and heartbeat interval features", doi 10.1109/TBME.2004.827359).
/// </summary>
/// <remarks>
/// A window has an odd number of samples, 2 floor(seconds x rate / 2) + 1; beyond its ends a lead continues with its first and its last
/// value.
/// </remarks>
internal sealed class MedianBaseline : ISignalTransform, ILeadTransform
{
    private readonly MedianBaselineOptions _options;

    public MedianBaseline(MedianBaselineOptions options) => _options = options;

    public string Name => "median-baseline";

    public EcgSignal Apply(EcgSignal signal) => LeadTransform.Run(signal, [this]);

    /// <summary>Samples of a window.</summary>
    internal static int Window(double seconds, double samplingRate) => 2 * (int)(seconds * samplingRate / 2) + 1;

    void ILeadTransform.Apply(Span<double> leads, int length, double samplingRate)
    {
        var (first, second) = (Window(_options.First, samplingRate), Window(_options.Second, samplingRate));
        var rented = ArrayPool<double>.Shared.Rent(2 * length + Math.Max(first, second));
        try
        {
            var once = rented.AsSpan(0, length);
            var baseline = rented.AsSpan(length, length);
            var window = rented.AsSpan(2 * length);
            for (var start = 0; start < leads.Length; start += length)
            {
                var lead = leads.Slice(start, length);
                RunMedian(lead, once, window[..first]);
                RunMedian(once, baseline, window[..second]);
                TensorPrimitives.Subtract(lead, baseline, lead);
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }

    /// <summary>The median of the samples around each sample.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="medians">As many medians.</param>
    /// <param name="sorted">Room for the values of a window, which is as long.</param>
    private static void RunMedian(ReadOnlySpan<double> samples, Span<double> medians, Span<double> sorted)
    {
        var (half, last) = (sorted.Length / 2, samples.Length - 1);
        for (var k = -half; k <= half; k++)
            sorted[k + half] = samples[Math.Clamp(k, 0, last)];
        sorted.Sort();
        medians[0] = sorted[half];
        for (var t = 1; t <= last; t++)
        {
            Replace(sorted, samples[Math.Max(0, t - half - 1)], samples[Math.Min(last, t + half)]);
            medians[t] = sorted[half];
        }
    }

    /// <summary>Replaces one value in a sorted list.</summary>
    private static void Replace(Span<double> sorted, double old, double next)
    {
        if (old == next)
            return;
        var from = sorted.BinarySearch(old);
        var found = sorted.BinarySearch(next);
        var to = found < 0 ? ~found : found;
        if (to > from)
        {
            sorted[(from + 1)..to].CopyTo(sorted[from..]);
            sorted[to - 1] = next;
        }
        else
        {
            sorted[to..from].CopyTo(sorted[(to + 1)..]);
            sorted[to] = next;
        }
    }
}
