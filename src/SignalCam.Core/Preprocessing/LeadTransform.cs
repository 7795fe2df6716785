using System.Buffers;
using System.Numerics.Tensors;
using SignalCam.Abstractions;

namespace SignalCam.Core.Preprocessing;

/// <summary>
/// A step that treats each lead by itself and in double precision, which lets <see cref="Preprocessor"/> run a chain of them
/// on one buffer and round to float once at the end.
/// </summary>
internal interface ILeadTransform
{
    /// <summary>Changes one lead in place; the samples are finite numbers.</summary>
    void Apply(Span<double> lead);
}

/// <summary>Runs steps on recordings.</summary>
internal static class LeadTransform
{
    /// <summary>Runs the steps on a copy of the recording.</summary>
    /// <exception cref="PreprocessingException">A sample is not a finite number.</exception>
    public static EcgSignal Run(EcgSignal signal, ReadOnlySpan<ILeadTransform> steps)
    {
        ArgumentNullException.ThrowIfNull(signal);
        var samples = new float[signal.Samples.Length];
        var rented = ArrayPool<double>.Shared.Rent(signal.Length);
        try
        {
            var lead = rented.AsSpan(0, signal.Length);
            for (var i = 0; i < signal.Layout.LeadCount; i++)
            {
                ThrowIfNotFinite(signal, i);
                TensorPrimitives.ConvertTruncating(signal.Lead(i), lead);
                foreach (var step in steps)
                    step.Apply(lead);
                TensorPrimitives.ConvertTruncating<double, float>(lead, samples.AsSpan(i * signal.Length, signal.Length));
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
        return new EcgSignal(samples, signal.Layout);
    }

    private static void ThrowIfNotFinite(EcgSignal signal, int lead)
    {
        var samples = signal.Lead(lead);
        if (TensorPrimitives.IsFiniteAll(samples))
            return;
        var sample = 0;
        while (float.IsFinite(samples[sample]))
            sample++;
        throw new PreprocessingException(
            FormattableString.Invariant($"lead {signal.Leads[lead]}, sample {sample} is {samples[sample]}; preprocessing needs finite numbers (WFDB readers give NaN for samples marked invalid)"));
    }
}
