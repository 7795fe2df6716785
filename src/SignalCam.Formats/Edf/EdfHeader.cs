namespace SignalCam.Formats.Edf;

/// <summary>The header of an EDF file.</summary>
internal sealed record EdfHeader
{
    public required string PatientField { get; init; }

    public required string RecordingField { get; init; }

    /// <summary>dd.mm.yy</summary>
    public required string StartDate { get; init; }

    /// <summary>hh.mm.ss</summary>
    public required string StartTime { get; init; }

    /// <summary>"EDF+C", "EDF+D", or anything else for plain EDF.</summary>
    public required string Reserved { get; init; }

    /// <summary>Bytes of the header, which is where the first record begins.</summary>
    public required int HeaderBytes { get; init; }

    /// <summary>Whole data records in the file.</summary>
    public required int RecordCount { get; init; }

    /// <summary>Seconds a record lasts, as stated.</summary>
    public required decimal RecordSeconds { get; init; }

    /// <summary>Characters in which the duration is stated: where all eight are used it may be rounded.</summary>
    public required int RecordSecondsLength { get; init; }

    public required IReadOnlyList<EdfSignal> Signals { get; init; }

    /// <summary>Bytes of a record.</summary>
    public required int RecordBytes { get; init; }

    public bool IsPlus => Reserved.StartsWith("EDF+", StringComparison.Ordinal);

    public bool IsDiscontinuous => Reserved.StartsWith("EDF+D", StringComparison.Ordinal);
}

/// <summary>The header's description of a signal.</summary>
internal sealed record EdfSignal
{
    public required string Label { get; init; }

    public required string Transducer { get; init; }

    public required string Dimension { get; init; }

    public required string Prefilter { get; init; }

    public required EdfScale Scale { get; init; }

    public required int SamplesPerRecord { get; init; }

    /// <summary>Where the signal's samples begin in a record, in bytes.</summary>
    public required int Offset { get; init; }

    public bool IsAnnotations => Label == "EDF Annotations";
}

/// <summary>The straight line from digital to physical values.</summary>
internal readonly record struct EdfScale(double PhysicalMinimum, double PhysicalMaximum, int DigitalMinimum, int DigitalMaximum)
{
    /// <summary>Digital values as they are.</summary>
    public static EdfScale None { get; } = new(0, 1, 0, 1);

    /// <summary>Physical units from one digital value to the next.</summary>
    public double Step => Math.Abs((PhysicalMaximum - PhysicalMinimum) / (DigitalMaximum - DigitalMinimum));

    /// <summary>
    /// The line in a unit of which one physical unit is worth <paramref name="perUnit"/> (0.001 for millivolt where the file has
    /// microvolt).
    /// </summary>
    public EdfLine In(double perUnit)
    {
        var range = DigitalMaximum - DigitalMinimum;
        return new EdfLine(
            PhysicalMaximum - PhysicalMinimum,
            (PhysicalMinimum * DigitalMaximum) - (PhysicalMaximum * DigitalMinimum),
            perUnit < 1 ? range * Math.Round(1 / perUnit) : range / perUnit);
    }
}

/// <summary>
/// A straight line as a fraction. Its parts are whole numbers for nearly every file, so that a value is rounded once and zero stays zero,
/// which a gain that is rounded itself does not give.
/// </summary>
internal readonly record struct EdfLine(double Slope, double Intercept, double Divisor)
{
    public float Value(int digital) => (float)(((digital * Slope) + Intercept) / Divisor);

    /// <summary>The digital value, not yet rounded, that has this value.</summary>
    public double Digital(double value) => ((value * Divisor) - Intercept) / Slope;
}
