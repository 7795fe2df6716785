using System.Globalization;
using SignalCam.Abstractions;

namespace SignalCam.Formats;

/// <summary>Bridges short stretches of missing samples by a straight line between their neighbours, and says so.</summary>
internal static class GapBridge
{
    private const int MostNamed = 10;

    /// <param name="recording">A recording; not changed.</param>
    /// <param name="seconds">The longest gap that is bridged; 0 for none. A gap at the beginning or the end has one neighbour only and
    /// stays.</param>
    public static EcgRecording Apply(EcgRecording recording, double seconds)
    {
        var signal = recording.Signal;
        var longest = (int)Math.Min(int.MaxValue, Math.Floor(seconds * signal.SamplingRate * (1 + 1e-9)));
        if (longest < 1 || !HasGap(signal.Samples.Span))
            return recording;
        var bridged = new List<string>();
        var count = 0;
        var lead = 0;
        var copy = signal.MapLeads(samples =>
        {
            var name = signal.Leads[lead++];
            foreach (var (start, length) in Gaps(samples.ToArray(), longest))
            {
                Bridge(samples, start, length);
                if (count++ < MostNamed)
                    bridged.Add(string.Create(CultureInfo.InvariantCulture,
                        $"lead {name}, sample {start}{(length > 1 ? $" to {start + length - 1}" : "")}"));
            }
        });
        if (count == 0)
            return recording;
        var more = count > MostNamed ? $", and {count - MostNamed} more" : "";
        return recording with { Signal = copy,
            Warnings = [.. recording.Warnings, $"gaps bridged by a straight line: {string.Join("; ", bridged)}{more}"] };
    }

    private static bool HasGap(ReadOnlySpan<float> samples)
    {
        foreach (var sample in samples)
            if (float.IsNaN(sample))
                return true;
        return false;
    }

    private static IEnumerable<(int Start, int Length)> Gaps(float[] samples, int longest)
    {
        for (var t = 0; t < samples.Length; t++)
        {
            if (!float.IsNaN(samples[t]))
                continue;
            var start = t;
            while (t < samples.Length && float.IsNaN(samples[t]))
                t++;
            if (start > 0 && t < samples.Length && t - start <= longest)
                yield return (start, t - start);
        }
    }

    private static void Bridge(Span<float> samples, int start, int length)
    {
        double before = samples[start - 1], after = samples[start + length];
        for (var i = 0; i < length; i++)
            samples[start + i] = (float)(before + ((after - before) * (i + 1) / (length + 1)));
    }
}
