using SignalCam.Abstractions;
using SignalCam.Core.Signals;
using SignalCam.Core.Wfdb;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Signals;

/// <summary>PTB-XL holds every recording at 500 Hz and, resampled by its authors, at 100 Hz; and all six limb leads.</summary>
public class RealSignalsTests
{
    // The last 50 samples or so of every 500 Hz recording repeat one value, which the 100 Hz recordings do not know of; and both ends
    // depend on how a resampler goes on beyond them. Compared is what neither reaches: half a second less at either end.
    private static readonly Range Interior = 50..950;

    [SkippableFact]
    public void Resampling_500_Hz_gives_the_100_Hz_recordings_of_PTB_XL()
    {
        var correlations = new List<double>();
        foreach (var (original, shipped) in Twins())
        {
            var resampled = Resampler.Resample(original, 100);
            Assert.Equal(shipped.Layout, resampled.Layout);
            for (var lead = 0; lead < shipped.Layout.LeadCount; lead++)
                correlations.Add(Correlation(resampled.Lead(lead)[Interior], shipped.Lead(lead)[Interior]));
        }
        // 0.9882 measured: the eighth of a sample of the next test, where a QRS is steepest.
        Assert.InRange(correlations.Min(), 0.988, 1);
    }

    [SkippableFact]
    public void But_for_the_eighth_of_a_sample_by_which_the_shipped_ones_are_early_they_agree_to_a_microvolt()
    {
        var correlations = new List<double>();
        var squares = new List<double>();
        foreach (var (original, shipped) in Twins().Take(20))
        {
            // 5 samples at 4000 Hz are 1.25 ms.
            var fine = Resampler.Resample(original, 4000);
            for (var lead = 0; lead < shipped.Layout.LeadCount; lead++)
            {
                var resampled = new float[shipped.Length];
                Resampler.Resample(fine.Lead(lead)[5..], 4000, resampled, 100);
                correlations.Add(Correlation(resampled.AsSpan(Interior), shipped.Lead(lead)[Interior]));
                for (var t = Interior.Start.Value; t < Interior.End.Value; t++)
                    squares.Add(Math.Pow(resampled[t] - shipped.Lead(lead)[t], 2));
            }
        }
        // 0.999957 and 0.7 microvolts measured; the recordings are stored in whole microvolts.
        Assert.InRange(correlations.Min(), 0.99995, 1);
        Assert.InRange(Math.Sqrt(squares.Average()), 0, 0.001);
    }

    [SkippableFact]
    public void Derived_limb_leads_are_the_recorded_ones_within_quantisation()
    {
        // All are stored in whole microvolts, so that three roundings differ: by up to 1 microvolt in III and 1.5 in the augmented leads,
        // as counted in the integers of the files themselves.
        const double float32 = 1e-6;
        string[] derived = ["III", "aVR", "aVL", "aVF"];
        foreach (var (original, shipped) in Twins())
            foreach (var recorded in new[] { original, shipped })
            {
                var limbs = LeadMap.Select(LeadMap.Select(recorded, ["I", "II"]), ["I", "II", .. derived]);
                foreach (var lead in derived)
                {
                    var largest = 0.0;
                    for (var t = 0; t < recorded.Length; t++)
                        largest = Math.Max(largest, Math.Abs(limbs.Lead(lead)[t] - recorded.Lead(lead)[t]));
                    Assert.InRange(largest, 0, (lead == "III" ? 0.0010 : 0.0015) + float32);
                }
            }
    }

    private static IEnumerable<(EcgSignal Original, EcgSignal Shipped)> Twins()
    {
        var folder = TestData.PtbXl();
        var originals = Directory.Exists(Path.Combine(folder, "records500"))
            ? Directory.GetFiles(Path.Combine(folder, "records500"), "*_hr.hea", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal).Take(60).ToArray()
            : [];
        Skip.If(originals.Length == 0, "this copy of PTB-XL has no 500 Hz recordings");
        return originals.Select(path => Path.ChangeExtension(path, null)).Select(path => (WfdbReader.ReadSignal(path),
            WfdbReader.ReadSignal(path.Replace("records500", "records100", StringComparison.Ordinal)
                .Replace("_hr", "_lr", StringComparison.Ordinal))));
    }

    private static double Correlation(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        var (sx, sy, sxx, syy, sxy) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (var t = 0; t < x.Length; t++)
        {
            sx += x[t];
            sy += y[t];
            sxx += (double)x[t] * x[t];
            syy += (double)y[t] * y[t];
            sxy += (double)x[t] * y[t];
        }
        return ((x.Length * sxy) - (sx * sy)) / Math.Sqrt(((x.Length * sxx) - (sx * sx)) * ((x.Length * syy) - (sy * sy)));
    }
}
