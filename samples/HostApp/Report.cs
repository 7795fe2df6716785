using System.Collections.Immutable;
using System.Text.Json.Serialization;
using SignalCam.Abstractions;

namespace HostApp;

/// <summary>What is written of a recording.</summary>
public sealed record Report(string Recording, string Model, IReadOnlyList<Finding> Findings)
{
    // Moments named for each class.
    private const int Most = 5;

    public static Report Of(EcgClassification result) => new(
        result.Recording!, result.Model,
        [.. result.Scores.Select(s => new Finding(s.Class, Math.Round(s.Probability, 4), s.Decision, Peaks(s.HeatMap!.Samples, result.SamplingRate)))]);

    /// <summary>The seconds at which a map is highest: its highest local maxima that speak for the class, the highest first.</summary>
    private static double[] Peaks(ImmutableArray<float> map, double samplingRate) =>
    [
        .. Enumerable.Range(1, map.Length - 2)
            .Where(t => map[t] > 0 && map[t] > map[t - 1] && map[t] >= map[t + 1])
            .OrderByDescending(t => map[t])
            .Take(Most)
            .Select(t => Math.Round(t / samplingRate, 2)),
    ];
}

/// <summary>What the model says of a class, and when in the recording it finds its evidence.</summary>
public sealed record Finding(
    string Class, double Probability, [property: JsonConverter(typeof(JsonStringEnumConverter<ClassDecision>))] ClassDecision Decision, IReadOnlyList<double> PeakSeconds);
