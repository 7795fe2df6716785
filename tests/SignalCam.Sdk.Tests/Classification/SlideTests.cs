using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Core.Scoring;
using SignalCam.Core.Signals;
using SignalCam.Testing;

namespace SignalCam.Sdk.Tests.Classification;

/// <summary>Long recordings, held against the windows classified one by one.</summary>
public sealed class SlideTests
{
    private static readonly EcgSignal s_long = Tiny.Recording(7, seconds: 6.3);

    [Theory]
    [InlineData(ScoringBackend.Compiled, WindowCombination.Mean)]
    [InlineData(ScoringBackend.Compiled, WindowCombination.Max)]
    [InlineData(ScoringBackend.Compiled, WindowCombination.NoisyOr)]
    [InlineData(ScoringBackend.Torch, WindowCombination.Mean)]
    public void Windows_answer_as_they_would_alone_and_are_combined_as_asked(ScoringBackend backend, WindowCombination combine)
    {
        using var folder = TestData.Folder();
        var path = Tiny.Write(folder["m.safetensors"], manifest: Tiny.Manifest(TaskKind.Multilabel, "MI", "CD"));
        using var services = ClassifierTests.Host(
            path, o => (o.Length, o.WindowStep, o.Combine, o.Backend) = (LengthPolicy.Slide, 1.5, combine, backend));
        using var alone = ClassifierTests.Host(path, o => o.Backend = backend);
        var answer = services.GetRequiredService<IEcgClassifier>().Classify(s_long);
        // 630 samples, windows of 200 every 150, and one at the very end.
        double[] starts = [0, 1.5, 3, 4.3];
        Assert.Equal(starts, answer.Windows.Select(w => w.Stretch.Start));
        Assert.All(answer.Windows, w => Assert.Equal(2, w.Stretch.Duration));
        var single = starts.Select(start => alone.GetRequiredService<IEcgClassifier>().Classify(Cut(start))).ToArray();
        for (var w = 0; w < starts.Length; w++)
            for (var c = 0; c < 2; c++)
                Assert.Equal(single[w].Scores[c].Logit, answer.Windows[w].Scores[c].Logit, backend == ScoringBackend.Compiled ? 0 : 1e-5);
        for (var c = 0; c < 2; c++)
        {
            var p = single.Select(s => s.Scores[c].Probability).ToArray();
            var expected = combine switch
            {
                WindowCombination.Mean => p.Average(),
                WindowCombination.Max => p.Max(),
                _ => 1 - p.Aggregate(1.0, (rest, one) => rest * (1 - one)),
            };
            Assert.Equal(expected, answer.Scores[c].Probability, 1e-6);
            Assert.Equal(expected > 0.5 ? ClassDecision.Present : ClassDecision.Absent, answer.Scores[c].Decision);
            var logits = single.Select(s => s.Scores[c].Logit).ToArray();
            Assert.Equal(combine == WindowCombination.Mean ? logits.Average() : logits.Max(), answer.Scores[c].Logit, 1e-5);
        }
    }

    [Fact]
    public void The_map_covers_the_whole_recording_and_is_the_mean_where_windows_overlap()
    {
        using var folder = TestData.Folder();
        var path = Tiny.Write(folder["m.safetensors"]);
        using var services = ClassifierTests.Host(path, o => (o.Length, o.WindowStep) = (LengthPolicy.Slide, 1));
        using var alone = ClassifierTests.Host(path);
        var explain = new ClassifyOptions { Explain = true };
        var map = services.GetRequiredService<IEcgClassifier>().Classify(s_long, explain).Scores[0].HeatMap!;
        int[] starts = [0, 100, 200, 300, 400, 430];
        var single = starts.Select(
            start => alone.GetRequiredService<IEcgClassifier>().Classify(Cut(start / 100.0), explain).Scores[0].HeatMap!.Samples).ToArray();
        Assert.Equal((630, 630), (map.Samples.Length, map.Cells.Length));
        for (var t = 0; t < 630; t++)
        {
            var expected = starts.Index().Where(s => t >= s.Item && t < s.Item + 200).Average(s => single[s.Index][t - s.Item]);
            Assert.Equal(expected, map.Samples[t], 1e-5);
        }
        Assert.InRange(map.CompletenessError!.Value, 0, 1e-5);
    }

    [Fact]
    public void Post_processing_is_done_to_the_whole_map()
    {
        using var folder = TestData.Folder();
        using var services = ClassifierTests.Host(Tiny.Write(folder["m.safetensors"]), o => (o.Length, o.Explainer) =
            (LengthPolicy.Slide, new ComponentSpec("saliency", new JsonObject { ["postProcessing"] = new JsonArray("min-max") })));
        var map = services.GetRequiredService<IEcgClassifier>().Classify(s_long, new ClassifyOptions { Explain = true }).Scores[0].HeatMap!;
        Assert.Equal((0f, 1f, HeatMapUnits.Share), (map.Samples.Min(), map.Samples.Max(), map.Unit));
        var leads = map.LeadSamples!.Values.SelectMany(v => v).ToArray();
        Assert.Equal((12 * 630, 0f, 1f), (leads.Length, leads.Min(), leads.Max()));
    }

    [Fact]
    public void What_cannot_be_combined_or_slid_over_so_is_refused_by_name()
    {
        using var folder = TestData.Folder();
        var path = Tiny.Write(folder["m.safetensors"], manifest: Tiny.Manifest(TaskKind.Multiclass, "a", "b"));
        using var noisy = ClassifierTests.Host(path, o => o.Combine = WindowCombination.NoisyOr);
        Assert.Contains("noisy-or",
            Assert.Throws<ModelNotSupportedException>(() => noisy.GetRequiredService<IEcgClassifier>().Input).Message,
            StringComparison.Ordinal);
        using var step = ClassifierTests.Host(path, o => o.WindowStep = 2.5);
        Assert.Contains("WindowStep is 2.5 s",
            Assert.Throws<PluginException>(() => step.GetRequiredService<IEcgClassifier>().Input).Message, StringComparison.Ordinal);
        using var brief = ClassifierTests.Host(path, o => o.Length = LengthPolicy.Slide);
        Assert.Contains("100 samples",
            Assert.Throws<SignalMismatchException>(() => brief.GetRequiredService<IEcgClassifier>()
                .Classify(Tiny.Recording(1, seconds: 1))).Message, StringComparison.Ordinal);
        using var either = ClassifierTests.Host(path, o => o.Length = LengthPolicy.Slide | LengthPolicy.Pad);
        Assert.Equal(1, either.GetRequiredService<IEcgClassifier>().Classify(Tiny.Recording(1, seconds: 1)).Stretch.Duration);
    }

    [Fact]
    public void Between_two_windows_a_call_can_be_stopped()
    {
        using var folder = TestData.Folder();
        using var services = ClassifierTests.Host(
            Tiny.Write(folder["m.safetensors"]), o => (o.Length, o.WindowStep) = (LengthPolicy.Slide, 0.01));
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(
            () => services.GetRequiredService<IEcgClassifier>().Classify(s_long, cancellationToken: stop.Token));
    }

    private static EcgSignal Cut(double start)
    {
        var from = (int)Math.Round(start * 100);
        return new EcgSignal(
            [.. Enumerable.Range(0, 12).SelectMany(lead => s_long.Lead(lead).Slice(from, 200).ToArray())],
            new SignalLayout(s_long.Leads, 200, 100));
    }
}
