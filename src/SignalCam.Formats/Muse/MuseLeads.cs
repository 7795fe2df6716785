using System.Buffers.Binary;
using SignalCam.Abstractions;
using SignalCam.Core.Signals;
using SignalCam.Formats.Channels;

namespace SignalCam.Formats.Muse;

/// <summary>The leads of a waveform in millivolts, with those that follow from I and II.</summary>
internal static class MuseLeads
{
    private static readonly (string Lead, double OfI, double OfII)[] Derived =
        [("III", -1, 1), ("aVR", -0.5, -0.5), ("aVL", 1, -0.5), ("aVF", -0.5, 1)];

    /// <summary>The signal, and the units of its leads as stated; null for derived leads.</summary>
    public static (EcgSignal Signal, IReadOnlyList<string?> Units) ToSignal(string file, MuseWaveform waveform, EcgReadOptions options)
    {
        if (waveform.Leads.Count == 0 || waveform.Leads[0].Length == 0)
            throw new EcgFormatException(file, null, $"a {waveform.Type} waveform without samples", "leads with samples");
        var length = waveform.Leads[0].Length;
        foreach (var lead in waveform.Leads)
            if (lead.Length != length)
                throw new EcgFormatException(file, $"{waveform.Type} lead {lead.Id}", $"{lead.Length} samples",
                    $"{length} as in lead {waveform.Leads[0].Id}");
        var rate = Rate(file, waveform, options);
        ValueLimit.Require(file, waveform.Leads.Count + Derived.Length, length, options);

        var names = LeadNames.Distinct([.. waveform.Leads.Select(l => LeadNames.Recognize(l.Id) ?? l.Id)]);
        var (one, two) = (IndexOf(names, "I"), IndexOf(names, "II"));
        var derived = one < 0 || two < 0 ? [] : Derived.Where(d => IndexOf(names, d.Lead) < 0).ToArray();
        var samples = new float[(long)(names.Count + derived.Length) * length];
        for (var lead = 0; lead < names.Count; lead++)
            Scale(waveform.Leads[lead], samples.AsSpan(lead * length, length));
        for (var i = 0; i < derived.Length; i++)
            Derive(waveform.Leads[one], waveform.Leads[two], derived[i].OfI, derived[i].OfII,
                samples.AsSpan((names.Count + i) * length, length));
        return (
            new EcgSignal(samples, new SignalLayout([.. names, .. derived.Select(d => d.Lead)], length, rate)),
            [.. waveform.Leads.Select(l => (string?)l.Unit), .. derived.Select(_ => (string?)null)]);
    }

    private static double Rate(string file, MuseWaveform waveform, EcgReadOptions options)
    {
        var rate = waveform.SampleBase * Math.Pow(10, waveform.SampleExponent) ?? options.SamplingRate;
        return rate is > 0 and <= 1e6
            ? rate.Value
            : throw new EcgFormatException(file, $"{waveform.Type} waveform",
                $"a sampling rate of {waveform.SampleBase} x 10^{waveform.SampleExponent} Hz", "a positive rate");
    }

    private static int IndexOf(IReadOnlyList<string> names, string lead)
    {
        for (var i = 0; i < names.Count; i++)
            if (names[i] == lead)
                return i;
        return -1;
    }

    private static void Scale(MuseLead lead, Span<float> samples)
    {
        ReadOnlySpan<byte> stored = lead.Samples;
        var scale = lead.MillivoltPerBit;
        for (var t = 0; t < samples.Length; t++)
            samples[t] = (float)(Sample(stored, t) * scale);
    }

    /// <summary>Before rounding to the signal's precision: half a unit of I or II does not get lost.</summary>
    private static void Derive(MuseLead one, MuseLead two, double ofOne, double ofTwo, Span<float> samples)
    {
        ReadOnlySpan<byte> storedOne = one.Samples, storedTwo = two.Samples;
        var (scaleOne, scaleTwo) = (one.MillivoltPerBit, two.MillivoltPerBit);
        // The sum begins with zero, so that no lead has a negative one.
        for (var t = 0; t < samples.Length; t++)
            samples[t] = (float)(0 + (ofOne * Sample(storedOne, t) * scaleOne) + (ofTwo * Sample(storedTwo, t) * scaleTwo));
    }

    private static short Sample(ReadOnlySpan<byte> samples, int t) => BinaryPrimitives.ReadInt16LittleEndian(samples[(2 * t)..]);
}
