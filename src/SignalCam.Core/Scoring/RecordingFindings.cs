using System.Globalization;
using SignalCam.Abstractions;
using SignalCam.Core.Models;

namespace SignalCam.Core.Scoring;

/// <summary>What is found against a recording on its way through scoring.</summary>
internal static class RecordingFindings
{
    /// <summary>Less of the model's window than this is too little to go by.</summary>
    private const double WarningShare = 0.5;

    private const double UnusableShare = 0.2;

    /// <summary>What the file said against itself, and what the checks find.</summary>
    /// <exception cref="RecordingRefusedException">The recording cannot be believed, and the options say to refuse it then.</exception>
    public static IReadOnlyList<EcgFinding> Of(EcgRecording recording, ScoringOptions options)
    {
        List<EcgFinding>? all = null;
        foreach (var warning in recording.Warnings)
            (all ??= []).Add(new EcgFinding("file", FindingSeverity.Info, warning));
        if (options.Quality == QualityPolicy.Off)
            return all ?? (IReadOnlyList<EcgFinding>)[];
        // Nothing is allocated where nothing is found.
        for (var i = 0; i < options.Checks.Count; i++)
            if (options.Checks[i].Check(recording) is { Count: > 0 } found)
                (all ??= []).AddRange(found);
        return Allowed(all ?? (IReadOnlyList<EcgFinding>)[], options);
    }

    /// <summary>
    /// The same, and whether enough of the recording is left for the model, and enough of the model's window is filled by it.
    /// </summary>
    /// <exception cref="RecordingRefusedException">As for <see cref="Of"/>.</exception>
    public static IReadOnlyList<EcgFinding> WithLength(
        IReadOnlyList<EcgFinding> findings, EcgSignal recording, AdaptedRecording adapted, SignalLayout input, ScoringOptions options)
    {
        if (options.Quality == QualityPolicy.Off || LengthFinding(recording, adapted, input) is not { } finding)
            return findings;
        return Allowed([.. findings, finding], options);
    }

    /// <summary>The same, and whether the features are far from those that the model knows: by the mean distance of the windows.</summary>
    public static IReadOnlyList<EcgFinding> WithDistance(
        IReadOnlyList<EcgFinding> findings, ReadOnlySpan<float> features, int windows, FeatureStatistics? statistics)
    {
        if (statistics is null || features.Length != windows * statistics.Count)
            return findings;
        var distance = 0.0;
        for (var w = 0; w < windows; w++)
            distance += statistics.Distance(features.Slice(w * statistics.Count, statistics.Count)) / windows;
        if (distance <= statistics.Facts.Limit)
            return findings;
        var sentence = string.Create(CultureInfo.InvariantCulture,
            $"The recording is unlike those that the model learned from: "
            + $"its features are {distance:0.#} off, the limit is {statistics.Facts.Limit:0.#}.");
        return [.. findings, new EcgFinding("unfamiliar", FindingSeverity.Warning, sentence) { Value = distance }];
    }

    /// <summary>Whether one of the findings says that the recording cannot be believed.</summary>
    public static bool AreUnusable(IReadOnlyList<EcgFinding> findings)
    {
        for (var i = 0; i < findings.Count; i++)
            if (findings[i].Severity == FindingSeverity.Unusable)
                return true;
        return false;
    }

    private static EcgFinding? LengthFinding(EcgSignal recording, AdaptedRecording adapted, SignalLayout input)
    {
        var (window, seconds) = (input.Length / input.SamplingRate, recording.Length / recording.SamplingRate);
        var share = adapted.Kept / (double)input.Length;
        if (share < WarningShare)
            return new EcgFinding(
                "short", share < UnusableShare ? FindingSeverity.Unusable : FindingSeverity.Warning,
                FormattableString.Invariant(
                    $"The recording lasts {seconds:0.#} s of the {window:0.#} s that the model looks at; the rest is filled up."))
            {
                Value = seconds,
            };
        return adapted.Stretch.Duration < WarningShare * seconds
            ? new EcgFinding(
                "cropped", FindingSeverity.Info,
                FormattableString.Invariant($"The model looked at {adapted.Stretch.Duration:0.#} s of {seconds:0.#} s."))
            {
                Value = adapted.Stretch.Duration,
                Stretch = adapted.Stretch,
            }
            : null;
    }

    private static IReadOnlyList<EcgFinding> Allowed(IReadOnlyList<EcgFinding> findings, ScoringOptions options) =>
        options.Quality == QualityPolicy.Refuse && AreUnusable(findings) ? throw new RecordingRefusedException(findings) : findings;
}
