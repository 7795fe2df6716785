using SignalCam.Abstractions;
using SignalCam.Core.Synthetic;
using SignalCam.Distributed.Messages;
using SignalCam.Distributed.Workers;

namespace SignalCam.Distributed.Tests;

/// <summary>Messages that cannot be done, each another one, of ten kinds.</summary>
internal static class Poison
{
    public static (ReadOnlyMemory<byte> Body, string Reason)[] Make(int count, string modelSha256) =>
        [.. Enumerable.Range(0, count).Select(i => Make(i, new ScoringTask("any", modelSha256, ExplainerNames.None)))];

    /// <summary>Messages of one result each that no sink can hold, of five kinds.</summary>
    public static (ReadOnlyMemory<byte> Body, string Reason)[] MakeResults(int count, string modelSha256) =>
        [.. Enumerable.Range(0, count).Select(i =>
        {
            var good = Results.Score("MI", 0.5, 0, 0.5, ClassDecision.Absent, 1, 2);
            var score = (i % 5) switch
            {
                0 => good with { Probability = double.NaN },
                1 => good with { Logit = double.PositiveInfinity },
                2 => good with { HeatMap = Results.Map("MI", [float.NaN]) },
                3 => good with { Class = "M\0I" },
                _ => good with { Class = new string('x', 60_000) },
            };
            return (ResultBatch.Write([Results.Of($"unstorable/{i}", modelSha256, "cam", "any", score)]), FailureKind.UnstorableResult);
        })];

    public static EcgSignal Recording(ulong seed = 1) =>
        SyntheticEcg.Generate(new SyntheticOptions { SamplingRate = 100, Seconds = 10 }, new EcgRandom(seed)).Signal;

    private static (ReadOnlyMemory<byte>, string) Make(int index, ScoringTask task)
    {
        var id = $"poison/{index}";
        var good = new ScoringJob(id) { Recording = Recording() };
        return (index % 10) switch
        {
            0 => (System.Text.Encoding.UTF8.GetBytes($"no message at all {index}"), FailureKind.MalformedMessage),
            1 => (JobBatch.Write(task, [good])[..(200 + index)], FailureKind.MalformedMessage),
            2 => (JobBatch.Write(task with { ModelSha256 = new string('0', 64) }, [good]), FailureKind.WrongModel),
            3 => (JobBatch.Write(task with { Explainer = "guess" }, [good]), FailureKind.WrongExplainer),
            4 => (Of(task, id, new EcgSignal(Changed(good.Recording!, (i, x) => i == index ? float.NaN : x), good.Recording!.Layout)),
                FailureKind.RefusedRecording),
            5 => (Of(task, id, new EcgSignal(new float[2000], new SignalLayout(["I", "V1"], 1000, 100))), FailureKind.RefusedRecording),
            6 => (Of(task, id, new EcgSignal(new float[12 * 400], new SignalLayout(SignalLayout.StandardLeads, 400, 100))),
                FailureKind.RefusedRecording),
            7 => (JobBatch.Write(task, [new ScoringJob(id) { Uri = new Uri($"file:///etc/{index}.hea") }]), FailureKind.UntrustedUri),
            8 => (JobBatch.Write(task, [(ReadOnlyMemory<byte>)new byte[] { 1, 0, 65, 9, (byte)index }]), FailureKind.MalformedJob),
            _ => (new byte[index], FailureKind.MalformedMessage),
        };
    }

    private static ReadOnlyMemory<byte> Of(ScoringTask task, string id, EcgSignal recording) =>
        JobBatch.Write(task, [new ScoringJob(id) { Recording = recording }]);

    private static float[] Changed(EcgSignal signal, Func<int, float, float> change) =>
        [.. signal.Samples.ToArray().Select((x, i) => change(i, x))];
}
