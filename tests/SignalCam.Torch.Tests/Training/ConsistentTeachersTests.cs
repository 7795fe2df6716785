using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Testing;
using SignalCam.Torch.Architectures;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Tests.Architectures;
using SignalCam.Torch.Training;
using SignalCam.Torch.Training.Data;
using SignalCam.Torch.Training.Sessions;
using SignalCam.Torch.Training.Teaching;

namespace SignalCam.Torch.Tests.Training;

/// <summary>Teachers that score the batch which the student sees.</summary>
public sealed class ConsistentTeachersTests
{
    private static readonly SignalCamComponents s_components = new();

    [Theory]
    [InlineData(0)]
    [InlineData(96)]
    public void Targets_are_the_labels_blended_with_what_the_teachers_say_of_the_mixed_and_augmented_batch(int crop)
    {
        var recordings = Recordings.Make(40, 1);
        var options = new TrainingOptions
        {
            BatchSize = 16,
            Device = "cpu",
            Mixup = 0.5,
            Crop = crop,
            TeacherWeight = 0.6,
            TorchThreads = 1,
        };
        using var one = Teachers.Create(["x"], seed: 1);
        using var several = Teachers.Create(
            ["other", "a/x", "b/x"], seed: 2, calibration: [ClassCalibration.None, ClassCalibration.None, new ClassCalibration(2, -1)]);
        using var teachers = new ConsistentTeachers([one, several], options, new NamedTask("b", "x"), recordings.Layout, []);
        var alone = new BatchLoader(recordings, options, new Jitter()).Epoch(3, 0, default).ToArray();
        var taught = new BatchLoader(recordings, options, new Jitter(), teachers).Epoch(3, 0, default).ToArray();
        Assert.Equal([16, 16, 8], taught.Select(batch => batch.Count));
        foreach (var (plain, batch) in alone.Zip(taught))
        {
            Assert.Equal(plain.Samples, batch.Samples);
            var (first, second) = (Logits(one, batch, crop), Logits(several, batch, crop));
            for (var i = 0; i < batch.Count; i++)
            {
                var said = (Sigmoid(first[i]) + Sigmoid(2 * second[i * 3 + 2] - 1)) / 2;
                Assert.Equal(0.4f * plain.Targets[i] + 0.6f * said, batch.Targets[i], 1e-6f);
            }
        }
        // Mixup made targets that are no label, so the blend above is not one of labels alone.
        Assert.Contains(alone.SelectMany(batch => batch.Targets), target => target is > 0.01f and < 0.99f);
    }

    [Fact]
    public void In_bfloat16_they_say_nearly_the_same()
    {
        var recordings = Recordings.Make(32, 1);
        var (full, half) = (Targets(TrainingPrecision.Float32), Targets(TrainingPrecision.Bfloat16));
        Assert.NotEqual(full, half);
        Assert.All(full.Zip(half), pair => Assert.Equal(pair.First, pair.Second, 0.02f));

        float[] Targets(TrainingPrecision precision)
        {
            var options = new TrainingOptions { BatchSize = 32, Device = "cpu", TeacherWeight = 1, TeacherPrecision = precision };
            using var teachers = new ConsistentTeachers(
                [Teachers.Create(["x"], seed: 1)], options, new NamedTask("b", "x"), recordings.Layout, []);
            return new BatchLoader(recordings, options, null, teachers).Epoch(1, 0, default).Single().Targets;
        }
    }

    [Fact]
    public void A_teacher_that_does_not_fit_is_refused_with_both_sides()
    {
        var layout = Recordings.Layout;
        using var teacher = Teachers.Create(["y"], seed: 1);
        Assert.Contains("no class 'x' of task b; it has: y", Refusal(layout, []), StringComparison.Ordinal);
        Assert.Contains("max-abs", Refusal(layout, [new("max-abs")]), StringComparison.Ordinal);
        Assert.Contains("50 Hz", Refusal(new SignalLayout(layout.Leads, layout.Length, 50), []), StringComparison.Ordinal);

        using var strided = new EcgModel(
            new EcgNetwork(new StridedCnn(layout.LeadCount, 4), new SignalCam.Torch.Heads.SigmoidHead(4, 1)),
            Teachers.Manifest(["x"]) with { TaskKind = TaskKind.Binary }, s_components, "cpu");
        var options = new TrainingOptions { Device = "cpu", TeacherPrecision = TrainingPrecision.Bfloat16 };
        var e = Assert.Throws<TrainingException>(() => new ConsistentTeachers([strided], options, new NamedTask("b", "x"), layout, []));
        Assert.Contains("the teacher's StridedCnn computes in float32 only", e.Message, StringComparison.Ordinal);

        string Refusal(SignalLayout recordings, IReadOnlyList<ComponentSpec> preprocessing) => Assert.Throws<TrainingException>(
            () => new ConsistentTeachers(
                [teacher], new TrainingOptions { Device = "cpu" }, new NamedTask("b", "x"), recordings, preprocessing)).Message;
    }

    [Fact]
    public async Task A_taught_training_resumes_to_the_same_bits_and_not_with_other_teachers()
    {
        using var folder = TestData.Folder();
        using (var teacher = Teachers.Create(["bump"], seed: 1))
            teacher.Save(folder["teacher.safetensors"]);
        var options = ResumeTests.Options();
        (options.Teachers, options.Teaching, options.TeacherWeight, options.Mixup) = (
            [folder["teacher.safetensors"]], TeachingMode.Consistent, 1, 0.3);
        options.Preprocessing = [];
        var whole = await ResumeTests.RunAsync(folder["whole.safetensors"], options);

        var recorded = options.Copy();
        recorded.Teaching = TeachingMode.Recorded;
        Assert.NotEqual(ResumeTests.Bytes((await ResumeTests.RunAsync(folder["recorded.safetensors"], recorded)).LastState),
            ResumeTests.Bytes(whole.LastState));

        using var stop = new CancellationTokenSource();
        await ResumeTests.RunAsync(folder["m.safetensors"], options, stop: stop, at: p => p is { Epoch: 2, Step: 2 });
        using (var other = Teachers.Create(["bump"], seed: 5))
        {
            File.Move(folder["teacher.safetensors"], folder["kept.safetensors"]);
            other.Save(folder["teacher.safetensors"]);
        }
        var e = await Assert.ThrowsAsync<ResumeException>(() => ResumeTests.RunAsync(folder["m.safetensors"], options, resume: true));
        Assert.Equal("teachers", e.What);
        File.Move(folder["kept.safetensors"], folder["teacher.safetensors"], overwrite: true);
        var resumed = await ResumeTests.RunAsync(folder["m.safetensors"], options, resume: true);
        Assert.Equal(ResumeTests.Bytes(whole.LastState), ResumeTests.Bytes(resumed.LastState));
    }

    [Fact]
    public async Task Without_labels_the_student_comes_to_say_what_the_teacher_says()
    {
        using var folder = TestData.Folder();
        var (train, valid) = (Recordings.Make(320, 1), Recordings.Make(128, 2));
        var labelled = ResumeTests.Options();
        (labelled.Epochs, labelled.Selection) = (6, ModelSelection.LastEpoch);
        await ResumeTests.RunAsync(folder["teacher.safetensors"], labelled, train: train);
        var unlabelled = train.WithTargets(new float[train.Count]);
        var options = labelled.Copy();
        (options.Teachers, options.Teaching, options.TeacherWeight, options.Seed) = (
            [folder["teacher.safetensors"]], TeachingMode.Consistent, 1, 2);
        await ResumeTests.RunAsync(folder["student.safetensors"], options, train: unlabelled);
        using var teacher = EcgModel.Load(folder["teacher.safetensors"], s_components, "cpu");
        using var student = EcgModel.Load(folder["student.safetensors"], s_components, "cpu");
        var samples = valid.Samples(0, valid.Count).ToArray();
        var (expected, found) = (teacher.Run(samples, valid.Count).Probabilities, student.Run(samples, valid.Count).Probabilities);
        var agree = expected.Zip(found).Count(pair => pair.First > 0.5 == pair.Second > 0.5);
        Assert.Contains(expected, p => p > 0.5);
        Assert.Contains(expected, p => p < 0.5);
        Assert.True(agree > 0.9 * valid.Count, $"{agree} of {valid.Count} decisions agree");
    }

    private static float[] Logits(EcgModel teacher, Batch batch, int crop)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var quiet = TorchSharp.torch.no_grad();
        var signals = TorchSharp.torch.tensor(
            batch.Samples, [batch.Count, Recordings.Layout.LeadCount, crop == 0 ? Recordings.Layout.Length : crop]);
        return teacher.Network.Forward(signals).data<float>().ToArray();
    }

    private static float Sigmoid(float logit) => 1 / (1 + MathF.Exp(-logit));

    private sealed class NamedTask(string name, params string[] classes) : IEcgTask
    {
        public string Name => name;

        public IReadOnlyList<string> Classes => classes;

        public TaskKind Kind => TaskKind.Multilabel;

        public bool TryGetTarget(EcgEntry entry, Span<float> target) => throw new NotSupportedException();
    }
}
