using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

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
            throw new ArgumentException(
                $"expected {layout.LeadCount} leads x {layout.Length} samples = {(long)layout.LeadCount * layout.Length} values, found "
                + $"{samples.LongLength}", nameof(samples));
        _samples = samples;
        Layout = layout;
    }

    /// <summary>Copies samples that lie lead after lead.</summary>
    /// <typeparam name="T">The samples' type, such as short or double.</typeparam>
    /// <param name="samples">Sample t of lead l is at l * length + t. Their number is a multiple of that of the leads.</param>
    /// <param name="leads">Lead names in the order of the samples.</param>
    /// <param name="samplingRate">Samples per second and lead.</param>
    /// <param name="unit">What a sample of 1 is. Default millivolt.</param>
    /// <exception cref="ArgumentException">The samples cannot be divided among the leads, or a lead is doubled.</exception>
    public static EcgSignal FromLeads<T>(ReadOnlySpan<T> samples, IReadOnlyList<string> leads, double samplingRate, EcgUnit unit = default)
        where T : unmanaged, INumberBase<T>
    {
        var layout = LayoutOf(samples.Length, leads, samplingRate);
        var copy = new float[samples.Length];
        for (var i = 0; i < copy.Length; i++)
            copy[i] = unit.ToMillivolt(samples[i]);
        return new EcgSignal(copy, layout);
    }

    /// <summary>Copies samples out of a table.</summary>
    /// <param name="samples">Indexed by lead, then by time.</param>
    /// <param name="leads">Lead names, one for each row.</param>
    /// <param name="samplingRate">Samples per second and lead.</param>
    /// <param name="unit">What a sample of 1 is. Default millivolt.</param>
    /// <exception cref="ArgumentException">The table has not one row for each lead, or a lead is doubled.</exception>
    public static EcgSignal FromLeads(float[,] samples, IReadOnlyList<string> leads, double samplingRate, EcgUnit unit = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(leads);
        if (samples.GetLength(0) != leads.Count)
            throw new ArgumentException(
                $"the table has {samples.GetLength(0)} rows of {samples.GetLength(1)} samples, expected a row for each of "
                + $"{leads.Count} leads", nameof(samples));
        return FromLeads(MemoryMarshal.CreateReadOnlySpan(
            ref Unsafe.As<byte, float>(ref MemoryMarshal.GetArrayDataReference(samples)), samples.Length), leads, samplingRate, unit);
    }

    /// <summary>Copies samples that lie as they were taken: the first of every lead, then the second of every lead.</summary>
    /// <typeparam name="T">The samples' type, such as short or double.</typeparam>
    /// <param name="samples">Sample t of lead l is at t * leads + l. Their number is a multiple of that of the leads.</param>
    /// <param name="leads">Lead names in the order of the samples.</param>
    /// <param name="samplingRate">Samples per second and lead.</param>
    /// <param name="unit">What a sample of 1 is. Default millivolt.</param>
    /// <exception cref="ArgumentException">The samples cannot be divided among the leads, or a lead is doubled.</exception>
    public static EcgSignal FromInterleaved<T>(
        ReadOnlySpan<T> samples, IReadOnlyList<string> leads, double samplingRate, EcgUnit unit = default)
        where T : unmanaged, INumberBase<T>
    {
        var layout = LayoutOf(samples.Length, leads, samplingRate);
        var copy = new float[samples.Length];
        for (var lead = 0; lead < layout.LeadCount; lead++)
            for (var t = 0; t < layout.Length; t++)
                copy[lead * layout.Length + t] = unit.ToMillivolt(samples[t * layout.LeadCount + lead]);
        return new EcgSignal(copy, layout);
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

    private static SignalLayout LayoutOf(int samples, IReadOnlyList<string> leads, double samplingRate)
    {
        ArgumentNullException.ThrowIfNull(leads);
        return leads.Count > 0 && samples > 0 && samples % leads.Count == 0
            ? new SignalLayout(leads, samples / leads.Count, samplingRate)
            : throw new ArgumentException(
                $"found {samples} samples, expected the same number of each of {leads.Count} leads", nameof(samples));
    }
}

/// <summary>What a sample of 1 is. The default is a millivolt.</summary>
public readonly record struct EcgUnit
{
    private readonly double _millivolts;
    private readonly bool _isOther;

    private EcgUnit(double millivolts) => (_millivolts, _isOther) = (millivolts, true);

    /// <summary>A millivolt.</summary>
    public static EcgUnit Millivolt => default;

    /// <summary>A microvolt.</summary>
    public static EcgUnit Microvolt { get; } = new(1e-3);

    /// <summary>A volt.</summary>
    public static EcgUnit Volt { get; } = new(1e3);

    /// <summary>A step of a converter.</summary>
    /// <param name="stepsPerMillivolt">The converter's gain, such as 1000 in the headers of PTB-XL; not 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The gain is 0 or no finite number.</exception>
    public static EcgUnit Step(double stepsPerMillivolt) => double.IsFinite(stepsPerMillivolt) && stepsPerMillivolt != 0
        ? new EcgUnit(1 / stepsPerMillivolt)
        : throw new ArgumentOutOfRangeException(nameof(stepsPerMillivolt), stepsPerMillivolt, "a gain is a finite number other than 0");

    internal float ToMillivolt<T>(T sample)
        where T : unmanaged, INumberBase<T> => _isOther ? (float)(double.CreateChecked(sample) * _millivolts) : float.CreateChecked(sample);
}

/// <summary>Changes the samples of one lead (millivolt) in place.</summary>
public delegate void LeadAction(Span<float> samples);
