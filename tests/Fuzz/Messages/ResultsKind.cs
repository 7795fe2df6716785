using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using SignalCam.Abstractions;
using SignalCam.Distributed.Messages;
using SignalCam.Distributed.Sinks;

namespace SignalCam.Fuzz.Messages;

/// <summary>
/// Changed messages of results, or the answers in them: read and checked as a collector does, and then written as sinks do.
/// </summary>
internal sealed class ResultsKind : FuzzKind
{
    private readonly ScoringResult[] _results =
    [
        new ScoringResult(Answer("ward/1")), new ScoringResult(Answer("\u00fc 2") with { Explainer = null }),
    ];

    /// <inheritdoc/>
    public override string Name => "results";

    /// <inheritdoc/>
    public override string Description => "changed messages of results: read, checked, written as a sink writes them";

    /// <inheritdoc/>
    public override int Share => 2;

    /// <inheritdoc/>
    public override void Run(ulong seed)
    {
        var random = new EcgRandom(seed);
        var message = random.Below(3) switch
        {
            0 => ByteMutator.Mutate(ResultBatch.Write(_results).Span, random),
            1 => Message(Encoding.UTF8.GetBytes(JsonMutator.Mutate(EcgAnswerJson.Write(_results[0].Answer), random))),
            _ => Message(ByteMutator.Mutate(EcgAnswerJson.WriteUtf8(_results[0].Answer), random)),
        };
        foreach (var result in ResultBatch.Read(message))
        {
            _ = result.Key;
            // As a dead letter it is sent on, whatever is in it.
            ResultBatch.Read(ResultBatch.Write([result]).Span);
            if (ResultCheck.FindProblem(result) is null)
                ReadBack(ResultJson.Write(result), result.Key);
        }
    }

    private static void ReadBack(byte[] line, ResultKey key)
    {
        if (line.AsSpan().Contains((byte)'\n') || ResultJson.Read(line).Key != key)
            throw new WrongAnswerException($"a line that reads back to another result: {Encoding.UTF8.GetString(line)}");
    }

    private static byte[] Message(byte[] answer)
    {
        var head = new byte[12];
        "SCR\u0002"u8.CopyTo(head);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(4), 1);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(8), answer.Length);
        return [.. head, .. answer];
    }

    private static EcgClassification Answer(string id)
    {
        var map = new HeatMap("MI", [0.25f, -1.5f], [0.1f, 0.2f])
        {
            Method = "cam",
            Kind = CamKind.Exact,
            Unit = HeatMapUnits.Logit,
            CompletenessError = 1e-7,
            LeadSamples = new Dictionary<string, System.Collections.Immutable.ImmutableArray<float>> { ["I"] = [1f, 2f] },
        };
        ClassScore[] scores = [new("NORM", 0.1, -2.2, 0.5, ClassDecision.Absent), new("MI", 0.9, 2.2, 0.4, ClassDecision.Present, map)];
        return new EcgClassification
        {
            Recording = id,
            Model = "ward",
            ModelSha256 = new string('a', 64),
            Task = "super",
            TaskKind = TaskKind.Multilabel,
            Backend = "compiled",
            Explainer = "cam",
            Stretch = new EcgStretch(0, 10),
            SamplingRate = 100,
            Scores = scores,
            Findings = [new EcgFinding("lead-off", FindingSeverity.Warning, "Lead V1 is flat.")
            {
                Leads = ["V1"],
                Stretch = new EcgStretch(1, 0.5),
                Value = 0.25,
            }],
            Windows = [new EcgWindow(new EcgStretch(0, 10), scores)],
        };
    }
}
