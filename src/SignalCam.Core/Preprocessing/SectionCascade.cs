using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SignalCam.Core.Preprocessing;

/// <summary>Runs second-order sections over leads, four leads at a time. Immutable; thread-safe.</summary>
internal sealed class SectionCascade
{
    private const int Lanes = 4;

    private readonly SecondOrderSection[] _sections;
    private readonly bool _isZeroPhase;

    /// <summary>Creates the cascade.</summary>
    /// <param name="sections">The sections in order.</param>
    /// <param name="isZeroPhase">Whether it runs forward and then backward, which cancels the delay and squares the magnitude.</param>
    public SectionCascade(SecondOrderSection[] sections, bool isZeroPhase)
    {
        (_sections, _isZeroPhase) = (sections, isZeroPhase);
        // SciPy's default for sosfiltfilt: three times the filter's length, in which a section of first order counts for less.
        var firstOrder = sections.Count(section => section is { B2: 0, A2: 0 });
        Extension = isZeroPhase ? 3 * (2 * sections.Length + 1 - firstOrder) : 0;
    }

    /// <summary>The sections in order.</summary>
    public IReadOnlyList<SecondOrderSection> Sections => _sections;

    /// <summary>Samples by which a lead is extended at both ends; the lead must be longer. 0 where it runs forward alone.</summary>
    public int Extension { get; }

    /// <summary>
    /// Filters leads in place. The state at the beginning is the one that a lead would leave which had always had the value of its first
    /// sample (SciPy's `sosfilt_zi`), so that an offset starts no transient. Forward and backward, the leads are extended by odd
    /// reflection, as by `sosfiltfilt`.
    /// </summary>
    /// <param name="leads">Samples, one lead behind the other.</param>
    /// <param name="length">Samples per lead, more than <see cref="Extension"/>.</param>
    public void Run(Span<double> leads, int length)
    {
        var extended = length + 2 * Extension;
        var rented = ArrayPool<double>.Shared.Rent(extended * Lanes);
        try
        {
            var samples = MemoryMarshal.Cast<double, Vector256<double>>(rented.AsSpan(0, extended * Lanes));
            for (var first = 0; first < leads.Length; first += Lanes * length)
            {
                var block = leads[first..Math.Min(leads.Length, first + Lanes * length)];
                Interleave(block, length, rented.AsSpan(Extension * Lanes, length * Lanes));
                Extend(samples);
                Forward(samples);
                if (_isZeroPhase)
                {
                    samples.Reverse();
                    Forward(samples);
                    samples.Reverse();
                }
                Separate(rented.AsSpan(Extension * Lanes, length * Lanes), length, block);
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }

    private static void Interleave(ReadOnlySpan<double> leads, int length, Span<double> interleaved)
    {
        var count = leads.Length / length;
        if (count < Lanes)
            interleaved.Clear();
        for (var lead = 0; lead < count; lead++)
            for (var t = 0; t < length; t++)
                interleaved[t * Lanes + lead] = leads[lead * length + t];
    }

    private static void Separate(ReadOnlySpan<double> interleaved, int length, Span<double> leads)
    {
        for (var lead = 0; lead < leads.Length / length; lead++)
            for (var t = 0; t < length; t++)
                leads[lead * length + t] = interleaved[t * Lanes + lead];
    }

    /// <summary>2 x[0] - x[k] before the first sample, and the same after the last.</summary>
    private void Extend(Span<Vector256<double>> samples)
    {
        var (first, last) = (Extension, samples.Length - 1 - Extension);
        for (var k = 1; k <= Extension; k++)
        {
            samples[first - k] = 2 * samples[first] - samples[first + k];
            samples[last + k] = 2 * samples[last] - samples[last - k];
        }
    }

    /// <summary>Transposed direct form II, section after section.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Forward(Span<Vector256<double>> samples)
    {
        var steady = samples[0];
        foreach (var section in _sections)
        {
            var (b0, b1, b2) = (Vector256.Create(section.B0), Vector256.Create(section.B1), Vector256.Create(section.B2));
            var (a1, a2) = (Vector256.Create(section.A1), Vector256.Create(section.A2));
            var settled = steady * section.ConstantGain;
            var (first, second) = (settled - b0 * steady, b2 * steady - a2 * settled);
            for (var t = 0; t < samples.Length; t++)
            {
                var x = samples[t];
                var y = b0 * x + first;
                first = b1 * x - a1 * y + second;
                second = b2 * x - a2 * y;
                samples[t] = y;
            }
            steady = settled;
        }
    }
}
