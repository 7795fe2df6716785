using SignalCam.Abstractions;

namespace HostApp;

/// <summary>What is written of a recording.</summary>
public sealed record Report(string Recording, string Model, IReadOnlyList<Finding> Findings)
{
    // Moments named for each class.
    private const int Most = 5;

    public static Report Of(EcgClassification answer) => new(
        answer.Recording!, answer.Model,
        [.. answer.Scores.Select(
            s => new Finding(s.Class, Math.Round(s.Probability, 4), s.Decision.ToString().ToLowerInvariant(), Peaks(s.HeatMap!, answer)))]);

    /// <summary>The seconds at which a map is highest: its highest local maxima that speak for the class, the highest first.</summary>
    private static double[] Peaks(HeatMap heatMap, EcgClassification answer)
    {
        var map = heatMap.Samples;
        return
        [
            .. Enumerable.Range(1, map.Length - 2)
                .Where(t => map[t] > 0 && map[t] > map[t - 1] && map[t] >= map[t + 1])
                .OrderByDescending(t => map[t])
                .Take(Most)
                .Select(t => Math.Round(answer.Stretch.Start + t / answer.SamplingRate, 2)),
        ];
    }
}

/// <summary>What the model says of a class, and when in the recording it finds its evidence.</summary>
public sealed record Finding(string Class, double Probability, string Decision, IReadOnlyList<double> PeakSeconds);
