namespace SignalCam.Abstractions;

/// <summary>The shape of a recording: lead names in the order of the samples, samples per lead, samples per second.</summary>
public sealed class SignalLayout : IEquatable<SignalLayout>
{
    /// <summary>The twelve standard leads in the order of PTB-XL: I, II, III, aVR, aVL, aVF, V1 to V6.</summary>
    public static IReadOnlyList<string> StandardLeads { get; } =
        Array.AsReadOnly(["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"]);

    /// <summary>Describes a recording.</summary>
    /// <param name="leads">Lead names; distinct ignoring case.</param>
    /// <param name="length">Samples per lead, at least 1.</param>
    /// <param name="samplingRate">Samples per second and lead, above 0.</param>
    /// <exception cref="ArgumentException">No lead, a doubled lead, or a rate that is not a positive number.</exception>
    public SignalLayout(IReadOnlyList<string> leads, int length, double samplingRate)
    {
        ArgumentNullException.ThrowIfNull(leads);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        if (!(samplingRate > 0) || double.IsInfinity(samplingRate))
            throw new ArgumentOutOfRangeException(
                nameof(samplingRate), samplingRate, "a sampling rate is a positive, finite number of samples per second");
        if (leads.Count == 0)
            throw new ArgumentException("a recording has at least one lead", nameof(leads));
        if (!ReferenceEquals(leads, StandardLeads) && new HashSet<string>(leads, StringComparer.OrdinalIgnoreCase).Count < leads.Count)
        {
            var doubled = leads.GroupBy(l => l, StringComparer.OrdinalIgnoreCase).First(g => g.Count() > 1);
            throw new ArgumentException($"lead '{doubled.Key}' is there {doubled.Count()} times", nameof(leads));
        }
        Leads = leads;
        Length = length;
        SamplingRate = samplingRate;
    }

    /// <summary>Lead names in the order of the samples.</summary>
    public IReadOnlyList<string> Leads { get; }

    /// <summary>Number of leads.</summary>
    public int LeadCount => Leads.Count;

    /// <summary>Samples per lead.</summary>
    public int Length { get; }

    /// <summary>Samples per second and lead.</summary>
    public double SamplingRate { get; }

    /// <summary>Position of the lead with this name (case-insensitive).</summary>
    /// <exception cref="ArgumentException">There is no such lead; the message lists the leads there are.</exception>
    public int IndexOf(string lead)
    {
        for (var i = 0; i < Leads.Count; i++)
            if (string.Equals(Leads[i], lead, StringComparison.OrdinalIgnoreCase))
                return i;
        throw new ArgumentException($"no lead '{lead}'; there are {string.Join(", ", Leads)}", nameof(lead));
    }

    /// <summary>Whether both have the same leads (ignoring case) in the same order, the same length and rate.</summary>
    public bool Equals(SignalLayout? other) =>
        other is not null && Length == other.Length && SamplingRate.Equals(other.SamplingRate)
        && (ReferenceEquals(Leads, other.Leads) || Leads.SequenceEqual(other.Leads, StringComparer.OrdinalIgnoreCase));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SignalLayout);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(LeadCount, Length, SamplingRate);

    /// <summary>For messages: "12 leads x 1000 samples at 100 Hz".</summary>
    public override string ToString() => FormattableString.Invariant($"{LeadCount} leads x {Length} samples at {SamplingRate} Hz");
}
