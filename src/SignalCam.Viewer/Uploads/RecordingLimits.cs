using SignalCam.Abstractions;
using SignalCam.Core.Wfdb;
using SignalCam.Viewer.Problems;

namespace SignalCam.Viewer.Uploads;

/// <summary>What an upload may claim to be; checked before memory is reserved, and again on what was read.</summary>
internal static class RecordingLimits
{
    public const double LowestRate = 20;
    public const double HighestRate = 20_000;
    public const int MostLeads = 64;
    public const int MostSegments = 1000;

    public static bool IsRate(double rate) => rate is >= LowestRate and <= HighestRate;

    /// <summary>Checks what a header claims.</summary>
    /// <exception cref="ViewerProblemException">It claims too much.</exception>
    public static void Check(WfdbHeader header, ViewerOptions options)
    {
        if (header.SignalCount > MostLeads || header.Segments.Count > MostSegments)
            throw ViewerProblem.RecordingTooLarge
                .With($"{header.Source}: found {header.SignalCount} signals in {header.Segments.Count} segments; allowed are {MostLeads} "
                    + $"in {MostSegments}");
        CheckRate(header.Source, header.FrameRate);
        // A double: the header may claim more samples than a long can count once they are multiplied.
        if (header.SampleCount is { } count
            && (count / header.FrameRate > options.MaxSeconds || (double)count * header.SignalCount > options.MaxSamples))
            throw ViewerProblem.RecordingTooLarge
                .With($"{header.Source}: the header claims {count} samples of {header.SignalCount} signals at {header.FrameRate} Hz; "
                    + $"{Allowed(options)}");
    }

    /// <summary>Checks what was read.</summary>
    /// <exception cref="ViewerProblemException">It is too long, or at a rate that no ECG has.</exception>
    public static void Check(string name, EcgSignal signal, ViewerOptions options)
    {
        CheckRate(name, signal.SamplingRate);
        if (signal.Layout.LeadCount > MostLeads || signal.Length / signal.SamplingRate > options.MaxSeconds
            || signal.Samples.Length > options.MaxSamples)
            throw ViewerProblem.RecordingTooLarge.With($"{name}: found {signal.Layout}; {Allowed(options)}");
    }

    private static void CheckRate(string name, double rate)
    {
        if (!IsRate(rate))
            throw ViewerProblem.BrokenRecording.With($"{name}: found {rate} samples per second, expected {LowestRate} to {HighestRate}");
    }

    private static string Allowed(ViewerOptions options) =>
        $"allowed are {MostLeads} leads, {options.MaxSeconds} seconds and {options.MaxSamples} samples in all";
}
