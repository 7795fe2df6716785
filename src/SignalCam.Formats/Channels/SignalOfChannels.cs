using SignalCam.Abstractions;
using SignalCam.Core.Signals;

namespace SignalCam.Formats.Channels;

/// <summary>Splits the channels of a file into the signal, whose leads share one sampling rate, and the others.</summary>
/// <param name="Signal">The leads with the rate that most leads have; the higher rate where two have as many.</param>
/// <param name="Units">Their units as the file states them.</param>
/// <param name="Others">Channels that are not leads, and leads with another rate.</param>
/// <param name="Warnings">Which leads were set aside, and why.</param>
internal sealed record SignalOfChannels(EcgSignal Signal, IReadOnlyList<string?> Units, IReadOnlyList<EcgChannel> Others,
    IReadOnlyList<string> Warnings)
{
    /// <summary>Creates the split; null if no channel is a lead in millivolts with at least one sample.</summary>
    public static SignalOfChannels? From(IReadOnlyList<StoredChannel> channels)
    {
        var leads = channels.Where(c => c.Lead is not null && c.InMillivolt && c.Samples.Length > 0).ToArray();
        if (leads.Length == 0)
            return null;
        var rate = leads.GroupBy(c => c.SamplingRate).OrderByDescending(g => g.Count()).ThenByDescending(g => g.Key).First().Key;
        var main = leads.Where(c => c.SamplingRate.Equals(rate)).ToArray();
        var aside = leads.Where(c => !c.SamplingRate.Equals(rate)).ToArray();

        var length = main.Max(c => c.Samples.Length);
        var samples = new float[(long)length * main.Length];
        List<string> warnings = [];
        for (var lead = 0; lead < main.Length; lead++)
        {
            var stored = main[lead].Samples;
            stored.CopyTo(samples, (long)lead * length);
            if (stored.Length == length)
                continue;
            samples.AsSpan(lead * length + stored.Length, length - stored.Length).Fill(float.NaN);
            warnings.Add(FormattableString.Invariant(
                $"lead {main[lead].Lead} ends after {stored.Length} of {length} samples; the rest is missing"));
        }
        if (aside.Length > 0)
            warnings.Add(FormattableString.Invariant($"the signal has the leads with {rate} Hz; at another rate, and set aside: ") +
                string.Join(", ", aside.Select(c => FormattableString.Invariant($"{c.Name} ({c.SamplingRate} Hz)"))));
        var inSignal = new HashSet<StoredChannel>(main, ReferenceEqualityComparer.Instance);
        var names = LeadNames.Distinct([.. main.Select(c => c.Lead)]);
        return new SignalOfChannels(
            new EcgSignal(samples, new SignalLayout(names, length, rate)),
            [.. main.Select(c => c.Unit)],
            [.. channels.Where(c => !inSignal.Contains(c)).Select(c => c.ToOther())],
            warnings);
    }
}
