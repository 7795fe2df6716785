using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SignalCam.Abstractions;

namespace SignalCam.Core.Preprocessing;

/// <summary>
/// A step that treats each lead by itself and in double precision, which lets <see cref="Preprocessor"/> run a chain of them
/// on one buffer and round to float once at the end.
/// </summary>
internal interface ILeadTransform
{
    /// <summary>Changes leads of the same length in place, one behind the other; the samples are finite numbers.</summary>
    /// <param name="leads">The leads' samples.</param>
    /// <param name="length">Samples per lead.</param>
    /// <param name="samplingRate">Samples per second.</param>
    void Apply(Span<double> leads, int length, double samplingRate);
}

/// <summary>A step for which neither the sampling rate nor the other leads count.</summary>
internal interface ISingleLeadTransform : ILeadTransform
{
    /// <summary>Changes one lead in place; the samples are finite numbers.</summary>
    void Apply(Span<double> lead);

    void ILeadTransform.Apply(Span<double> leads, int length, double samplingRate)
    {
        for (var start = 0; start < leads.Length; start += length)
            Apply(leads.Slice(start, length));
    }
}

/// <summary>Runs steps on recordings.</summary>
internal static class LeadTransform
{
    // Of ten seconds at 100 Hz they just fit into a first-level cache, and the trend of four is taken out at once.
    private const int LeadsAtOnce = OrthonormalPolynomials.RowsAtOnce;

    /// <summary>Runs the steps on a copy of the recording.</summary>
    /// <exception cref="PreprocessingException">A sample is not a finite number.</exception>
    public static EcgSignal Run(EcgSignal signal, ReadOnlySpan<ILeadTransform> steps)
    {
        ArgumentNullException.ThrowIfNull(signal);
        var samples = new float[signal.Samples.Length];
        Run(signal.Samples.Span, signal.Layout, steps, samples, signal.Length);
        return new EcgSignal(samples, signal.Layout);
    }

    /// <summary>Runs the steps on samples, without allocating.</summary>
    /// <param name="samples">Lead-major; stay as they are.</param>
    /// <param name="layout">Their shape.</param>
    /// <param name="steps">The steps.</param>
    /// <param name="destination">The result, lead-major.</param>
    /// <param name="stride">From one lead of the result to the next.</param>
    /// <exception cref="PreprocessingException">A sample is not a finite number.</exception>
    public static void Run(ReadOnlySpan<float> samples, SignalLayout layout, ReadOnlySpan<ILeadTransform> steps,
        Span<float> destination, int stride)
    {
        var length = layout.Length;
        var rented = ArrayPool<double>.Shared.Rent(LeadsAtOnce * length);
        try
        {
            for (var first = 0; first < layout.LeadCount; first += LeadsAtOnce)
            {
                var count = Math.Min(LeadsAtOnce, layout.LeadCount - first);
                var leads = rented.AsSpan(0, count * length);
                for (var i = 0; i < count; i++)
                {
                    var lead = samples.Slice((first + i) * length, length);
                    if (!Widen(lead, leads.Slice(i * length, length)))
                        ThrowNotFinite(lead, layout.Leads[first + i]);
                }
                foreach (var step in steps)
                    step.Apply(leads, length, layout.SamplingRate);
                for (var i = 0; i < count; i++)
                    Narrow(leads.Slice(i * length, length), destination.Slice((first + i) * stride, length));
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }

    /// <summary>(sample - centre) x factor, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(Span<double> lead, double centre, double factor)
    {
        var (centres, factors) = (Vector.Create(centre), Vector.Create(factor));
        var i = 0;
        ref var first = ref MemoryMarshal.GetReference(lead);
        for (; i <= lead.Length - Vector<double>.Count; i += Vector<double>.Count)
            ((Vector.LoadUnsafe(ref first, (nuint)i) - centres) * factors).StoreUnsafe(ref first, (nuint)i);
        for (; i < lead.Length; i++)
            lead[i] = (lead[i] - centre) * factor;
    }

    /// <summary>Copies to double precision; returns whether all are finite numbers, of which zero times any is zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Widen(ReadOnlySpan<float> lead, Span<double> wide)
    {
        var lanes = Vector<double>.Count;
        var zeros = Vector<float>.Zero;
        ref var from = ref MemoryMarshal.GetReference(lead);
        ref var to = ref MemoryMarshal.GetReference(wide);
        var i = 0;
        for (; i <= lead.Length - 2 * lanes; i += 2 * lanes)
        {
            var samples = Vector.LoadUnsafe(ref from, (nuint)i);
            zeros += samples * Vector<float>.Zero;
            Vector.Widen(samples, out var low, out var high);
            low.StoreUnsafe(ref to, (nuint)i);
            high.StoreUnsafe(ref to, (nuint)(i + lanes));
        }
        var isFinite = Vector.EqualsAll(zeros, Vector<float>.Zero);
        for (; i < lead.Length; i++)
        {
            isFinite &= float.IsFinite(lead[i]);
            wide[i] = lead[i];
        }
        return isFinite;
    }

    /// <summary>Rounds to single precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow(ReadOnlySpan<double> wide, Span<float> lead)
    {
        var lanes = Vector<double>.Count;
        ref var from = ref MemoryMarshal.GetReference(wide);
        ref var to = ref MemoryMarshal.GetReference(lead);
        var i = 0;
        for (; i <= lead.Length - 2 * lanes; i += 2 * lanes)
            Vector.Narrow(Vector.LoadUnsafe(ref from, (nuint)i), Vector.LoadUnsafe(ref from, (nuint)(i + lanes)))
                .StoreUnsafe(ref to, (nuint)i);
        for (; i < lead.Length; i++)
            lead[i] = (float)wide[i];
    }

    [DoesNotReturn]
    private static void ThrowNotFinite(ReadOnlySpan<float> lead, string name)
    {
        var sample = 0;
        while (float.IsFinite(lead[sample]))
            sample++;
        throw new PreprocessingException(
            string.Create(CultureInfo.InvariantCulture,
                $"lead {name}, sample {sample} is {lead[sample]}; preprocessing needs finite numbers "
                + $"(WFDB readers give NaN for samples marked invalid)"));
    }
}
