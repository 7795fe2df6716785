using SignalCam.Abstractions;
using SignalCam.Core.Signals;

namespace SignalCam.Benchmarks.Quality;

/// <summary>A recording made unfit in a known way.</summary>
/// <param name="Name">What is done.</param>
/// <param name="Codes">The findings that tell it; any of them.</param>
/// <param name="Asked">The sensitivity that is asked for; null where it is reported alone.</param>
/// <param name="Make">Does it to a recording; the random numbers are that recording's own.</param>
internal sealed record Disturbance(string Name, IReadOnlyList<string> Codes, double? Asked, Func<EcgSignal, EcgRandom, EcgSignal> Make)
{
    /// <summary>The severity that a finding must have at least.</summary>
    public FindingSeverity Severity { get; init; } = FindingSeverity.Warning;
}

/// <summary>What is done to clean recordings to see whether the checks find it.</summary>
internal static class Disturbances
{
    public static IReadOnlyList<Disturbance> All { get; } =
    [
        new("all leads zero", ["no-signal"], 0.99, (s, _) => Change(s, (_, _, _) => 0)) { Severity = FindingSeverity.Unusable },
        new("one lead flat", ["lead-off"], 0.99, OneFlat),
        new("one lead flat for 3 s", ["flat-stretch"], 0.99, FlatFor3Seconds),
        new("microvolts declared as millivolts", ["amplitude-unit"], 0.99,
            (s, _) => Change(s, (_, _, v) => v * 1000)) { Severity = FindingSeverity.Unusable },
        // Millivolts in a file that says volt become thousands of millivolts when it is read.
        new("millivolts declared as volts", ["amplitude-unit"], 0.99,
            (s, _) => Change(s, (_, _, v) => v * 1000)) { Severity = FindingSeverity.Unusable },
        new("volts declared as millivolts", ["amplitude-unit"], null,
            (s, _) => Change(s, (_, _, v) => v / 1000)) { Severity = FindingSeverity.Unusable },
        new("white noise of 0.3 mV", ["noise", "no-beats"], 0.99, (s, random) => Change(s, (_, _, _) => 0.3f * (float)random.Normal()))
        {
            Severity = FindingSeverity.Unusable,
        },
        new("clipped at 0.5 mV", ["clipping"], 0.95, (s, _) => Change(s, (_, _, v) => Math.Clamp(v, -0.5f, 0.5f))),
        new("lead I inverted alone", ["lead-inverted", "limb-leads"], 0.95, (s, _) => Change(s, (lead, _, v) => lead == 0 ? -v : v)),
        new("250 Hz declared as 100 Hz", ["sampling-rate", "heart-rate"], 0.90, (s, _) => Declare(s, 250, 100)),
        new("100 Hz declared as 250 Hz", ["sampling-rate", "heart-rate"], null, (s, _) => Declare(s, 100, 250)),
        new("500 Hz declared as 250 Hz", ["sampling-rate", "heart-rate"], null, (s, _) => Declare(s, 500, 250)),
        new("arms interchanged", ["electrodes-arms"], 0.85, (s, _) => Limbs(s, (i, ii) => (-i, ii - i))),
        new("left arm and leg interchanged", ["electrodes-left-arm-leg"], null, (s, _) => Limbs(s, (i, ii) => (ii, i))),
        new("right arm and leg interchanged", ["electrodes-right-arm-leg"], null, (s, _) => Limbs(s, (i, ii) => (i - ii, -ii))),
        new("V1 and V2 interchanged", ["electrodes-v1-v2"], null, (s, _) => Chest(s, lead => lead switch { 6 => 7, 7 => 6, _ => lead })),
        new("V1 to V6 reversed", ["electrodes-chest-reversed"], null, (s, _) => Chest(s, lead => lead >= 6 ? 17 - lead : lead)),
        new("V2 copied to V3", ["duplicate-leads"], null, (s, _) => Chest(s, lead => lead == 8 ? 7 : lead)),
    ];

    /// <summary>Hum of 0.5 mV at 50 Hz on every lead, for recordings at 500 Hz.</summary>
    public static Disturbance Hum { get; } = new("hum of 0.5 mV at 50 Hz (500 Hz)", ["mains-hum"], 0.95, (s, random) =>
    {
        var phase = 2 * Math.PI * random.Uniform();
        return Change(s, (_, t, v) => v + 0.5f * (float)Math.Sin(2 * Math.PI * 50 * t / s.SamplingRate + phase));
    });

    public static Disturbance Find(string name) => All.First(d => d.Name == name);

    private static EcgSignal OneFlat(EcgSignal signal, EcgRandom random)
    {
        var flat = random.Below(signal.Layout.LeadCount);
        return Change(signal, (lead, _, v) => lead == flat ? 0 : v);
    }

    private static EcgSignal FlatFor3Seconds(EcgSignal signal, EcgRandom random)
    {
        var (flat, length) = (random.Below(signal.Layout.LeadCount), (int)(3 * signal.SamplingRate));
        var start = random.Below(signal.Length - length);
        var value = signal.Lead(flat)[start];
        return Change(signal, (lead, t, v) => lead == flat && t >= start && t < start + length ? value : v);
    }

    private static EcgSignal Declare(EcgSignal signal, double rate, double declared)
    {
        var resampled = Resampler.Resample(signal, rate);
        return new EcgSignal(resampled.Samples.ToArray(), new SignalLayout(resampled.Leads, resampled.Length, declared));
    }

    /// <summary>From I and II to what they are with other electrodes, and the four that follow.</summary>
    private static EcgSignal Limbs(EcgSignal signal, Func<float, float, (float I, float II)> change)
    {
        var (one, two) = (signal.Lead(0).ToArray(), signal.Lead(1).ToArray());
        return Change(signal, (lead, t, v) =>
        {
            var (i, ii) = change(one[t], two[t]);
            return lead switch { 0 => i, 1 => ii, 2 => ii - i, 3 => -(i + ii) / 2, 4 => i - ii / 2, 5 => ii - i / 2, _ => v };
        });
    }

    private static EcgSignal Chest(EcgSignal signal, Func<int, int> source)
    {
        var samples = signal.Samples.ToArray();
        return Change(signal, (lead, t, _) => samples[source(lead) * signal.Length + t]);
    }

    /// <summary>Each sample by lead, time and value.</summary>
    public static EcgSignal Change(EcgSignal signal, Func<int, int, float, float> value)
    {
        var samples = signal.Samples.ToArray();
        for (var lead = 0; lead < signal.Layout.LeadCount; lead++)
            for (var t = 0; t < signal.Length; t++)
                samples[lead * signal.Length + t] = value(lead, t, samples[lead * signal.Length + t]);
        return new EcgSignal(samples, signal.Layout);
    }
}
