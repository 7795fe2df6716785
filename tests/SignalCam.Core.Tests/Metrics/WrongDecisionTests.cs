using SignalCam.Abstractions;
using SignalCam.Core.Metrics;

namespace SignalCam.Core.Tests.Metrics;

public class WrongDecisionTests
{
    [Fact]
    public void The_surest_mistakes_come_first_by_their_distance_from_the_threshold_in_logits()
    {
        // At 0.2 the second, third and fourth decision are wrong; a logit of 0.2 is -ln 4, of 0.5 zero, of 0.1 -ln 9, of 0.9 ln 9.
        var scores = new ScoredRecordings(TaskKind.Binary, ["abnormal"], [1, 0, 1, 0, 0], [0.9f, 0.5f, 0.1f, 0.9f, 0.1f], [0.2]);

        var wrong = WrongDecision.Surest(scores, 6);

        Assert.Equal([3, 1, 2], wrong.Select(w => w.Recording));
        Assert.All(wrong.Zip([Math.Log(36), Math.Log(4), Math.Log(9.0 / 4)]), pair => Assert.Equal(pair.Second, pair.First.Distance, 1e-6));
        Assert.Equal([3], WrongDecision.Surest(scores, 1).Select(w => w.Recording));
    }

    [Fact]
    public void A_recording_that_is_wrong_in_two_classes_is_named_once_with_the_surer()
    {
        var scores = new ScoredRecordings(TaskKind.Multilabel, ["MI", "CD"], [0, 1, 1, 1], [0.6f, 0.01f, 0.9f, 0.9f]);

        var only = Assert.Single(WrongDecision.Surest(scores, 6));

        Assert.Equal((0, 1), (only.Recording, only.Class));
        Assert.Equal(Math.Log(99), only.Distance, 1e-5);
    }

    [Fact]
    public void Of_a_multiclass_task_the_called_class_is_measured_against_the_true_one()
    {
        var scores = new ScoredRecordings(TaskKind.Multiclass, ["a", "b", "c"], [0, 0, 1, 1, 0, 0], [0.5f, 0.3f, 0.2f, 0.6f, 0.2f, 0.2f]);

        var only = Assert.Single(WrongDecision.Surest(scores, 6));

        Assert.Equal((0, 0), (only.Recording, only.Class));
        Assert.Equal(Math.Log(4), only.Distance, 1e-6);
    }

    [Fact]
    public void Probabilities_of_zero_and_one_have_a_finite_distance()
    {
        var scores = new ScoredRecordings(TaskKind.Binary, ["abnormal"], [1, 0], [0, 1]);

        Assert.All(WrongDecision.Surest(scores, 6), w => Assert.Equal(Math.Log(1e7), w.Distance, 1e-5));
    }
}
