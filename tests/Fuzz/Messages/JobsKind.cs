using SignalCam.Abstractions;
using SignalCam.Distributed.Messages;

namespace SignalCam.Fuzz.Messages;

/// <summary>Changed messages of jobs: read as a worker reads them.</summary>
internal sealed class JobsKind : FuzzKind
{
    private readonly byte[] _message = Message();

    /// <inheritdoc/>
    public override string Name => "jobs";

    /// <inheritdoc/>
    public override string Description => "changed messages of jobs: every job read";

    /// <inheritdoc/>
    public override int Share => 2;

    /// <inheritdoc/>
    public override void Run(ulong seed)
    {
        var (task, jobs) = JobBatch.Read(ByteMutator.Mutate(_message, new EcgRandom(seed)));
        var (layouts, pool) = (new LayoutCache(), new SamplePool());
        var good = new List<ScoringJob>();
        foreach (var job in jobs)
        {
            _ = JobBatch.PeekUri(job.Span);
            try
            {
                good.Add(JobBatch.ReadJob(job.Span, layouts, pool));
            }
            catch (MessageFormatException)
            {
                // Rejected alone; the others are scored.
            }
        }
        // What was read can be sent again.
        JobBatch.Read(JobBatch.Write(task, jobs));
        foreach (var job in good)
            if (job.Recording is { } recording && recording.Samples.Length != recording.Layout.LeadCount * recording.Layout.Length)
                throw new WrongAnswerException($"{recording.Samples.Length} samples of {recording.Layout}");
    }

    private static byte[] Message()
    {
        var layout = new SignalLayout(["I", "II"], 40, 100);
        var integers = new EcgSignal([.. Enumerable.Range(0, 80).Select(i => (float)(i * i % 977 - 300) / 1000)], layout);
        var floats = new EcgSignal([.. Enumerable.Range(0, 80).Select(i => MathF.Sin(i) / 3)], layout);
        return JobBatch.Write(
            new ScoringTask("ward", new string('a', 64), "cam{\"kind\":\"paper\"}"),
            [
                new ScoringJob("a/1") { Recording = integers }, new ScoringJob("\u00fc 2") { Recording = floats },
                new ScoringJob("3") { Uri = new Uri("https://archive.example/ecg/3.hea") },
            ]).ToArray();
    }
}
