using SignalCam.Abstractions;
using SignalCam.Distributed.Messages;

namespace SignalCam.Distributed.Tests.Messages;

public sealed class ResultCheckTests
{
    private static readonly EcgClassification s_good = Results.Of(
        "ward/1 ü \U0001F600", new string('a', 64), "cam", "ward",
        Results.Score("NORM", 0, -1e300, 0, ClassDecision.Absent, 0, float.MaxValue),
        Results.Score("MI", 1, double.Epsilon, 1, ClassDecision.Present, -1, 2)).Answer;

    [Fact]
    public void What_can_be_stored_has_no_problem()
    {
        Assert.Null(Problem(s_good));
        Assert.Null(Problem(s_good with { Explainer = null, Scores = [s_good.Scores[0] with { HeatMap = null }] }));
        // Explained was one class of two.
        Assert.Null(Problem(s_good with { Scores = [s_good.Scores[0] with { HeatMap = null }, s_good.Scores[1]] }));
        Assert.Null(Problem(s_good with { Recording = new string('x', 500), Model = new string('y', 200) }));
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { "id empty", "recording id" }, { "id long", "recording id" }, { "id nul", "recording id" },
        { "id half", "recording id" }, { "hash", "model hash" }, { "explainer long", "explainer" }, { "explainer nul", "explainer" },
        { "model nul", "model name" }, { "model empty", "model name" }, { "none", "0 classes" }, { "class escape", "for class 1" },
        { "class long", "for class 1" }, { "p nan", "probability NaN of class 1 (MI)" }, { "p large", "probability 1.5" },
        { "p negative", "probability -0.1" }, { "logit", "logit Infinity" }, { "threshold", "threshold NaN" },
        { "cell", "NaN in cell 1 of the map of class 1" }, { "cells uneven", "3 cells" }, { "rate", "sampling rate NaN" },
        { "stretch", "stretch Infinity" }, { "finding", "value of a finding NaN" }, { "error", "completeness error NaN" },
        { "samples", "value of a map NaN" }, { "window", "score of a window NaN" }, { "window map", "NaN in cell 0" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_a_sink_could_not_hold_is_named_with_what_is_expected(string what, string named)
    {
        var second = s_good.Scores[1];
        var result = what switch
        {
            "id empty" => s_good with { Recording = "" },
            "id long" => s_good with { Recording = new string('x', 501) },
            "id nul" => s_good with { Recording = "a\0b" },
            "id half" => s_good with { Recording = "a\uD83D" },
            "hash" => s_good with { ModelSha256 = "abc" },
            "explainer long" => s_good with { Explainer = new string('ü', 251) },
            "explainer nul" => s_good with { Explainer = "cam\0" },
            "model nul" => s_good with { Model = "\0" },
            "model empty" => s_good with { Model = "" },
            "none" => s_good with { Scores = [] },
            "class escape" => With(second with { Class = "\u001b[2J" }),
            "class long" => With(second with { Class = new string('x', 201) }),
            "p nan" => With(second with { Probability = double.NaN }),
            "p large" => With(second with { Probability = 1.5 }),
            "p negative" => With(second with { Probability = -0.1 }),
            "logit" => With(second with { Logit = double.PositiveInfinity }),
            "threshold" => With(second with { Threshold = double.NaN }),
            "rate" => s_good with { SamplingRate = double.NaN },
            "stretch" => s_good with { Stretch = new EcgStretch(0, double.PositiveInfinity) },
            "finding" => s_good with { Findings = [new EcgFinding("hum", FindingSeverity.Info, "It hums.") { Value = double.NaN }] },
            "error" => With(second with { HeatMap = second.HeatMap! with { CompletenessError = double.NaN } }),
            "samples" => With(second with { HeatMap = second.HeatMap! with { Samples = [0, float.NaN] } }),
            "window" => s_good with { Windows = [new EcgWindow(s_good.Stretch, [second with { Logit = double.NaN }])] },
            "window map" => s_good with
            {
                Windows = [new EcgWindow(s_good.Stretch, [second with { HeatMap = Results.Map("MI", [float.NaN]) }])],
            },
            "cell" => With(second with { HeatMap = Results.Map("MI", [1, float.NaN]) }),
            _ => With(second with { HeatMap = Results.Map("MI", [1, 2, 3]) }),
        };
        var problem = Problem(result);
        Assert.Contains(named, problem, StringComparison.Ordinal);
        Assert.Contains("expected", problem, StringComparison.Ordinal);

        static EcgClassification With(ClassScore second) => s_good with { Scores = [s_good.Scores[0], second] };
    }

    private static string? Problem(EcgClassification answer) => ResultCheck.FindProblem(new ScoringResult(answer));
}
