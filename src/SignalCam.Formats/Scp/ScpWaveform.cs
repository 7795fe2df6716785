using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Scp;

/// <summary>The samples of section 5 (reference beat) or 6 (rhythm). EN 1064 5.8 and 5.9.</summary>
internal sealed class ScpWaveform
{
    private const double MillivoltPerNanovolt = 1e-6;
    private const int HeaderLength = 6;

    private readonly ScpSection _section;
    private readonly ScpHuffman? _tables;
    private readonly int _differences;

    /// <summary>Where the bytes of each lead are in the section, and how many.</summary>
    private readonly (int Start, int Size)[] _leads;

    private ScpWaveform(ScpSection section, ScpLeads leads, ScpHuffman? tables, int[] lengths, List<string> warnings)
    {
        (_section, _tables) = (section, tables);
        (Nanovolt, IntervalMicroseconds, _differences) = (section.UInt16(0), section.UInt16(2), section.Byte(4));
        if (Nanovolt == 0 || IntervalMicroseconds == 0)
            throw section.Wrong(0, $"{Nanovolt} nV per unit, {IntervalMicroseconds} us per sample", "numbers above 0");
        if (_differences > 2)
            throw section.Wrong(4, $"differences of order {_differences}", "0, 1 or 2");
        _leads = Places(section, tables is null, lengths, warnings);
        for (var lead = 0; lead < _leads.Length; lead++)
            RequireRoom(lead, lengths[lead], leads.Leads[lead].Name);
    }

    /// <summary>AVM: nanovolt per unit.</summary>
    public int Nanovolt { get; }

    public int IntervalMicroseconds { get; }

    private double SamplingRate => 1e6 / IntervalMicroseconds;

    /// <summary>Section 6.</summary>
    public static ScpWaveform ReadRhythm(ScpRecord record, ScpLeads leads, ScpHuffman? tables, List<string> warnings)
    {
        var section = record.Required(6);
        if (section.Byte(5) != 0)
            throw section.Wrong(5, "bimodal compression",
                "samples at one rate: bimodal compression keeps the signal between the beats at a lower one and is not supported");
        return new ScpWaveform(section, leads, tables, [.. leads.Leads.Select(l => l.Length)], warnings);
    }

    /// <summary>Section 5 with its length; null if it is missing or cannot be read without section 4.</summary>
    public static (ScpWaveform Waveform, int Length)? ReadBeat(
        ScpRecord record, ScpLeads leads, ScpHuffman? tables, ScpBeats? beats, List<string> warnings)
    {
        if (record.Section(5) is not { } section)
            return null;
        var interval = section.UInt16(2);
        var length = beats is null || interval == 0 ? 0 : (int)(beats.LengthMilliseconds * 1000L / interval);
        if (length > 0)
            return (new ScpWaveform(section, leads, tables, [.. Enumerable.Repeat(length, leads.Leads.Count)], warnings), length);
        warnings.Add("the reference beat (section 5) is left out: section 4 does not state its length");
        return null;
    }

    /// <summary>The rhythm in millivolts, with the reference beat added again where it was subtracted.</summary>
    /// <param name="leads">In the order of the file; the signal has them in the order to show them.</param>
    /// <param name="subtraction">What was subtracted; null for nothing.</param>
    public EcgSignal ToSignal(ScpLeads leads, ScpSubtraction? subtraction) => ToSignal(
        leads, leads.GridLength, lead => (int)(lead.First - leads.Start), lead => lead.Length,
        (lead, units) => subtraction?.Undo(lead, leads.Leads[lead], units));

    /// <summary>The reference beat in millivolts.</summary>
    public EcgSignal ToBeat(ScpLeads leads, int length) => ToSignal(leads, length, _ => 0, _ => length, null);

    /// <summary>The samples of a lead in units of <see cref="Nanovolt"/>.</summary>
    public void Decode(int lead, string name, Span<int> units)
    {
        var (start, size) = _leads[lead];
        var bytes = _section.Slice(start, size).Span;
        if (_tables is null)
            for (var t = 0; t < units.Length; t++)
                units[t] = BinaryPrimitives.ReadInt16LittleEndian(bytes[(2 * t)..]);
        else if (_tables.Decode(bytes, units) is var decoded && decoded < units.Length)
            throw _section.Wrong(
                start, $"{decoded} samples of lead {name}, then the end of its {size} bytes or no Huffman code", $"{units.Length} samples");
        Sum(units, _differences);
    }

    private EcgSignal ToSignal(
        ScpLeads leads, int gridLength, Func<ScpLead, int> offset, Func<ScpLead, int> length, Action<int, int[]>? change)
    {
        var order = StandardLeadOrder.Order([.. leads.Leads.Select(l => l.Name)]);
        var samples = GC.AllocateUninitializedArray<float>(order.Length * gridLength);
        if (leads.Leads.Any(l => length(l) < gridLength))
            Array.Fill(samples, float.NaN);
        var units = ArrayPool<int>.Shared.Rent(leads.Leads.Max(length));
        try
        {
            for (var i = 0; i < order.Length; i++)
            {
                var lead = leads.Leads[order[i]];
                var decoded = units.AsSpan(0, length(lead));
                Decode(order[i], lead.Name, decoded);
                change?.Invoke(order[i], units);
                Scale(decoded, samples.AsSpan((i * gridLength) + offset(lead)));
            }
        }
        finally
        {
            ArrayPool<int>.Shared.Return(units);
        }
        return new EcgSignal(samples, new SignalLayout([.. order.Select(i => leads.Leads[i].Name)], gridLength, SamplingRate));
    }

    private void Scale(ReadOnlySpan<int> units, Span<float> millivolt)
    {
        var scale = Nanovolt * MillivoltPerNanovolt;
        for (var t = 0; t < units.Length; t++)
            millivolt[t] = (float)(units[t] * scale);
    }

    /// <summary>
    /// Bytes of each lead. Their number is stored in 16 bits, which plain samples of a long lead exceed; where the samples fill the section
    /// exactly, the true number follows from theirs.
    /// </summary>
    private static (int Start, int Size)[] Places(ScpSection section, bool isPlain, int[] lengths, List<string> warnings)
    {
        var start = HeaderLength + (2 * lengths.Length);
        var sizes = new int[lengths.Length];
        for (var lead = 0; lead < sizes.Length; lead++)
            sizes[lead] = section.UInt16(HeaderLength + (2 * lead));
        var isOverflown = isPlain && lengths.Any(l => 2L * l > ushort.MaxValue)
            && lengths.Sum(l => 2L * l) <= section.Length - start
            && lengths.Select((l, lead) => (ushort)(2L * l) == sizes[lead]).All(matches => matches);
        if (isOverflown)
        {
            warnings.Add(
                $"section {section.Id}: the leads exceed the 16 bits of their byte counts; the number of samples counts instead");
            sizes = [.. lengths.Select(l => 2 * l)];
        }
        var places = new (int Start, int Size)[sizes.Length];
        for (var lead = 0; lead < sizes.Length; start += sizes[lead++])
            places[lead] = (start, sizes[lead]);
        return places;
    }

    /// <summary>A sample takes one bit at least, or two bytes: this is what memory is reserved for.</summary>
    private void RequireRoom(int lead, int length, string name)
    {
        var (start, size) = _leads[lead];
        _section.Slice(start, size);
        if (length > (_tables is null ? size / 2 : size * 8L))
            throw _section.Wrong(start, $"{size} bytes for lead {name}", string.Create(CultureInfo.InvariantCulture, $"{length} samples"));
    }

    /// <summary>Undoes first or second differences. Numbers wrap around in a broken file; that is not to be caught here.</summary>
    private static void Sum(Span<int> samples, int differences)
    {
        if (differences == 0 || samples.Length < 2)
            return;
        var (before, last) = (samples[0], samples[differences - 1]);
        for (var t = differences; t < samples.Length; t++)
        {
            var next = unchecked(samples[t] + (differences == 1 ? last : (2 * last) - before));
            (before, last) = (last, next);
            samples[t] = next;
        }
    }
}
