using System.ComponentModel.DataAnnotations;
using SignalCam.Abstractions;

namespace SignalCam.Core.Quality;

/// <summary>Options of the check "sampling-rate".</summary>
public sealed class SamplingRateOptions
{
    /// <summary>The lowest score that a right rate has; see <see cref="SamplingRateCheck"/>. Default -0.5.</summary>
    [Range(-10.0, 0.0)]
    public double Lowest { get; set; } = -0.5;

    /// <summary>The highest score that a right rate has. Default 1.15.</summary>
    [Range(0.0, 10.0)]
    public double Highest { get; set; } = 1.15;
}

/// <summary>
/// Beats that would fit another sampling rate: with a rate declared too low the heart is slow and its QRS complexes are wide by the same
/// factor, which hearts are not. The score is ln(rate / 60) - 1/2 ln(width / 0.07 s), with the width at half height of the slope of all
/// leads together.
/// </summary>
internal sealed class SamplingRateCheck(SamplingRateOptions options) : IRecordingCheck
{
    public string Name => "sampling-rate";

    public IReadOnlyList<EcgFinding> Check(EcgRecording recording)
    {
        var analysis = RecordingAnalysis.Of(recording);
        var beats = analysis.Beats;
        if (beats.Used == 0 || beats.Width <= 0)
            return [];
        var score = Score(beats.PerMinute, beats.Width);
        if (score >= options.Lowest && score <= options.Highest)
            return [];
        var findings = new FindingList();
        findings.Add(
            "sampling-rate", FindingSeverity.Warning,
            $"The beats would fit a {(score < options.Lowest ? "higher" : "lower")} sampling rate than the "
            + $"{Told.Number(recording.Signal.SamplingRate)} Hz "
            + $"declared: {Told.Number(beats.PerMinute)} a minute, {Told.Number(1000 * beats.Width)} ms wide.",
            value: score);
        return findings.All;
    }

    public static double Score(double perMinute, double width) => Math.Log(perMinute / 60) - Math.Log(width / 0.07) / 2;
}
