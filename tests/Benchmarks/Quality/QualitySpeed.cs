using SignalCam.Abstractions;
using SignalCam.Core.PtbXl;
using SignalCam.Core.Quality;
using SignalCam.Core.Scoring;
using SignalCam.Sdk.Pretrained;

namespace SignalCam.Benchmarks.Quality;

/// <summary>What the checks cost against scoring, on one thread, in the same run.</summary>
internal static class QualitySpeed
{
    private const int Recordings = 100;
    private const int Pairs = 101;

    public static void Print(PtbXlDataset dataset, PtbXlDataset fast)
    {
        Print("100 Hz", [.. QualityTables.Read(dataset, e => e.Fold == 9).Take(Recordings).Select(r => (EcgRecording)r.Signal)]);
        Print("500 Hz", [.. QualityTables.Read(fast, e => e.FilenameHr is { } name && File.Exists(Path.Combine(fast.Folder, name + ".dat")))
            .Select(r => (EcgRecording)r.Signal)]);
    }

    private static void Print(string what, EcgRecording[] recordings)
    {
        using var model = ScoringModel.Create(
            PretrainedModels.Get(PretrainedModels.NormalAbnormal).Read(),
            new ScoringOptions { Quality = QualityPolicy.Off, Length = Core.Signals.LengthPolicy.Crop });
        PairedRatio.Print($"checks of {recordings.Length} recordings at {what} against scoring them (asked: at most 0.5)", Pairs, () =>
        {
            foreach (var recording in recordings)
                model.Classify(recording);
        }, () => Check(recordings));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Check(recordings);
        QualityTables.Line($"  allocated by the checks: {(GC.GetAllocatedBytesForCurrentThread() - before) / recordings.Length} bytes a "
            + $"recording, findings included");
    }

    private static void Check(EcgRecording[] recordings)
    {
        foreach (var recording in recordings)
            for (var i = 0; i < BuiltInChecks.All.Count; i++)
                BuiltInChecks.All[i].Check(recording);
    }
}
