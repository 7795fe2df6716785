using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Core.Scoring;
using SignalCam.Core.Signals;
using SignalCam.Testing;

namespace SignalCam.Sdk.Tests.Classification;

/// <summary>An answer says what gave it and what it looked at.</summary>
public sealed class AnswerTests
{
    private static readonly JsonSerializerOptions s_host = new(JsonSerializerDefaults.Web)
    {
        Converters = { new EcgAnswerJsonConverter() },
        Encoder = EcgAnswerJson.Options.Encoder,
    };

    [Theory]
    [InlineData(ScoringBackend.Compiled, "compiled")]
    [InlineData(ScoringBackend.Torch, "torch cpu")]
    public void It_carries_model_hash_task_and_backend(ScoringBackend backend, string name)
    {
        using var folder = TestData.Folder();
        var path = Tiny.Write(folder["m.safetensors"]);
        using var services = ClassifierTests.Host(path, o => o.Backend = backend);
        var classifier = services.GetRequiredService<IEcgClassifier>();
        var answer = classifier.Classify(Tiny.Recording(1));
        var sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)));
        Assert.Equal(("test", sha256, "test", TaskKind.Binary, name),
            (answer.Model, answer.ModelSha256, answer.Task, answer.TaskKind, answer.Backend));
        Assert.Equal((sha256, "test"), (classifier.Sha256, classifier.Task));
        Assert.Null(answer.Explainer);
    }

    [Theory]
    [InlineData(2.0, LengthPolicy.Exact, 0.0, 2.0)]
    [InlineData(2.01, LengthPolicy.Exact, 0.0, 2.0)]
    [InlineData(1.99, LengthPolicy.Exact, 0.0, 1.99)]
    [InlineData(5.0, LengthPolicy.Crop, 1.5, 2.0)]
    [InlineData(1.2, LengthPolicy.Pad, 0.0, 1.2)]
    [InlineData(5.0, LengthPolicy.Slide, 0.0, 5.0)]
    public void The_stretch_is_what_was_looked_at_and_maps_are_as_long(double seconds, LengthPolicy policy, double start, double duration)
    {
        using var folder = TestData.Folder();
        using var services = ClassifierTests.Host(Tiny.Write(folder["m.safetensors"]), o => o.Length = policy);
        var classifier = services.GetRequiredService<IEcgClassifier>();
        var recording = Tiny.Recording(1, samplingRate: 500, seconds: seconds);
        var answer = classifier.Classify(recording, new ClassifyOptions { Explain = true });
        Assert.Equal((start, duration), (answer.Stretch.Start, Math.Round(answer.Stretch.Duration, 9)));
        Assert.Equal((int)Math.Round(duration * 100), answer.Scores[0].HeatMap!.Samples.Length);
        var view = classifier.View(recording);
        Assert.Equal((answer.Stretch, answer.Scores[0].HeatMap!.Samples.Length), (view.Stretch, view.Signal.Length));
    }

    [Fact]
    public void The_view_is_the_network_s_input()
    {
        using var folder = TestData.Folder();
        var path = Tiny.Write(folder["m.safetensors"]);
        using var services = ClassifierTests.Host(path, o => o.Length = LengthPolicy.Pad);
        using var model = Torch.Networks.EcgModel.Load(path, new Torch.SignalCamComponents(), "cpu");
        var classifier = services.GetRequiredService<IEcgClassifier>();
        var input = Assert.Single(classifier.View(Tiny.Recording(3, seconds: 1.5)).Inputs);
        Assert.Equal((0, 200, 200), (input.Start, input.Adapted.Length, input.Prepared.Length));
        Assert.All(input.Adapted.Lead(2)[150..].ToArray(), v => Assert.Equal(0, v));
        Assert.Equal(model.Run(input.Prepared.Samples.ToArray(), 1).Logits[0],
            classifier.Classify(Tiny.Recording(3, seconds: 1.5)).Scores[0].Logit, 1e-4);
    }

    [Fact]
    public void An_unusable_recording_has_scores_but_no_decision_and_its_findings_say_why()
    {
        using var folder = TestData.Folder();
        var services = new ServiceCollection();
        services.AddSignalCam(o => o.Device = "cpu").AddModel("test", Tiny.Write(folder["m.safetensors"])).AddCheck<FlatLine>("flat-line");
        using var provider = services.BuildServiceProvider();
        var classifier = provider.GetRequiredService<IEcgClassifier>();
        var flat = Tiny.Recording(1).MapLeads(samples => samples.Clear());
        var answer = classifier.Classify(
            new EcgRecording(flat, "test") { Warnings = ["the date cannot be read"] }, new ClassifyOptions { Explain = true });
        Assert.Equal(
            [("file", FindingSeverity.Info), ("flat-line", FindingSeverity.Unusable), ("no-signal", FindingSeverity.Unusable)],
            answer.Findings.Select(f => (f.Code, f.Severity)));
        Assert.Equal(ClassDecision.Undecided, answer.Scores[0].Decision);
        Assert.NotNull(answer.Scores[0].HeatMap);
        var usable = classifier.Classify(Tiny.Recording(1));
        Assert.Empty(usable.Findings);
        Assert.NotEqual(ClassDecision.Undecided, usable.Scores[0].Decision);
    }

    [Theory]
    [InlineData(ScoringBackend.Compiled)]
    [InlineData(ScoringBackend.Torch)]
    public async Task A_score_that_is_no_finite_number_is_a_typed_error_whichever_way_it_is_asked_for(ScoringBackend backend)
    {
        using var folder = TestData.Folder();
        var file = ModelFile.Load(Tiny.Write(folder["m.safetensors"]));
        // Weights that are finite, and overflow.
        var huge = file.Weights.Select(
            w => w.Name == "last_conv.weight" ? new NamedTensor(w.Name, w.Shape, [.. w.ToSingles().Select(_ => 3e38f)]) : w).ToArray();
        new ModelFile(file.Manifest, huge, graph: file.Graph).Save(folder["huge.safetensors"]);
        using var services = ClassifierTests.Host(folder["huge.safetensors"], o => o.Backend = backend);
        var classifier = services.GetRequiredService<IEcgClassifier>();
        var e = Assert.Throws<NonFiniteScoreException>(() => classifier.Classify(Tiny.Recording(1)));
        Assert.Equal(("test", "abnormal"), (e.Model, e.Class));
        var result = await classifier.ClassifyAsync([new EcgStreamItem("1", Tiny.Recording(1))]).SingleAsync();
        Assert.IsType<NonFiniteScoreException>(result.Error);
    }

    [Fact]
    public void Its_JSON_has_one_form_and_reads_back_to_the_same_answer()
    {
        using var folder = TestData.Folder();
        using var services = ClassifierTests.Host(Tiny.Write(
            folder["m.safetensors"], manifest: Tiny.Manifest(TaskKind.Multilabel, "MI", "CD")), o => o.Length = LengthPolicy.Slide);
        var options = new ClassifyOptions { Explain = true, Explainer = new ComponentSpec("saliency"), Classes = ClassChoice.Of("CD") };
        var answer = services.GetRequiredService<IEcgClassifier>().Classify(Tiny.Recording(1, seconds: 3), options) with
        {
            Recording = "r1",
            Findings = [new EcgFinding("lead-off", FindingSeverity.Warning, "Lead V1 is flat.")
            {
                Leads = ["V1"],
                Stretch = new EcgStretch(1, 0.5),
                Value = 0.25,
            }],
        };
        var text = EcgAnswerJson.Write(answer);
        Assert.Equal(text, EcgAnswerJson.Write(EcgAnswerJson.Read(text)));
        Assert.Equal(
            text, System.Text.Encoding.UTF8.GetString(EcgAnswerJson.WriteUtf8(EcgAnswerJson.Read(EcgAnswerJson.WriteUtf8(answer)))));
        var json = JsonNode.Parse(text)!.AsObject();
        Assert.Equal(
            [
                "recording", "model", "model_sha256", "task", "task_kind", "backend", "explainer", "stretch", "sampling_rate", "scores",
                "findings", "windows",
            ],
            json.Select(member => member.Key));
        var map = json["scores"]![1]!["heat_map"]!;
        Assert.Equal(("saliency", "magnitude", "logit per prepared unit"),
            ((string?)map["method"], (string?)map["sign"], (string?)map["unit"]));
        Assert.Equal(SignalLayout.StandardLeads, map["lead_samples"]!.AsObject().Select(lead => lead.Key));
        Assert.Equal(300, map["samples"]!.AsArray().Count);
        Assert.Null(json["scores"]![0]!["heat_map"]);
        Assert.Equal("multilabel", (string?)json["task_kind"]);
        Assert.Equal("""{"code":"lead-off","severity":"warning","sentence":"Lead V1 is """
            + """flat.","leads":["V1"],"stretch":{"start":1,"duration":0.5},"value":0.25}""", json["findings"]![0]!.ToJsonString());
        Assert.Throws<JsonException>(() => EcgAnswerJson.Read("{}"));
        // Within other JSON, by a converter.
        Assert.Equal($$"""{"theAnswer":{{text}}}""", JsonSerializer.Serialize(new { theAnswer = answer }, s_host));
    }

    private sealed class FlatLine : IRecordingCheck
    {
        public string Name => "flat-line";

        public IReadOnlyList<EcgFinding> Check(EcgRecording recording) =>
            recording.Signal.Samples.Span.ContainsAnyExcept(0f)
                ? []
                : [new EcgFinding("flat-line", FindingSeverity.Unusable, "No lead has a signal.")];
    }
}
