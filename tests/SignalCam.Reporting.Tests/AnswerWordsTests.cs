using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Models;

namespace SignalCam.Reporting.Tests;

public sealed class AnswerWordsTests
{
    private const string Counted = """{"abnormal":[[0,0],[0,0],[0,0],[0,0],[0,0],[0,0],[50,40],[9,9],[0,0],[0,0]]}""";

    [Fact]
    public void A_probability_is_explained_by_the_recordings_counted_in_its_tenth()
    {
        // Wilson's interval of 40 of 50 is 0.670 to 0.888 (statsmodels, proportion_confint).
        var words = AnswerWords.Calibration(Manifest(Counted), Score(0.64));
        Assert.Equal(
            "Calibrated (Platt scaling on 2183 recordings of ptb-xl, fold 9): of the 50 of them with a figure from 60 to 70 %, 80 % had "
            + "the class (95 % interval 67 % to 88.8 %). Other recordings may differ.", words);
    }

    [Theory]
    [InlineData(Counted, 0.74)]
    [InlineData("""{"other":[]}""", 0.64)]
    [InlineData("""{"abnormal":[[1]]}""", 0.64)]
    [InlineData("""{"abnormal":[0,0,0,0,0,0,[50,60],0,0,0]}""", 0.64)]
    [InlineData("""{"abnormal":[0,0,0,0,0,0,["50",40],0,0,0]}""", 0.64)]
    [InlineData("null", 0.64)]
    public void Without_enough_counts_the_calibrated_figure_speaks(string reliability, double probability)
    {
        var words = AnswerWords.Calibration(Manifest(reliability), Score(probability));
        Assert.Contains($"about {100 * probability} of 100 with this figure have the class", words, StringComparison.Ordinal);
    }

    private static ClassScore Score(double probability) => new("abnormal", probability, 0.5, 0.5, ClassDecision.Present);

    private static ModelManifest Manifest(string reliability) => new()
    {
        Architecture = new ComponentSpec("a"),
        Head = new ComponentSpec("binary"),
        Task = "normal-abnormal",
        TaskKind = TaskKind.Binary,
        Classes = ["abnormal"],
        Leads = ["II"],
        Length = 100,
        SamplingRate = 100,
        Preprocessing = [],
        Calibration = [ClassCalibration.None],
        Training = new JsonObject
        {
            ["calibration"] = new JsonObject
            {
                ["dataset"] = "ptb-xl", ["folds"] = "9", ["recordings"] = 2183, ["method"] = "platt",
                ["reliability"] = JsonNode.Parse(reliability),
            },
        },
    };
}
