using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SignalCam.Core.Quality;

/// <summary>Second moments of pairs of leads.</summary>
internal static class LeadMoments
{
    private const int Limbs = 6;

    /// <summary>The covariances (lead, lead) of I, II, III, aVR, aVL and aVF, in square millivolt; all six must be there.</summary>
    public static void Of(RecordingAnalysis analysis, Span<float> moments)
    {
        for (var i = 0; i < Limbs; i++)
            for (var j = 0; j <= i; j++)
            {
                var (first, second) = (analysis.Places[(StandardLead)i], analysis.Places[(StandardLead)j]);
                var product =
                    Product(analysis.Working(first), analysis.Working(second), analysis.Leads[first].Mean, analysis.Leads[second].Mean);
                moments[i * Limbs + j] = moments[j * Limbs + i] = product / analysis.Length;
            }
    }

    /// <summary>The sum of products of two leads, each less a value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Product(ReadOnlySpan<float> first, ReadOnlySpan<float> second, float firstMean, float secondMean)
    {
        ref var x = ref MemoryMarshal.GetReference(first);
        ref var y = ref MemoryMarshal.GetReference(second);
        var (lanes, t, sum) = (Vector<float>.Count, 0, Vector<float>.Zero);
        var (ofX, ofY) = (Vector.Create(firstMean), Vector.Create(secondMean));
        for (; t <= first.Length - lanes; t += lanes)
            sum += (Vector.LoadUnsafe(ref x, (nuint)t) - ofX) * (Vector.LoadUnsafe(ref y, (nuint)t) - ofY);
        var total = Vector.Sum(sum);
        for (; t < first.Length; t++)
            total += (first[t] - firstMean) * (second[t] - secondMean);
        return total;
    }
}
