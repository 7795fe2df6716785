using SignalCam.Abstractions;

namespace HostApp;

/// <summary>What is written of a recording.</summary>
public sealed record Report(string Recording, string Model, IReadOnlyList<Finding> Findings)
{
    // Moments named for each class.
    private const int Most = 5;

    public static Report Of(string recording, EcgClassification result, double samplingRate) => new(
        recording, result.Model,
        [.. result.Scores.Select(s => new Finding(s.Class, Math.Round(s.Probability, 4), s.IsPresent, Peaks(s.HeatMap!.Samples, samplingRate)))]);

    /// <summary>The seconds at which a map is highest: its highest local maxima that speak for the class, the highest first.</summary>
    private static double[] Peaks(float[] map, double samplingRate) =>
    [
        .. Enumerable.Range(1, map.Length - 2)
            .Where(t => map[t] > 0 && map[t] > map[t - 1] && map[t] >= map[t + 1])
            .OrderByDescending(t => map[t])
            .Take(Most)
            .Select(t => Math.Round(t / samplingRate, 2)),
    ];
}

/// <summary>What the model says of a class, and when in the recording it finds its evidence.</summary>
public sealed record Finding(string Class, double Probability, bool IsPresent, IReadOnlyList<double> PeakSeconds);
