using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Core.Scoring;
using SignalCam.Core.Signals;
using SignalCam.Testing;

namespace SignalCam.Sdk.Tests.Classification;

/// <summary>What a host is told of recordings that cannot be believed.</summary>
public sealed class QualityTests : IDisposable
{
    private readonly TemporaryFolder _folder = TestData.Folder("quality");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_recording_without_signal_gets_probabilities_and_no_decision()
    {
        using var services = Host(_ => { });
        var answer = services.GetRequiredService<IEcgClassifier>().Classify(Flat());
        Assert.Equal("no-signal", Assert.Single(answer.Findings).Code);
        Assert.All(answer.Scores, s => Assert.Equal(ClassDecision.Undecided, s.Decision));
        Assert.All(answer.Scores, s => Assert.InRange(s.Probability, 0, 1));
        Assert.Contains("\"severity\":\"unusable\"", EcgAnswerJson.Write(answer), StringComparison.Ordinal);
        Assert.Contains("\"decision\":\"undecided\"", EcgAnswerJson.Write(answer), StringComparison.Ordinal);
    }

    [Fact]
    public void So_do_the_windows_of_a_long_one()
    {
        using var services = Host(o => o.Length = LengthPolicy.Slide);
        var answer = services.GetRequiredService<IEcgClassifier>().Classify(Flat(seconds: 5));
        Assert.True(answer.Windows.Count > 1);
        Assert.All(answer.Windows.SelectMany(w => w.Scores), s => Assert.Equal(ClassDecision.Undecided, s.Decision));
    }

    [Fact]
    public async Task A_host_that_refuses_gets_an_error_with_the_findings_and_the_rest_of_a_stream_goes_on()
    {
        using var services = Host(o => o.Quality = QualityPolicy.Refuse);
        var classifier = services.GetRequiredService<IEcgClassifier>();
        var error = Assert.Throws<RecordingRefusedException>(() => classifier.Classify(Flat()));
        Assert.Equal("no-signal", Assert.Single(error.Findings).Code);
        Assert.Contains("No lead contains a signal", error.Message, StringComparison.Ordinal);
        EcgStreamItem[] items = [new("flat", Flat()), new("good", Tiny.Recording(1))];
        var answers = new List<EcgStreamAnswer>();
        await foreach (var answer in classifier.ClassifyAsync(items.ToAsyncEnumerable()))
            answers.Add(answer);
        Assert.IsType<RecordingRefusedException>(answers[0].Error);
        Assert.NotNull(answers[1].Answer);
    }

    [Theory]
    [InlineData(QualityPolicy.Off, false, 0)]
    [InlineData(QualityPolicy.Report, true, 1)]
    public void A_host_that_does_not_check_or_wants_decisions_all_the_same_gets_them(QualityPolicy policy, bool decides, int findings)
    {
        using var services = Host(o => (o.Quality, o.DecideUnusable) = (policy, decides));
        var answer = services.GetRequiredService<IEcgClassifier>().Classify(Flat());
        Assert.Equal(findings, answer.Findings.Count);
        Assert.All(answer.Scores, s => Assert.NotEqual(ClassDecision.Undecided, s.Decision));
    }

    [Fact]
    public void A_model_may_have_checks_of_its_own_choice_with_limits_of_its_own()
    {
        using var services = Host(o => o.Checks.Add(new ComponentSpec("baseline", new JsonObject { ["highest"] = 0.0001 })));
        var classifier = services.GetRequiredService<IEcgClassifier>();
        Assert.Empty(classifier.Classify(Flat()).Findings);
        Assert.Equal("baseline-wander", Assert.Single(classifier.Classify(Tiny.Recording(1)).Findings).Code);
    }

    [Theory]
    [InlineData("no-such-check", "available: amplitude, baseline")]
    [InlineData("baseline", "Highest is -1")]
    public void A_check_that_is_not_there_or_a_limit_that_is_none_is_told_at_start(string name, string told)
    {
        using var services = Host(o => o.Checks.Add(new ComponentSpec(name, new JsonObject { ["highest"] = -1 })));
        var error = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<SignalCamOptions>>().Value);
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.9, FindingSeverity.Warning)]
    [InlineData(0.3, FindingSeverity.Unusable)]
    public void A_recording_that_fills_little_of_the_window_is_remarked_on(double seconds, FindingSeverity severity)
    {
        using var services = Host(o => o.Length = LengthPolicy.Pad);
        var cut = Tiny.Recording(1);
        var length = (int)(seconds * 100);
        var samples = Enumerable.Range(0, 12).SelectMany(lead => cut.Lead(lead)[..length].ToArray()).ToArray();
        var answer = services.GetRequiredService<IEcgClassifier>()
            .Classify(new EcgSignal(samples, new SignalLayout(cut.Leads, length, 100)));
        Assert.Equal(severity, Assert.Single(answer.Findings, f => f.Code == "short").Severity);
    }

    [Fact]
    public void A_third_party_s_check_runs_beside_the_built_in_ones()
    {
        using var services = new ServiceCollection().AddSignalCam().AddModel("test", Tiny.Write(_folder["t.safetensors"]))
            .AddCheck<AlwaysUnusable>("always").Services.BuildServiceProvider();
        var answer = services.GetRequiredService<IEcgClassifier>().Classify(Tiny.Recording(1));
        Assert.Contains(answer.Findings, f => f.Code == "always");
        Assert.Equal(ClassDecision.Undecided, answer.Scores[0].Decision);
    }

    private ServiceProvider Host(Action<ModelOptions> configure) =>
        new ServiceCollection().AddSignalCam()
            .AddModel("test", Tiny.Write(_folder["m.safetensors"]), configure).Services.BuildServiceProvider();

    private static EcgSignal Flat(double seconds = 2)
    {
        var like = Tiny.Recording(1, seconds: seconds);
        return new EcgSignal(new float[like.Samples.Length], like.Layout);
    }

    private sealed class AlwaysUnusable : IRecordingCheck
    {
        public string Name => "always";

        public IReadOnlyList<EcgFinding> Check(EcgRecording recording) =>
            [new EcgFinding("always", FindingSeverity.Unusable, "It is never good enough.")];
    }
}
