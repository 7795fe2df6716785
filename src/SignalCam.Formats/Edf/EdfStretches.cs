using SignalCam.Abstractions;

namespace SignalCam.Formats.Edf;

/// <summary>A stretch of samples without gap.</summary>
internal readonly record struct EdfStretch(int Start, int Length);

/// <summary>Finds the stretches between the gaps of a signal.</summary>
internal static class EdfStretches
{
    /// <exception cref="EcgFormatException">A sample is missing in some leads only, or at the beginning or the end.</exception>
    public static IReadOnlyList<EdfStretch> Of(string name, EcgSignal signal)
    {
        List<EdfStretch> stretches = [];
        var start = -1;
        for (var t = 0; t <= signal.Length; t++)
        {
            var isMissing = t == signal.Length || IsMissing(name, signal, t);
            if (!isMissing && start < 0)
                start = t;
            if (!isMissing || start < 0)
                continue;
            stretches.Add(new EdfStretch(start, t - start));
            start = -1;
        }
        return stretches.Count > 0 && stretches[0].Start == 0 && stretches[^1].Start + stretches[^1].Length == signal.Length
            ? stretches
            : throw new EcgFormatException(name, null, "samples missing at the beginning or the end",
                "a recording that begins and ends with samples: EDF tells gaps between records only");
    }

    private static bool IsMissing(string name, EcgSignal signal, int t)
    {
        var samples = signal.Samples.Span;
        var missing = 0;
        for (var lead = 0; lead < signal.Layout.LeadCount; lead++)
            missing += float.IsNaN(samples[(lead * signal.Length) + t]) ? 1 : 0;
        return missing == 0 || missing == signal.Layout.LeadCount
            ? missing > 0
            : throw new EcgFormatException(name, $"sample {t}", $"{missing} of {signal.Layout.LeadCount} leads without a sample",
                "all or none: EDF tells gaps of all leads only");
    }
}
