namespace SignalCam.Formats.AEcg;

/// <summary>The content of an aECG document before assembly.</summary>
internal sealed class AEcgDocument
{
    /// <summary>Series of rhythm waveforms in the document's order.</summary>
    public List<AEcgSeries> Rhythms { get; } = [];

    /// <summary>Beats that are series of their own, not derived from a rhythm series.</summary>
    public List<AEcgSeries> Beats { get; } = [];

    /// <summary>Low end or centre of the document's effective time.</summary>
    public string? EffectiveTime { get; set; }

    public Dictionary<string, string> Patient { get; } = [];
}

/// <summary>A series or derived series.</summary>
internal sealed class AEcgSeries
{
    /// <summary>"RHYTHM", "REPRESENTATIVE_BEAT", or what the writer put there.</summary>
    public string? Code { get; set; }

    public string? EffectiveTime { get; set; }

    public List<AEcgSequenceSet> Sets { get; } = [];

    public List<AEcgSeries> Derived { get; } = [];

    public List<AEcgAnnotation> Annotations { get; } = [];

    public Dictionary<string, string> Metadata { get; } = [];
}

/// <summary>Sequences with one time axis.</summary>
internal sealed class AEcgSequenceSet
{
    public AEcgTimeAxis? Time { get; set; }

    public List<AEcgSequence> Leads { get; } = [];
}

/// <summary>The time axis of a sequence set: a generated list (GLIST_TS or GLIST_PQ).</summary>
/// <param name="IsAbsolute">Whether the head is a date and time (TIME_ABSOLUTE); otherwise seconds (TIME_RELATIVE).</param>
/// <param name="Head">The first sample's time as written.</param>
/// <param name="HeadUnit">Its unit, where the time is relative.</param>
/// <param name="Increment">Seconds from sample to sample.</param>
internal sealed record AEcgTimeAxis(bool IsAbsolute, string? Head, string? HeadUnit, double Increment);

/// <summary>The sequence of one lead or channel.</summary>
/// <param name="Code">Its code, such as MDC_ECG_LEAD_II.</param>
/// <param name="Unit">The unit of the scale, as written.</param>
/// <param name="Samples">Origin and scale applied: millivolt, or in <paramref name="Unit"/> where that is not a voltage.</param>
internal sealed record AEcgSequence(string Code, string? Unit, float[] Samples);

/// <summary>An annotation before its times are related to the signal.</summary>
/// <param name="Text">The code or the displayed name.</param>
/// <param name="Value">A measured value with its unit.</param>
/// <param name="Low">Begin, as a time stamp (absolute) or seconds (relative).</param>
/// <param name="High">End.</param>
/// <param name="Lead">The lead it belongs to.</param>
internal sealed record AEcgAnnotation(string Text, string? Value, AEcgMoment? Low, AEcgMoment? High, string? Lead);

/// <summary>A time as written, with its unit where it is relative.</summary>
internal readonly record struct AEcgMoment(string Value, string? Unit, bool IsAbsolute);
