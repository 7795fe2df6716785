using SignalCam.Abstractions;
using SignalCam.Core.Metrics;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Metrics;

public sealed class ChallengeScoreTests
{
    [Fact]
    public void The_score_is_that_of_the_published_weights()
    {
        // Classes NSR, AF, RBBB. Truth NSR; AF; AF and RBBB. Called NSR; RBBB; AF.
        var scores = Scores(["426783006", "AF", "59118001"], [[1, 0, 0], [0, 1, 0], [0, 1, 1]], [[1, 0, 0], [0, 0, 1], [0, 1, 0]]);
        // Weights of the table: AF with RBBB 0.4, NSR with AF 0.25, NSR with RBBB 0.35, equal ones 1.
        // Observed: 1 + 0.4 / 2 + (1 + 0.4) / 2. Right: 1 + 1 + (1 + 0.4 + 0.4 + 1) / 2. Always NSR: 1 + 0.25 / 2 + (0.25 + 0.35) / 3.
        const double observed = 1 + 0.2 + 0.7, right = 2 + 1.4, inactive = 1 + 0.125 + 0.2;
        Assert.Equal((observed - inactive) / (right - inactive), ChallengeScore.Official.Compute(scores)!.Value, 12);
    }

    [Fact]
    public void Right_answers_score_1_and_always_sinus_rhythm_scores_0()
    {
        float[][] truth = [[1, 0, 0], [0, 1, 0], [1, 0, 1]];
        Assert.Equal(1, ChallengeScore.Official.Compute(Scores(["NSR", "AF", "LBBB"], truth, truth))!.Value, 12);
        Assert.Equal(0, ChallengeScore.Official.Compute(Scores(["NSR", "AF", "LBBB"], truth, [[1, 0, 0], [1, 0, 0], [1, 0, 0]]))!.Value,
            12);
    }

    [Fact]
    public void Codes_that_are_scored_as_the_same_count_once()
    {
        var both = Scores(["426783006", "713427006", "59118001"], [[1, 0, 0], [0, 1, 0]], [[1, 0, 0], [0, 0, 1]]);
        Assert.Equal(1, ChallengeScore.Official.Compute(both)!.Value, 12);
        Assert.Equal(2, ChallengeScore.Official.CountAmong(both.Classes));
    }

    [Fact]
    public void Without_sinus_rhythm_or_a_second_diagnosis_there_is_no_score()
    {
        Assert.Null(ChallengeScore.Official.Compute(Scores(["AF", "AFL"], [[1, 0]], [[1, 0]])));
        Assert.Null(ChallengeScore.Official.Compute(Scores(["NSR", "something"], [[1, 0]], [[1, 0]])));
    }

    [Fact]
    public void Weights_of_ones_own_are_read_and_what_is_wrong_with_them_is_named()
    {
        using var folder = TestData.Folder();
        var file = folder["weights.csv"];
        File.WriteAllText(file, ",426783006,x|y\n426783006,1,0.5\nx|y,0.5,1\n");
        Assert.Equal(2, ChallengeScore.Read(file).CountAmong(["426783006", "y", "z"]));
        File.WriteAllText(file, ",426783006,x\n426783006,1,half\nx,0.5,1\n");
        Assert.Equal($"{file}, row 1 of weights: found 'half', expected a number",
            Assert.Throws<EcgFormatException>(() => ChallengeScore.Read(file)).Message);
        File.WriteAllText(file, ",a,b\na,1,0\nb,0,1\n");
        Assert.Contains("no diagnosis 426783006", Assert.Throws<EcgFormatException>(() => ChallengeScore.Read(file)).Message,
            StringComparison.Ordinal);
    }

    private static ScoredRecordings Scores(string[] classes, float[][] targets, float[][] called) =>
        new(TaskKind.Multilabel, classes, [.. targets.SelectMany(t => t)], [.. called.SelectMany(c => c)]);
}
