namespace SignalCam.Abstractions;

/// <summary>
/// One recording: samples in millivolt, lead-major (lead, time), with its sampling rate and lead names.
/// </summary>
/// <remarks>
/// Immutable by convention: the array given to the constructor is owned by the signal and must not be changed afterwards;
/// <see cref="MapLeads"/> makes a changed copy. Safe for concurrent readers.
/// </remarks>
public sealed class EcgSignal
{
    private readonly float[] _samples;

    /// <summary>Wraps samples without copying them.</summary>
    /// <param name="samples">Millivolt, lead-major: sample t of lead l is at l * length + t. Its length is leads x length.</param>
    /// <param name="layout">Lead names, samples per lead and sampling rate.</param>
    /// <exception cref="ArgumentException">The array does not hold exactly leads x length samples.</exception>
    public EcgSignal(float[] samples, SignalLayout layout)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(layout);
        if (samples.LongLength != (long)layout.LeadCount * layout.Length)
            throw new ArgumentException($"expected {layout.LeadCount} leads x {layout.Length} samples = {(long)layout.LeadCount * layout.Length} values, found {samples.LongLength}", nameof(samples));
        _samples = samples;
        Layout = layout;
    }

    /// <summary>Lead names, samples per lead and sampling rate.</summary>
    public SignalLayout Layout { get; }

    /// <summary>Lead names in the order of the samples.</summary>
    public IReadOnlyList<string> Leads => Layout.Leads;

    /// <summary>Samples per second and lead.</summary>
    public double SamplingRate => Layout.SamplingRate;

    /// <summary>Samples per lead.</summary>
    public int Length => Layout.Length;

    /// <summary>All samples in millivolt, lead-major: leads x <see cref="Length"/> values.</summary>
    public ReadOnlyMemory<float> Samples => _samples;

    /// <summary>The samples of one lead in millivolt: <see cref="Length"/> values.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such lead.</exception>
    public ReadOnlySpan<float> Lead(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Layout.LeadCount);
        return _samples.AsSpan(index * Length, Length);
    }

    /// <summary>The samples of the lead with this name (case-insensitive) in millivolt.</summary>
    /// <exception cref="ArgumentException">There is no such lead; the message lists the leads there are.</exception>
    public ReadOnlySpan<float> Lead(string name) => Lead(Layout.IndexOf(name));

    /// <summary>A copy in which <paramref name="change"/> has been run on the samples of each lead in turn.</summary>
    public EcgSignal MapLeads(LeadAction change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var copy = _samples.AsSpan().ToArray();
        for (var lead = 0; lead < Layout.LeadCount; lead++)
            change(copy.AsSpan(lead * Length, Length));
        return new EcgSignal(copy, Layout);
    }
}

/// <summary>Changes the samples of one lead (millivolt) in place.</summary>
public delegate void LeadAction(Span<float> samples);
