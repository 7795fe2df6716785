using SignalCam.Abstractions;
using SignalCam.Core.Signals;

namespace SignalCam.Formats.Scp;

/// <summary>A lead of section 3.</summary>
/// <param name="Name">By its number.</param>
/// <param name="First">Number of the first sample; the first of the record is 1.</param>
/// <param name="Length">Samples.</param>
internal sealed record ScpLead(string Name, long First, int Length);

/// <summary>Section 3: which leads there are and how they were recorded. EN 1064 5.6.</summary>
internal sealed class ScpLeads
{
    /// <summary>
    /// The common time grid of leads that were not recorded together may have this many times the samples that are stored.
    /// </summary>
    private const int MaxDilution = 16;

    private const int EntryLength = 9;

    private ScpLeads(IReadOnlyList<ScpLead> leads, bool isBeatSubtracted, long start, int gridLength) =>
        (Leads, IsBeatSubtracted, Start, GridLength) = (leads, isBeatSubtracted, start, gridLength);

    public IReadOnlyList<ScpLead> Leads { get; }

    /// <summary>Whether the reference beat of section 5 has to be added to section 6.</summary>
    public bool IsBeatSubtracted { get; }

    /// <summary>Number of the earliest sample of all leads.</summary>
    public long Start { get; }

    /// <summary>Samples from the earliest to the latest of all leads.</summary>
    public int GridLength { get; }

    public static ScpLeads Read(ScpRecord record, EcgReadOptions options)
    {
        var section = record.Required(3);
        var count = section.Byte(0);
        if (count == 0)
            throw section.Wrong(0, "no lead", "at least one");
        var (names, ranges) = (new string[count], new (long First, long Length)[count]);
        for (var i = 0; i < count; i++)
        {
            var at = 2 + (EntryLength * i);
            var (first, last) = ((long)section.UInt32(at), (long)section.UInt32(at + 4));
            var number = section.Byte(at + 8);
            names[i] = LeadCodes.Name(number) ?? $"lead {number}";
            ranges[i] = (first, last - first + 1);
            if (last < first || ranges[i].Length > options.MaxValues)
                throw section.Wrong(at, $"samples {first} to {last} of lead {names[i]}", $"1 to {options.MaxValues} samples");
        }
        var (start, end) = (ranges.Min(r => r.First), ranges.Max(r => r.First + r.Length));
        var values = (double)count * (end - start);
        if (values > Math.Min(options.MaxValues, MaxDilution * ranges.Sum(r => (double)r.Length)))
            throw section.Wrong(2, $"{count} leads between samples {start} and {end - 1}",
                $"leads that were recorded together, at most {options.MaxValues} values");
        var leads = LeadNames.Distinct(names).Select((name, i) => new ScpLead(name, ranges[i].First, (int)ranges[i].Length)).ToArray();
        return new ScpLeads(leads, (section.Byte(1) & 1) != 0, start, (int)(end - start));
    }
}
