using SignalCam.Abstractions;

namespace SignalCam.Core.Synthetic;

/// <summary>A generated recording with what was planted in it.</summary>
/// <param name="Signal">
/// The twelve standard leads in millivolt, each sample a whole number of microvolts. I and II are even numbers of microvolts, so that
/// III = II - I, aVR = -(I + II) / 2, aVL = I - II / 2 and aVF = II - I / 2 hold exactly in a file with a gain of 1000 per millivolt.
/// </param>
public sealed record SyntheticRecording(EcgSignal Signal)
{
    /// <summary>What was planted; empty for a normal recording.</summary>
    internal IReadOnlyList<SyntheticFinding> Findings { get; init; } = [];

    /// <summary>Rate and intervals that it was made with; null where somebody else made it.</summary>
    internal SyntheticIntervals? Intervals { get; init; }
}

/// <summary>
/// Rate and intervals that a recording was made with: the mean of its beats, those with abnormalities where there are any.
/// </summary>
/// <param name="HeartRate">Beats a minute.</param>
/// <param name="Pr">Start of P to start of QRS, in seconds.</param>
/// <param name="Qrs">Seconds.</param>
/// <param name="Qt">Start of QRS to the end of T, in seconds.</param>
internal sealed record SyntheticIntervals(double HeartRate, double Pr, double Qrs, double Qt);

/// <summary>A planted abnormality: what, in which leads, and when. The ground truth that explanations can be held against.</summary>
/// <param name="Class">PTB-XL's diagnostic class: MI, STTC, CD or HYP.</param>
/// <param name="Statement">PTB-XL's statement, such as IMI.</param>
/// <param name="Strength">How marked it is: 0 hardly at all, 1 as in a textbook.</param>
/// <param name="Leads">The leads by which the abnormality is diagnosed.</param>
/// <param name="Intervals">When the signal differs from a normal heart's, beat by beat, in order and without overlap.</param>
internal sealed record SyntheticFinding(
    string Class, string Statement, double Strength, IReadOnlyList<string> Leads, IReadOnlyList<TimeInterval> Intervals);

/// <summary>A stretch of time in seconds from the start of the recording.</summary>
/// <param name="Start">First moment.</param>
/// <param name="End">First moment after it.</param>
internal readonly record struct TimeInterval(double Start, double End)
{
    /// <summary>The samples that lie in the interval, at a rate and within a length.</summary>
    public Range Samples(double samplingRate, int length) =>
        Math.Clamp((int)Math.Ceiling(Start * samplingRate), 0, length)..Math.Clamp((int)Math.Ceiling(End * samplingRate), 0, length);
}
