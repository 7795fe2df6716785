using SignalCam.Abstractions;

namespace SignalCam.Formats.Scp;

/// <summary>
/// The reference beat that was subtracted from the complexes of its type before the rhythm was compressed. EN 1064 annex C.
/// </summary>
internal sealed class ScpSubtraction
{
    private readonly int[][] _beat;
    private readonly ScpBeats _beats;

    private ScpSubtraction(int[][] beat, ScpBeats beats) => (_beat, _beats) = (beat, beats);

    /// <summary>Null if nothing was subtracted.</summary>
    public static ScpSubtraction? Read(
        ScpRecord record, ScpLeads leads, ScpWaveform rhythm, ScpBeats? beats, (ScpWaveform Waveform, int Length)? beat)
    {
        if (!leads.IsBeatSubtracted)
            return null;
        if (beats is null || beat is not var (waveform, length))
            throw new EcgFormatException(
                record.File, "section 3", "a subtracted reference beat", "sections 4 and 5, which say where and what was subtracted");
        if (waveform.IntervalMicroseconds != rhythm.IntervalMicroseconds || waveform.Nanovolt != rhythm.Nanovolt)
            throw new EcgFormatException(
                record.File, "section 5", $"a subtracted reference beat of {waveform.Nanovolt} nV per {waveform.IntervalMicroseconds} us",
                $"{rhythm.Nanovolt} nV per {rhythm.IntervalMicroseconds} us as in section 6; others are not supported");
        var samples = new int[leads.Leads.Count][];
        for (var lead = 0; lead < samples.Length; lead++)
            waveform.Decode(lead, leads.Leads[lead].Name, samples[lead] = new int[length]);
        return new ScpSubtraction(samples, beats);
    }

    /// <summary>Adds the beat to the complexes it was subtracted from.</summary>
    /// <param name="index">The lead's place in the file.</param>
    /// <param name="lead">The lead.</param>
    /// <param name="samples">Its samples, which are changed.</param>
    public void Undo(int index, ScpLead lead, int[] samples)
    {
        foreach (var complex in _beats.Complexes)
            if (complex.Type == 0)
                Add(samples, lead, _beat[index], complex);
    }

    private void Add(int[] samples, ScpLead lead, int[] beat, ScpQrs complex)
    {
        // Sample s of the record belongs to sample s - fc + fcM of the beat, all counted from 1 (by some writers the record from 0).
        var first = Math.Max(1, lead.First);
        var shift = _beats.Fiducial - complex.Fiducial;
        var from = Math.Max(Math.Max(complex.SubtractionStart, 1 - shift), first);
        var to = Math.Min(Math.Min(complex.SubtractionEnd, beat.Length - shift), first + lead.Length - 1);
        for (var s = from; s <= to; s++)
            samples[s - first] = unchecked(samples[s - first] + beat[s + shift - 1]);
    }
}
