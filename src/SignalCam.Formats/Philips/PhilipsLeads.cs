using SignalCam.Abstractions;
using SignalCam.Core.Signals;
using SignalCam.Formats.Channels;

namespace SignalCam.Formats.Philips;

/// <summary>
/// The leads of parsedwaveforms in millivolts. III, aVR, aVL and aVF are stored as what they differ by from the leads derived from I and
/// II.
/// </summary>
internal static class PhilipsLeads
{
    private const int MostLeads = 64;
    private const int LongestExcess = 4;
    private const string StandardLeadSet = "STD-12";

    public static EcgSignal ToSignal(string file, PhilipsDocument document, EcgReadOptions options)
    {
        var waveforms = document.Waveforms ?? throw new EcgFormatException(file, null, "a document without parsedwaveforms", "waveforms");
        if (!waveforms.IsXli)
            throw new EcgFormatException(file, waveforms.Position,
                waveforms.Compression is { } other ? $"compression {other}" : "waveforms without compression",
                "XLI, the only one that is supported");
        var rate = document.SamplingRate ?? options.SamplingRate
            ?? throw new EcgFormatException(file, waveforms.Position, "no sampling rate", "samplespersecond or samplingrate");
        var resolution = document.Resolution
            ?? throw new EcgFormatException(file, waveforms.Position, "no resolution", "microvolts per unit");
        var names = Names(file, document, waveforms);
        var stated = waveforms.Milliseconds is { } milliseconds ? milliseconds / 1000 * rate : (double?)null;
        ValueLimit.Require(file, names.Count, (long)Math.Min(stated ?? 0, long.MaxValue / 2), options);

        var most = Math.Min(options.MaxValues, int.MaxValue / 4) / names.Count;
        // A wrong duration is forgiven, a bomb is not.
        var leads = Xli.Decompress(file, waveforms.Bytes, names.Count,
            (int)Math.Min(stated is { } limit ? LongestExcess * limit : most, most));
        RequireEqualLengths(file, waveforms, names, leads);
        if (stated is { } expected && Math.Abs(leads[0].Length - expected) >= 1)
            document.Warnings.Add(
                FormattableString.Invariant($"durationperchannel stands for {expected} samples; the leads have {leads[0].Length}"));
        Reconstruct(leads);
        var length = leads[0].Length;
        var samples = new float[(long)names.Count * length];
        var millivolt = resolution / 1000;
        for (var lead = 0; lead < leads.Length; lead++)
            for (var t = 0; t < length; t++)
                samples[(lead * length) + t] = (float)(leads[lead][t] * millivolt);
        return new EcgSignal(samples, new SignalLayout(LeadNames.Distinct([.. names]), length, rate));
    }

    private static IReadOnlyList<string> Names(string file, PhilipsDocument document, PhilipsWaveforms waveforms)
    {
        if (waveforms.LeadLabels is not { } labels)
            return document.Metadata.GetValueOrDefault("lead_set", StandardLeadSet) is StandardLeadSet
                ? SignalLayout.StandardLeads
                : throw new EcgFormatException(file, waveforms.Position, $"lead set {document.Metadata["lead_set"]} without leadlabels",
                    StandardLeadSet);
        string[] names = [.. labels.Select(l => LeadNames.Recognize(l) ?? l)];
        if (names.Length is < 6 or > MostLeads || !names.Take(6).SequenceEqual(SignalLayout.StandardLeads.Take(6)))
            throw new EcgFormatException(file, waveforms.Position, $"{names.Length} leads: {string.Join(", ", names.Take(MostLeads))}",
                "I, II, III, aVR, aVL, aVF first, by which the others are told");
        return names;
    }

    private static void RequireEqualLengths(string file, PhilipsWaveforms waveforms, IReadOnlyList<string> names, int[][] leads)
    {
        if (leads[0].Length == 0)
            throw new EcgFormatException(file, waveforms.Position, "leads without samples", "samples");
        for (var lead = 1; lead < leads.Length; lead++)
            if (leads[lead].Length != leads[0].Length)
                throw new EcgFormatException(file, waveforms.Position, $"{leads[lead].Length} samples in lead {names[lead]}",
                    $"{leads[0].Length} as in lead {names[0]}");
    }

    private static void Reconstruct(int[][] leads)
    {
        var (one, two, three, right, left, foot) = (leads[0], leads[1], leads[2], leads[3], leads[4], leads[5]);
        for (var t = 0; t < one.Length; t++)
        {
            // Whole numbers, halved towards zero, as the recorder does it.
            three[t] = two[t] - one[t] - three[t];
            right[t] = -right[t] - ((one[t] + two[t]) / 2);
            left[t] = ((one[t] - three[t]) / 2) - left[t];
            foot[t] = ((two[t] + three[t]) / 2) - foot[t];
        }
    }
}
