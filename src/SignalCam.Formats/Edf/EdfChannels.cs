using System.Buffers.Binary;
using SignalCam.Abstractions;
using SignalCam.Core.Signals;
using SignalCam.Formats.Channels;

namespace SignalCam.Formats.Edf;

/// <summary>The signals of a file as channels: ECG leads in millivolts, others in their own unit.</summary>
internal static class EdfChannels
{
    // Recorders resolve 5 microvolts or better, old Holter recorders 20.
    private const double CoarsestStep = 0.0205;

    /// <param name="file">The file's name, for errors.</param>
    /// <param name="bytes">The file.</param>
    /// <param name="header">Its header.</param>
    /// <param name="onsets">Seconds of each record's beginning; empty if the recording is continuous.</param>
    /// <param name="options">The limits, and the unit where the file states none.</param>
    /// <param name="warnings">Gets what is odd.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static List<StoredChannel> Read(
        string file, ReadOnlySpan<byte> bytes, EdfHeader header, IReadOnlyList<decimal> onsets, EcgReadOptions options,
        List<string> warnings, CancellationToken cancellationToken)
    {
        var signals = header.Signals.Where(s => !s.IsAnnotations).ToArray();
        if (signals.Length == 0)
            return [];
        if (header.RecordSeconds == 0)
            throw new EcgFormatException(file, "byte 244", "records that last 0 s", "a positive duration");
        var places = new Dictionary<int, long[]>();
        long values = 0, stored = 0;
        foreach (var signal in signals)
        {
            stored += (long)header.RecordCount * signal.SamplesPerRecord;
            values += onsets.Count == 0 ? (long)header.RecordCount * signal.SamplesPerRecord : PlacesOf(signal)[^1];
            ValueLimit.RequireWithGaps(file, 1, values, stored, options);
        }
        var leads = LeadsOf(signals, options, warnings);
        WarnOfCoarseSteps(signals, leads, options, warnings);
        List<StoredChannel> channels = [];
        for (var s = 0; s < signals.Length; s++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (signal, lead) = (signals[s], leads[s]);
            var millivolt = UnitOf(signal, options) ?? 1;
            var line = signal.Scale.In(lead is null ? 1 : millivolt);
            var samples = Samples(bytes, header, signal, line, onsets.Count == 0 ? null : PlacesOf(signal));
            channels.Add(new StoredChannel(
                signal.Label, lead, signal.Dimension.Length == 0 ? null : signal.Dimension,
                EdfTimeline.Rate(signal.SamplesPerRecord, header.RecordSeconds, header.RecordSecondsLength), samples, lead is not null));
        }
        return channels;

        long[] PlacesOf(EdfSignal signal)
        {
            if (!places.TryGetValue(signal.SamplesPerRecord, out var found))
                places[signal.SamplesPerRecord] = found = EdfTimeline.Places(file, onsets, header, signal.SamplesPerRecord);
            return found;
        }
    }

    /// <summary>
    /// The lead of each signal in volts. If no label names an ECG lead, all signals in volts are used under their labels.
    /// </summary>
    private static string?[] LeadsOf(EdfSignal[] signals, EcgReadOptions options, List<string> warnings)
    {
        var leads = EdfLabels.Leads([.. signals.Select(s => s.Label)]);
        var named = false;
        for (var s = 0; s < leads.Length; s++)
        {
            if (leads[s] is null)
                continue;
            if (UnitOf(signals[s], options) is not null)
            {
                named = true;
                continue;
            }
            warnings.Add($"{signals[s].Label} is in '{signals[s].Dimension}', which is no unit of voltage, and set aside");
            leads[s] = null;
        }
        if (named)
            return leads;
        var inVolts = signals.Where(s => VoltageUnit.Millivolts(s.Dimension) is not null && s.Label.Length > 0).ToArray();
        var mayBe = inVolts.Where(s => ChannelKinds.MayBeEcg(s.Label, s.Dimension)).ToArray();
        if (inVolts.Length > 0)
            warnings.Add("no label names an ECG lead; the channels in volts" +
                (mayBe.Length > 0 ? " that may be one" : "") + " are taken as they are named");
        var taken = new HashSet<EdfSignal>(mayBe.Length > 0 ? mayBe : inVolts, ReferenceEqualityComparer.Instance);
        return [.. signals.Select(s => taken.Contains(s) ? s.Label : null)];
    }

    private static void WarnOfCoarseSteps(EdfSignal[] signals, string?[] leads, EcgReadOptions options, List<string> warnings)
    {
        var coarse = Enumerable.Range(0, signals.Length).Where(s => leads[s] is not null && Step(s) > CoarsestStep).ToArray();
        if (coarse.Length > 0)
            warnings.Add($"one unit of {string.Join(", ", coarse.Select(s => leads[s]))} is " +
                FormattableString.Invariant($"{coarse.Max(Step):0.####} mV")
                + ", which is coarse for an ECG; the file may state a wrong scale");

        double Step(int s) => signals[s].Scale.Step * (UnitOf(signals[s], options) ?? 1);
    }

    private static double? UnitOf(EdfSignal signal, EcgReadOptions options) =>
        VoltageUnit.Millivolts(signal.Dimension) ?? (signal.Dimension.Length == 0 ? VoltageUnit.Millivolts(options.Unit) : null);

    private static float[] Samples(ReadOnlySpan<byte> bytes, EdfHeader header, EdfSignal signal, EdfLine line, long[]? places)
    {
        var perRecord = signal.SamplesPerRecord;
        var samples = new float[places is null ? (long)header.RecordCount * perRecord : places[^1]];
        if (places is not null)
            Array.Fill(samples, float.NaN);
        var from = header.HeaderBytes + signal.Offset;
        for (var record = 0; record < header.RecordCount; record++, from += header.RecordBytes)
        {
            var to = samples.AsSpan(places is null ? record * perRecord : (int)places[record], perRecord);
            var digital = bytes.Slice(from, 2 * perRecord);
            for (var t = 0; t < to.Length; t++)
                to[t] = line.Value(BinaryPrimitives.ReadInt16LittleEndian(digital[(2 * t)..]));
        }
        return samples;
    }
}
