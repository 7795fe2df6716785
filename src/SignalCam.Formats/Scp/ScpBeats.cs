namespace SignalCam.Formats.Scp;

/// <summary>A QRS complex of section 4; samples count from 1.</summary>
/// <param name="Type">0 for the type of the reference beat.</param>
/// <param name="SubtractionStart">SB, the first sample from which the reference beat was subtracted.</param>
/// <param name="Fiducial">fc, the sample where the beat's fiducial point lies.</param>
/// <param name="SubtractionEnd">SE, the last one.</param>
internal readonly record struct ScpQrs(int Type, long SubtractionStart, long Fiducial, long SubtractionEnd);

/// <summary>Section 4: where the beats are, for the subtraction of the reference beat. EN 1064 5.7.</summary>
internal sealed record ScpBeats(int LengthMilliseconds, int Fiducial, IReadOnlyList<ScpQrs> Complexes)
{
    private const int EntryLength = 14;

    /// <summary>Null if the section is absent.</summary>
    public static ScpBeats? Read(ScpRecord record, ScpLeads leads)
    {
        if (record.Section(4) is not { } section)
            return null;
        var count = section.UInt16(4);
        // Without subtraction nothing refers to the complexes, and writers leave odd values there.
        if (!leads.IsBeatSubtracted)
            return new ScpBeats(section.UInt16(0), section.UInt16(2), []);
        var complexes = new ScpQrs[count];
        for (var i = 0; i < count; i++)
        {
            var at = 6 + (EntryLength * i);
            complexes[i] = new ScpQrs(section.UInt16(at), section.UInt32(at + 2), section.UInt32(at + 6), section.UInt32(at + 10));
        }
        return new ScpBeats(section.UInt16(0), section.UInt16(2), complexes);
    }
}
