using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Torch.Architectures;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Training;
using SignalCam.Torch.Training.Teaching;

namespace SignalCam.Torch.Tests.Training;

public sealed class TeacherTargetsTests
{
    [Fact]
    public void Targets_become_a_blend_of_the_label_and_the_teachers_mean()
    {
        var recordings = Recordings.Make(10, 1);
        using var one = Teachers.Create(["x"], seed: 1);
        using var several = Teachers.Create(["other", "a/x", "b/x"], seed: 2);
        var blended = TeacherTargets.Blend(recordings, [one, several], 0.7, new Task("b", "x"), []);
        var (first, second) = (one.Run(recordings.Samples(0, 10).ToArray(), 10), several.Run(recordings.Samples(0, 10).ToArray(), 10));
        for (var i = 0; i < 10; i++)
        {
            var teachers = (first.Probabilities[i] + second.Probabilities[i * 3 + 2]) / 2;
            Assert.Equal(0.3f * recordings.Targets(i)[0] + 0.7f * teachers, blended.Targets(i)[0], 1e-6f);
            Assert.Equal(recordings.Samples(i), blended.Samples(i));
        }
    }

    [Fact]
    public void A_teacher_that_does_not_know_a_class_or_prepares_otherwise_is_refused_with_both_sides()
    {
        var recordings = Recordings.Make(4, 1);
        using var teacher = Teachers.Create(["y", "z"], seed: 1);
        Assert.Contains("no class 'x' of task b; it has: y, z", Refusal([]), StringComparison.Ordinal);
        var refusal = Assert.Throws<TrainingException>(
            () => TeacherTargets.Blend(recordings, [teacher], 0.5, new Task("b", "y"), [new("max-abs")])).Message;
        Assert.Contains("max-abs", refusal, StringComparison.Ordinal);

        string Refusal(IReadOnlyList<ComponentSpec> preprocessing) =>
            Assert.Throws<TrainingException>(
                () => TeacherTargets.Blend(recordings, [teacher], 0.5, new Task("b", "x"), preprocessing)).Message;
    }

    [Fact]
    public void A_calibrated_teacher_says_calibrated_probabilities()
    {
        var recordings = Recordings.Make(4, 1);
        using var teacher = Teachers.Create(["x"], seed: 1, [new ClassCalibration(2, -1)]);
        var logits = teacher.Run(recordings.Samples(0, 4).ToArray(), 4).Logits;
        var blended = TeacherTargets.Blend(recordings, [teacher], 1, new Task("b", "x"), []);
        Assert.All(logits.Index(), l => Assert.Equal(1 / (1 + MathF.Exp(1 - 2 * l.Item)), blended.Targets(l.Index)[0], 1e-6f));
    }

    private sealed class Task(string name, params string[] classes) : IEcgTask
    {
        public string Name => name;

        public IReadOnlyList<string> Classes => classes;

        public TaskKind Kind => TaskKind.Multilabel;

        public bool TryGetTarget(EcgEntry entry, Span<float> target) => throw new NotSupportedException();
    }
}
