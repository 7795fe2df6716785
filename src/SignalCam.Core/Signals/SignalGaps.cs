using SignalCam.Abstractions;

namespace SignalCam.Core.Signals;

/// <summary>
/// Finds missing samples (NaN) of a recording that was adapted, and states where they are in the recording as it is stored.
/// </summary>
internal static class SignalGaps
{
    private const int MostNamed = 4;

    /// <summary>
    /// Refuses an adapted recording with missing samples. An unchanged recording is accepted: its positions are correct, and
    /// a transform may fill gaps.
    /// </summary>
    /// <param name="adapted">After its rate and length were changed.</param>
    /// <param name="stored">The same leads as they are stored.</param>
    /// <exception cref="SignalMismatchException">A sample is missing; the message names the samples as stored.</exception>
    public static void Refuse(EcgSignal adapted, EcgSignal stored)
    {
        if (ReferenceEquals(adapted, stored) || !HasGap(adapted.Samples.Span))
            return;
        var gaps = new List<string>();
        for (var lead = 0; lead < stored.Layout.LeadCount && gaps.Count <= MostNamed; lead++)
            if (HasGap(adapted.Lead(lead)))
                AddGaps(stored, lead, gaps);
        var more = gaps.Count > MostNamed ? ", and more" : "";
        throw new SignalMismatchException(
            $"samples of the recording are missing: {string.Join("; ", gaps.Take(MostNamed))}{more}; "
            + "EcgReadOptions.BridgeGaps bridges short gaps when a file is read, and a stretch without gaps can be chosen");
    }

    private static void AddGaps(EcgSignal stored, int lead, List<string> gaps)
    {
        var samples = stored.Lead(lead);
        for (var t = 0; t < samples.Length && gaps.Count <= MostNamed; t++)
        {
            if (float.IsFinite(samples[t]))
                continue;
            var start = t;
            while (t + 1 < samples.Length && !float.IsFinite(samples[t + 1]))
                t++;
            var range = t > start ? FormattableString.Invariant($"samples {start} to {t}") : FormattableString.Invariant($"sample {start}");
            gaps.Add(FormattableString.Invariant($"lead {stored.Leads[lead]}, {range} (at {start / stored.SamplingRate:0.###} s)"));
        }
    }

    private static bool HasGap(ReadOnlySpan<float> samples)
    {
        // A sum is NaN if a term is NaN: one addition per sample instead of a branch.
        var sum = 0f;
        foreach (var sample in samples)
            sum += sample * 0;
        return float.IsNaN(sum);
    }
}
