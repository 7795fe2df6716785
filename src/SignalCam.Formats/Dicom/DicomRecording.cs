using SignalCam.Abstractions;
using SignalCam.Core.Signals;

namespace SignalCam.Formats.Dicom;

/// <summary>
/// Creates one recording of the multiplex groups of a file: which is the signal, which the median beat, which stands beside them.
/// </summary>
internal static class DicomRecording
{
    /// <summary>A common time grid of groups that begin at different times may have this many times the values that are stored.</summary>
    private const int MaxDilution = 16;

    public static EcgRecording Assemble(string file, string kind, IReadOnlyList<DicomGroup> groups, EcgReadOptions options,
        List<string> warnings)
    {
        var withLeads = groups.Where(g => g.Channels.Any(c => c.IsLead)).ToList();
        if (withLeads.Count == 0)
            throw NoLead(file, kind, groups);
        var rhythm = withLeads.Where(g => !g.IsBeat).ToList();
        if (rhythm.Count == 0)
            throw new EcgFormatException(file, null, "an average beat only", "a recorded ECG (an original multiplex group)");
        var main = rhythm.MaxBy(g => g.Channels.Count(c => c.IsLead) * g.Length / g.SamplingRate)!;
        var joined = Joined(rhythm, main, options);
        var (leads, others) = Split(groups, joined, warnings);
        var beat = withLeads.FirstOrDefault(g => g.IsBeat);
        WarnOf(groups, beat, warnings);
        return new EcgRecording(SignalOf(leads, joined), "dicom")
        {
            Units = [.. leads.Select(l => l.Group.Channels[l.Channel].Unit)],
            OtherChannels = [.. others.Select(o => ChannelOf(o.Group, o.Channel, joined.Count > 1 || o.Group != main))],
            MedianBeat = beat is null ? null : BeatOf(beat),
        };
    }

    private static EcgFormatException NoLead(string file, string kind, IReadOnlyList<DicomGroup> groups)
    {
        var channels = groups.SelectMany(g => g.Channels).ToList();
        var named = string.Join(", ", channels.Take(12).Select(c => $"{c.Name} [{c.Unit ?? "no unit"}]"));
        return new EcgFormatException(
            file, null, $"{kind} without an ECG lead; its channels: {named}",
            channels.Any(c => c.Unit is null)
                ? "an ECG lead in a unit of voltage (where the file states no sensitivity, name the unit by an option)"
                    : "an ECG lead in a unit of voltage");
    }

    /// <summary>The groups that make up the signal: those with the main one's rate, each in its place of time.</summary>
    private static List<DicomGroup> Joined(List<DicomGroup> rhythm, DicomGroup main, EcgReadOptions options)
    {
        var same = rhythm.Where(g => g.SamplingRate.Equals(main.SamplingRate)).ToList();
        var start = same.Min(g => g.OffsetSeconds);
        var length = same.Max(g => Position(g, start) + g.Length);
        var leads = same.Sum(g => g.Channels.Count(c => c.IsLead));
        var stored = same.Sum(g => (double)g.Channels.Count * g.Length);
        return length * leads <= Math.Min(options.MaxValues, MaxDilution * stored) ? same : [main];
    }

    /// <summary>Leads of the signal (of a lead that occurs twice the longer one) and all channels that are not in it.</summary>
    private static (List<(DicomGroup Group, int Channel)> Leads, List<(DicomGroup Group, int Channel)> Others) Split(
        IReadOnlyList<DicomGroup> groups, List<DicomGroup> joined, List<string> warnings)
    {
        var (leads, others) = (new List<(DicomGroup Group, int Channel)>(), new List<(DicomGroup Group, int Channel)>());
        foreach (var group in groups.Where(g => !g.IsBeat))
            for (var c = 0; c < group.Channels.Count; c++)
            {
                if (!group.Channels[c].IsLead || !joined.Contains(group))
                {
                    others.Add((group, c));
                    continue;
                }
                var name = group.Channels[c].Name;
                var known = leads.FindIndex(l => l.Group.Channels[l.Channel].Name.Equals(name, StringComparison.OrdinalIgnoreCase));
                if (known < 0)
                    leads.Add((group, c));
                else if (leads[known].Group == group)
                    leads.Add((group, c));
                else
                {
                    var isLonger = group.Length > leads[known].Group.Length;
                    others.Add(isLonger ? leads[known] : (group, c));
                    if (isLonger)
                        leads[known] = (group, c);
                    warnings.Add(
                        $"lead {name} is in groups {leads[known].Group.Number} and {others[^1].Group.Number}; the longer one is taken");
                }
            }
        return (Ordered(leads), others);
    }

    private static EcgSignal SignalOf(List<(DicomGroup Group, int Channel)> leads, List<DicomGroup> joined)
    {
        var start = joined.Min(g => g.OffsetSeconds);
        var length = (int)joined.Max(g => Position(g, start) + g.Length);
        var samples = GC.AllocateUninitializedArray<float>(leads.Count * length);
        if (leads.Any(l => l.Group.Length < length))
            Array.Fill(samples, float.NaN);
        for (var lead = 0; lead < leads.Count; lead++)
            leads[lead].Group.Decode(leads[lead].Channel, samples.AsSpan((lead * length) + (int)Position(leads[lead].Group, start)));
        return new EcgSignal(samples, new SignalLayout(NamesOf(leads), length, joined[0].SamplingRate));
    }

    private static EcgSignal BeatOf(DicomGroup group)
    {
        var leads = Ordered([.. Enumerable.Range(0, group.Channels.Count).Where(c => group.Channels[c].IsLead).Select(c => (group, c))]);
        return SignalOf(leads, [group]);
    }

    /// <summary>In the order to show them, so that nothing has to be moved later.</summary>
    private static List<(DicomGroup Group, int Channel)> Ordered(List<(DicomGroup Group, int Channel)> leads) =>
        [.. StandardLeadOrder.Order(NamesOf(leads)).Select(i => leads[i])];

    private static IReadOnlyList<string> NamesOf(List<(DicomGroup Group, int Channel)> leads) =>
        LeadNames.Distinct([.. leads.Select(l => l.Group.Channels[l.Channel].Name)]);

    private static EcgChannel ChannelOf(DicomGroup group, int index, bool nameGroup)
    {
        var channel = group.Channels[index];
        var samples = new float[group.Length];
        group.Decode(index, samples);
        return new EcgChannel(
            nameGroup ? $"{channel.Name} (group {group.Number})" : channel.Name, channel.IsLead ? "mV" : channel.Unit, group.SamplingRate,
                samples);
    }

    /// <summary>Samples from the start of the signal to the group's first; not below 0.</summary>
    private static double Position(DicomGroup group, double start) => Math.Round((group.OffsetSeconds - start) * group.SamplingRate);

    private static void WarnOf(IReadOnlyList<DicomGroup> groups, DicomGroup? beat, List<string> warnings)
    {
        foreach (var group in groups)
        {
            if (group.IsBeat && group != beat)
                warnings.Add($"group {group.Number} ({group.Label ?? "no label"}) is one more average beat and is left out");
            foreach (var channel in group.Channels.Where(c => Math.Abs(c.Skew) >= 1))
                warnings.Add(FormattableString.Invariant(
                    $"channel {channel.Name} of group {group.Number} is {channel.Skew} samples late (skew), which is not corrected"));
            foreach (var channel in group.Channels.Where(c => c.Unit is null))
                warnings.Add($"channel {channel.Name} of group {group.Number} states no sensitivity: its samples have no unit");
        }
    }
}
