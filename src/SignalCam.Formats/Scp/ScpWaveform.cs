using System.Buffers.Binary;
using System.Globalization;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Scp;

/// <summary>The samples of section 5 (reference beat) or 6 (rhythm), decoded. EN 1064 5.8 and 5.9.</summary>
internal sealed class ScpWaveform
{
    private const double MillivoltPerNanovolt = 1e-6;
    private const int HeaderLength = 6;

    /// <summary>Samples by lead, in units of <see cref="Nanovolt"/>.</summary>
    private readonly int[][] _samples;

    private ScpWaveform(int nanovolt, int intervalMicroseconds, int[][] samples) =>
        (Nanovolt, IntervalMicroseconds, _samples) = (nanovolt, intervalMicroseconds, samples);

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
        return Read(section, leads, tables, [.. leads.Leads.Select(l => l.Length)], warnings);
    }

    /// <summary>Section 5; null where there is none, or none that can be read without section 4.</summary>
    public static ScpWaveform? ReadBeat(ScpRecord record, ScpLeads leads, ScpHuffman? tables, ScpBeats? beats, List<string> warnings)
    {
        if (record.Section(5) is not { } section)
            return null;
        var interval = section.UInt16(2);
        var length = beats is null || interval == 0 ? 0 : (int)(beats.LengthMilliseconds * 1000L / interval);
        if (length > 0)
            return Read(section, leads, tables, [.. Enumerable.Repeat(length, leads.Leads.Count)], warnings);
        warnings.Add("the reference beat (section 5) is left out: section 4 does not state its length");
        return null;
    }

    /// <summary>Adds the reference beat to the complexes it was subtracted from.</summary>
    public void AddBeats(ScpRecord record, ScpLeads leads, ScpBeats? beats, ScpWaveform? beat)
    {
        if (beats is null || beat is null)
            throw new EcgFormatException(record.File, "section 3", "a subtracted reference beat",
                "sections 4 and 5, which say where and what was subtracted");
        if (beat.IntervalMicroseconds != IntervalMicroseconds || beat.Nanovolt != Nanovolt)
            throw new EcgFormatException(
                record.File, "section 5", $"a subtracted reference beat of {beat.Nanovolt} nV per {beat.IntervalMicroseconds} us",
                $"{Nanovolt} nV per {IntervalMicroseconds} us as in section 6; others are not supported");
        for (var lead = 0; lead < _samples.Length; lead++)
            foreach (var complex in beats.Complexes)
                if (complex.Type == 0)
                    AddBeat(_samples[lead], Math.Max(1, leads.Leads[lead].First), beat._samples[lead], beats.Fiducial, complex);
    }

    public EcgSignal ToSignal(ScpLeads leads, EcgReadOptions options)
    {
        var samples = new float[leads.Leads.Count * leads.GridLength];
        if (leads.Leads.Any(l => l.Length < leads.GridLength))
            Array.Fill(samples, float.NaN);
        for (var lead = 0; lead < _samples.Length; lead++)
            Scale(_samples[lead], samples.AsSpan((lead * leads.GridLength) + (int)(leads.Leads[lead].First - leads.Start)));
        return new EcgSignal(samples, new SignalLayout([.. leads.Leads.Select(l => l.Name)], leads.GridLength, SamplingRate));
    }

    public EcgSignal ToBeat(ScpLeads leads)
    {
        var length = _samples[0].Length;
        var samples = new float[_samples.Length * length];
        for (var lead = 0; lead < _samples.Length; lead++)
            Scale(_samples[lead], samples.AsSpan(lead * length));
        return new EcgSignal(samples, new SignalLayout([.. leads.Leads.Select(l => l.Name)], length, SamplingRate));
    }

    private void Scale(int[] units, Span<float> millivolt)
    {
        var scale = Nanovolt * MillivoltPerNanovolt;
        for (var t = 0; t < units.Length; t++)
            millivolt[t] = (float)(units[t] * scale);
    }

    private static void AddBeat(int[] samples, long first, int[] beat, int beatFiducial, ScpQrs complex)
    {
        // Sample s of the record belongs to sample s - fc + fcM of the beat, all counted from 1.
        var shift = beatFiducial - complex.Fiducial;
        var from = Math.Max(Math.Max(complex.SubtractionStart, 1 - shift), first);
        var to = Math.Min(Math.Min(complex.SubtractionEnd, beat.Length - shift), first + samples.Length - 1);
        for (var s = from; s <= to; s++)
            samples[s - first] = unchecked(samples[s - first] + beat[s + shift - 1]);
    }

    private static ScpWaveform Read(ScpSection section, ScpLeads leads, ScpHuffman? tables, int[] lengths, List<string> warnings)
    {
        var (nanovolt, interval, differences) = (section.UInt16(0), section.UInt16(2), section.Byte(4));
        if (nanovolt == 0 || interval == 0)
            throw section.Wrong(0, $"{nanovolt} nV per unit, {interval} us per sample", "numbers above 0");
        if (differences > 2)
            throw section.Wrong(4, $"differences of order {differences}", "0, 1 or 2");
        var at = HeaderLength + (2 * lengths.Length);
        var samples = new int[lengths.Length][];
        var sizes = Sizes(section, tables is null, at, lengths, warnings);
        for (var lead = 0; lead < samples.Length; lead++)
        {
            samples[lead] = Decode(section, at, sizes[lead], tables, lengths[lead], leads.Leads[lead].Name);
            Sum(samples[lead], differences);
            at += sizes[lead];
        }
        return new ScpWaveform(nanovolt, interval, samples);
    }

    /// <summary>
    /// Bytes of each lead. They are stored in 16 bits, which plain samples of a long lead exceed; where the samples fill the section
    /// exactly, the true size follows from their number.
    /// </summary>
    private static int[] Sizes(ScpSection section, bool isPlain, int start, int[] lengths, List<string> warnings)
    {
        var sizes = new int[lengths.Length];
        for (var lead = 0; lead < sizes.Length; lead++)
            sizes[lead] = section.UInt16(HeaderLength + (2 * lead));
        var isOverflown = isPlain && lengths.Any(l => 2L * l > ushort.MaxValue)
            && lengths.Sum(l => 2L * l) <= section.Length - start
            && lengths.Select((l, lead) => (ushort)(2L * l) == sizes[lead]).All(matches => matches);
        if (!isOverflown)
            return sizes;
        warnings.Add(
            $"section {section.Id}: the leads are longer than the 16 bits of their byte counts hold; the number of samples counts instead");
        return [.. lengths.Select(l => 2 * l)];
    }

    private static int[] Decode(ScpSection section, int at, int size, ScpHuffman? tables, int length, string lead)
    {
        var bytes = section.Slice(at, size).Span;
        // A sample takes one bit at least, or two bytes: this is what memory is reserved for.
        var most = tables is null ? size / 2 : size * 8L;
        if (length > most)
            throw section.Wrong(at, $"{size} bytes for lead {lead}", string.Create(CultureInfo.InvariantCulture, $"{length} samples"));
        var samples = new int[length];
        if (tables is null)
            for (var t = 0; t < length; t++)
                samples[t] = BinaryPrimitives.ReadInt16LittleEndian(bytes[(2 * t)..]);
        else if (tables.Decode(bytes, samples) is var decoded && decoded < length)
            throw section.Wrong(at, $"{decoded} samples of lead {lead}, then the end of its {size} bytes or no Huffman code",
                $"{length} samples");
        return samples;
    }

    /// <summary>Undoes first or second differences. Numbers wrap around in a broken file; that is not to be caught here.</summary>
    private static void Sum(int[] samples, int differences)
    {
        if (differences == 1)
            for (var t = 1; t < samples.Length; t++)
                samples[t] = unchecked(samples[t] + samples[t - 1]);
        if (differences == 2)
            for (var t = 2; t < samples.Length; t++)
                samples[t] = unchecked(samples[t] + (2 * samples[t - 1]) - samples[t - 2]);
    }
}
