using SignalCam.Abstractions;
using SignalCam.Core.PtbXl;
using SignalCam.Distributed.Messages;
using SignalCam.Testing;

namespace SignalCam.Distributed.Tests.Messages;

public sealed class MessageTests
{
    private static readonly ScoringTask s_task = new("ward", new string('a', 64), "cam");

    [Fact]
    public void Jobs_come_back_as_they_were_written_to_the_bit()
    {
        var layout = new SignalLayout(["II", "V5"], 17, 250);
        var integers = new EcgSignal([.. Enumerable.Range(0, 34).Select(i => (float)((i * 977 - 16000) / 1000.0))], layout);
        var floats = new EcgSignal([.. Enumerable.Range(0, 34).Select(i => i == 3 ? float.NaN : MathF.Sin(i) / 3)], layout);
        ScoringJob[] jobs =
        [
            new("a/1") { Recording = integers }, new("ü") { Recording = floats },
            new("3") { Uri = new Uri("https://archive.example/ecg/3.hea") },
        ];
        var (task, parts) = JobBatch.Read(JobBatch.Write(s_task, jobs));
        Assert.Equal(s_task, task);
        var layouts = new LayoutCache();
        var read = parts.Select(part => JobBatch.ReadJob(part.Span, layouts, new SamplePool())).ToArray();
        Assert.Equal(jobs.Select(j => j.RecordingId), read.Select(j => j.RecordingId));
        Assert.Equal(jobs[2].Uri, read[2].Uri);
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(layout, read[i].Recording!.Layout);
            Assert.Equal(Bits(jobs[i].Recording!), Bits(read[i].Recording!));
        }
        // Differences of 977 take 2 bytes against 4; beside them are a gain, the widths of 2 x 2 blocks, and an id that is one byte longer.
        Assert.Equal(2 * 34 - 4 - 4 - 1, parts[1].Length - parts[0].Length);
        // The same jobs in a message of their own, as they came.
        Assert.Equal(JobBatch.Write(s_task, jobs[..1]).ToArray(), JobBatch.Write(s_task, [parts[0]]).ToArray());
    }

    [SkippableFact]
    public async Task Recordings_of_PTB_XL_take_little_more_than_a_byte_a_sample_and_come_back_to_the_bit()
    {
        IEcgDataset dataset = PtbXlDataset.Open(TestData.PtbXl());
        var lengths = new List<int>();
        foreach (var entry in dataset.Entries.Where(e => e.Fold == 9).Take(50))
        {
            var recording = await dataset.ReadAsync(entry);
            var (_, parts) = JobBatch.Read(JobBatch.Write(s_task, [new ScoringJob(entry.Id) { Recording = recording }]));
            lengths.Add(parts[0].Length);
            Assert.Equal(Bits(recording), Bits(JobBatch.ReadJob(parts[0].Span, new LayoutCache(), new SamplePool()).Recording!));
        }
        // 12 leads x 1,000 samples; two bytes each would be 24,000. A noisy recording takes more than a quiet one.
        Assert.InRange(lengths.Average(), 12_000, 18_000);
        Assert.All(lengths, length => Assert.InRange(length, 12_000, 24_000));
    }

    [Fact]
    public void Results_come_back_as_they_were_written()
    {
        ScoringResult[] results =
        [
            Results.Of("1", s_task.ModelSha256, "cam", "ward", Results.Score("NORM", 0.1, -2.2, 0.5, ClassDecision.Absent, 1, -2.5f),
                Results.Score("MI", 0.9, 2.2, 0.4, ClassDecision.Present, [])),
            Results.Of("2", s_task.ModelSha256, "", "ward", Results.Score("NORM", double.Epsilon, 1e300, 0, ClassDecision.Present, null),
                Results.Score("MI", 1, 0, 1, ClassDecision.Undecided, null)),
        ];
        var read = ResultBatch.Read(ResultBatch.Write(results).Span);
        Assert.Equal(results.Select(StoredResults.Line), read.Select(StoredResults.Line));
    }

    [Fact]
    public void Cut_or_changed_messages_are_refused_and_never_claim_memory()
    {
        var jobs = JobBatch.Write(s_task, [new ScoringJob("1") { Recording = Poison.Recording() }]).ToArray();
        var results = ResultBatch.Write(
            [Results.Of("1", s_task.ModelSha256, "cam", "ward", Results.Score("MI", 0.5, 0, 0.5, ClassDecision.Absent, 1))]).ToArray();
        for (var length = 0; length < results.Length; length++)
            Assert.Throws<MessageFormatException>(() => ResultBatch.Read(results.AsSpan(0, length)));
        var random = new Random(1);
        foreach (var original in new[] { jobs, results })
            for (var i = 0; i < 2000; i++)
            {
                var changed = (byte[])original.Clone();
                changed[random.Next(Math.Min(changed.Length, 300))] = (byte)random.Next(256);
                try
                {
                    if (original == results)
                        ResultBatch.Read(changed);
                    else
                        foreach (var part in JobBatch.Read(changed).Jobs)
                            JobBatch.ReadJob(part.Span, new LayoutCache(), new SamplePool());
                }
                catch (MessageFormatException)
                {
                    // What cannot be read says so; what can be, is another message.
                }
            }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    public void What_a_sink_cannot_hold_is_no_recording_id(string id) =>
        Assert.Throws<ArgumentException>(() => JobBatch.Write(s_task, [new ScoringJob(id) { Recording = Poison.Recording() }]));

    private static int[] Bits(EcgSignal signal) => [.. signal.Samples.ToArray().Select(BitConverter.SingleToInt32Bits)];
}
