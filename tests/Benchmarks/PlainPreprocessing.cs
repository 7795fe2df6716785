using System.Numerics.Tensors;
using SignalCam.Abstractions;
using SignalCam.Core.Preprocessing;

namespace SignalCam.Benchmarks;

/// <summary>
/// The published preprocessing as one would write it first: one lead and one polynomial at a time, the median of the sorted samples.
/// </summary>
internal static class PlainPreprocessing
{
    private const int Degree = 10;

    public static EcgSignal Run(EcgSignal signal)
    {
        var basis = OrthonormalPolynomials.For(signal.Length, Degree);
        var samples = new float[signal.Samples.Length];
        var lead = new double[signal.Length];
        for (var i = 0; i < signal.Layout.LeadCount; i++)
        {
            TensorPrimitives.ConvertTruncating(signal.Lead(i), lead.AsSpan());
            for (var k = 0; k <= Degree; k++)
                TensorPrimitives.MultiplyAdd(basis[k], -TensorPrimitives.Dot(basis[k], lead), lead, lead);
            var sorted = (double[])lead.Clone();
            Array.Sort(sorted);
            TensorPrimitives.Subtract(lead, (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, lead);
            TensorPrimitives.Divide(lead, Math.Abs(TensorPrimitives.MaxMagnitude<double>(lead)), lead);
            TensorPrimitives.ConvertTruncating<double, float>(lead, samples.AsSpan(i * signal.Length, signal.Length));
        }
        return new EcgSignal(samples, signal.Layout);
    }
}
