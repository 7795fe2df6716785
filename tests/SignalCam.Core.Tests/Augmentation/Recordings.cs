using SignalCam.Abstractions;

namespace SignalCam.Core.Tests.Augmentation;

internal static class Recordings
{
    public static SignalLayout Standard { get; } = new(SignalLayout.StandardLeads, 1000, 100);

    /// <summary>Smooth random leads that keep Einthoven's and Goldberger's relations.</summary>
    public static float[] Consistent(int seed)
    {
        var random = new EcgRandom((ulong)seed);
        var samples = new float[12 * 1000];
        for (var t = 0; t < 1000; t++)
        {
            var (i, ii) = (random.Normal(), random.Normal());
            double[] leads = [i, ii, ii - i, -(i + ii) / 2, i - ii / 2, ii - i / 2, .. Enumerable.Range(0, 6).Select(_ => random.Normal())];
            for (var lead = 0; lead < 12; lead++)
                samples[lead * 1000 + t] = (float)leads[lead];
        }
        return samples;
    }

    public static double Correlation(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sab = 0, saa = 0, sbb = 0;
        for (var i = 0; i < a.Length; i++)
        {
            sab += a[i] * b[i];
            saa += a[i] * a[i];
            sbb += b[i] * b[i];
        }
        return sab / Math.Sqrt(saa * sbb);
    }
}
