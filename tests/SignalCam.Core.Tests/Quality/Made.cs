using SignalCam.Abstractions;
using SignalCam.Core.Quality;
using SignalCam.Core.Synthetic;

namespace SignalCam.Core.Tests.Quality;

/// <summary>Recordings that are as they should be, and changes that make them unfit.</summary>
internal static class Made
{
    /// <summary>A quiet recording of a normal heart.</summary>
    public static EcgSignal Clean(
        ulong seed = 3, double samplingRate = 100, double seconds = 10, double? heartRate = null) => SyntheticEcg.Generate(
            new SyntheticOptions
            {
                SamplingRate = samplingRate, Seconds = seconds, MuscleNoise = 0.004, BaselineWander = 0.02,
                HeartRate = heartRate ?? 70, PatientSeed = 11,
            },
            new EcgRandom(seed)).Signal;

    /// <summary>A copy with each sample changed.</summary>
    public static EcgSignal Change(EcgSignal signal, Func<int, int, float, float> value)
    {
        var samples = signal.Samples.ToArray();
        for (var lead = 0; lead < signal.Layout.LeadCount; lead++)
            for (var t = 0; t < signal.Length; t++)
                samples[lead * signal.Length + t] = value(lead, t, samples[lead * signal.Length + t]);
        return new EcgSignal(samples, signal.Layout);
    }

    public static EcgSignal Declare(EcgSignal signal, double samplingRate) =>
        new(signal.Samples.ToArray(), new SignalLayout(signal.Leads, signal.Length, samplingRate));

    public static EcgSignal WhiteNoise(double deviation, ulong seed = 1)
    {
        var random = new EcgRandom(seed);
        return Change(Clean(), (_, _, _) => (float)(deviation * random.Normal()));
    }

    /// <summary>What the built-in checks find.</summary>
    public static IReadOnlyList<EcgFinding> Findings(EcgRecording recording) =>
        [.. BuiltInChecks.All.SelectMany(check => check.Check(recording))];
}
