using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Core.Scoring;
using SignalCam.Testing;

namespace SignalCam.Sdk.Tests.Classification;

/// <summary>The options of a model's explainer, from appsettings.json to the map, on both backends.</summary>
public sealed class ExplainerOptionsTests
{
    private static readonly EcgSignal s_recording = Tiny.Recording(3);

    [Theory]
    [InlineData(ScoringBackend.Compiled)]
    [InlineData(ScoringBackend.Torch)]
    public void Every_option_of_the_configuration_shows_in_the_maps(ScoringBackend backend)
    {
        using var folder = TestData.Folder();
        var path = Tiny.Write(folder["m.safetensors"], manifest: Tiny.Manifest(TaskKind.Multilabel, "MI", "CD", "HYP"));
        EcgClassification Explain(string options)
        {
            using var services = Configured($$$"""{ "SignalCam": { "Device": "cpu", "Models": { "ward": { "Path": """
                + $$$"""{{{JsonValue.Create(path).ToJsonString()}}}, "Backend": "{{{backend}}}", "Explainer": {{{options}}} } } } }""");
            return services.GetRequiredService<IEcgClassifier>().Classify(s_recording, new ClassifyOptions { Explain = true });
        }

        var plain = Explain("\"cam\"");
        Assert.Equal(("cam", 3), (plain.Explainer, plain.Scores.Count(s => s.HeatMap is not null)));
        var published = Explain("""{ "Name": "CAM", "Options": { "kind": "paper" } }""");
        Assert.All(published.Scores,
            s => Assert.Equal((CamKind.Paper, 0f, 1f, HeatMapUnits.Share),
                (s.HeatMap!.Kind, s.HeatMap.Samples.Min(), s.HeatMap.Samples.Max(), s.HeatMap.Unit)));
        var map = Explain("""
            {
              "Name": "cam",
              "Options": {
                "Kind": "exact", "Resampling": "nearest", "PostProcessing": [ "relu", "symmetric", "smooth" ], "SmoothingWidth": 5,
                "Classes": [ "hyp", "MI" ]
              }
            }
            """);
        Assert.Equal([true, false, true], map.Scores.Select(s => s.HeatMap is not null));
        Assert.Equal(plain.Scores.Select(s => s.Probability), map.Scores.Select(s => s.Probability));
        var (raw, made) = (plain["HYP"].HeatMap!.Cells, map["HYP"].HeatMap!);
        Assert.Equal(raw.ToArray(), made.Cells.ToArray());
        var nearest = Enumerable.Range(0, 200).Select(t => Math.Max(0, raw[t * raw.Length / 200])).ToArray();
        var scaled = nearest.Select(v => v / nearest.Max()).ToArray();
        for (var t = 0; t < 200; t++)
            Assert.Equal(Enumerable.Range(t - 2, 5).Where(i => i is >= 0 and < 200).Average(i => scaled[i]), made.Samples[t], 1e-5);
        Assert.Equal((HeatMapSign.Magnitude, HeatMapUnits.Share), (made.Sign, made.Unit));
        Assert.Single(Explain("""{ "Name": "cam", "Options": { "classes": [ "decided" ] } }""").Scores
            .Where(s => s.HeatMap is not null && s.Decision == ClassDecision.Absent).Take(1).DefaultIfEmpty());
    }

    [Fact]
    public void A_call_may_ask_for_another_explainer_and_other_classes()
    {
        using var folder = TestData.Folder();
        using var services =
            ClassifierTests.Host(Tiny.Write(folder["m.safetensors"], manifest: Tiny.Manifest(TaskKind.Multilabel, "MI", "CD")));
        var classifier = services.GetRequiredService<IEcgClassifier>();
        var plain = classifier.Classify(s_recording, new ClassifyOptions { Explain = true });
        var other = classifier.Classify(s_recording,
            new ClassifyOptions { Explain = true, Explainer = new ComponentSpec("gradient-x-input"), Classes = ClassChoice.Of("cd") });
        Assert.Equal(("compiled", "gradient-x-input"), (other.Backend, other.Explainer));
        // Whatever explains, the scores are the backend's.
        Assert.Equal(plain.Scores.Select(s => s with { HeatMap = null }), other.Scores.Select(s => s with { HeatMap = null }));
        Assert.Equal([false, true], other.Scores.Select(s => s.HeatMap is not null));
        Assert.Equal("gradient-x-input", other.Scores[1].HeatMap!.Method);
        Assert.Contains("no class 'HYP'; there are: MI, CD",
            Assert.Throws<PluginException>(() => classifier.Classify(
                s_recording, new ClassifyOptions { Explain = true, Classes = ClassChoice.Of("HYP") })).Message, StringComparison.Ordinal);
        Assert.Contains("'guess'",
            Assert.Throws<PluginException>(
                () => classifier.Classify(s_recording,
                    new ClassifyOptions { Explain = true, Explainer = new ComponentSpec("guess") })).Message, StringComparison.Ordinal);
        var decided = classifier.Classify(s_recording, new ClassifyOptions { Explain = true, Classes = ClassChoice.Decided });
        var present = decided.Scores.Where(s => s.Decision == ClassDecision.Present).Select(s => s.Class).ToArray();
        Assert.Equal(present.Length > 0 ? present : [decided.Scores.MaxBy(s => s.Probability)!.Class],
            decided.Scores.Where(s => s.HeatMap is not null).Select(s => s.Class));
    }

    [Theory]
    [InlineData("""{ "Name": "cam", "Options": { "kind": "guess" } }""", "'cam'", "guess")]
    [InlineData("""{ "Name": "cam", "Options": { "colour": "red" } }""", "'cam'", "colour")]
    [InlineData("""{ "Name": "cam", "Options": { "smoothingWidth": 0 } }""", "SmoothingWidth is 0", "1 and 100000")]
    [InlineData("""{ "Name": "smoothgrad", "Options": { "copies": 0 } }""", "Copies is 0", "1 and 1000")]
    [InlineData("""{ "Name": "cam", "Options": { "classes": [ "MI" ] } }""", "no class 'MI'", "abnormal")]
    [InlineData("""{ "Name": "saliency", "Options": { "classes": [ "MI" ] } }""", "no class 'MI'", "abnormal")]
    public async Task A_wrong_option_or_class_stops_the_start_by_name(string explainer, string found, string allowed)
    {
        using var folder = TestData.Folder();
        var path = JsonValue.Create(Tiny.Write(folder["m.safetensors"])).ToJsonString();
        var host = Host.CreateEmptyApplicationBuilder(null);
        host.Services.AddSignalCam(
            Settings($$$"""{ "SignalCam": { "Models": { "ward": { "Path": {{{path}}}, "Explainer": {{{explainer}}} } } } }"""));
        using var built = host.Build();
        var e = await Assert.ThrowsAsync<OptionsValidationException>(() => built.StartAsync());
        Assert.Contains("SignalCam:Models:ward: Explainer is ", e.Message, StringComparison.Ordinal);
        Assert.Contains(found, e.Message, StringComparison.Ordinal);
        Assert.Contains(allowed, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Specs_from_code_JSON_and_configuration_are_equal_when_they_say_the_same()
    {
        var code = new ComponentSpec(
            "Smoothgrad", new JsonObject { ["copies"] = 3, ["noise"] = 0.5, ["postProcessing"] = new JsonArray("relu") });
        var json = JsonNode.Parse("""{"name":"smoothgrad","options":{"postProcessing":["relu"],"noise":0.5,"copies":3}}""")!;
        var read = System.Text.Json.JsonSerializer.Deserialize<ComponentSpec>(json, PluginOptions.Json)!;
        var bound = Settings("""{ "Name": "smoothgrad", "Options": { "Copies": 3, "Noise": 0.5, "PostProcessing": [ "relu" ] } }""")
            .Get<ComponentSpec>()!;
        Assert.Equal(code, read);
        Assert.Equal(code, bound);
        Assert.Equal(code.GetHashCode(), bound.GetHashCode());
        Assert.NotEqual(code, new ComponentSpec(
            "smoothgrad", new JsonObject { ["copies"] = 4, ["noise"] = 0.5, ["postProcessing"] = new JsonArray("relu") }));
        Assert.Equal(new ComponentSpec("cam"), new ComponentSpec("CAM", new JsonObject()));
        Assert.Equal("{\"copies\":3}",
            Settings("""{ "Name": "x", "Options": { "copies": 3 } }""").Get<ComponentSpec>()!.Options!.ToString());
    }

    [Fact]
    public void Texts_that_look_like_numbers_stay_texts_where_the_options_have_a_text()
    {
        var bound =
            Settings("""{ "Name": "x", "Options": { "folder": "007", "number": "8", "list": [], "on": true } }""").Get<ComponentSpec>()!;
        var options = PluginOptions.Read<Mixed>("test", "x", bound.Options);
        Assert.Equal(("007", 8, true), (options.Folder, options.Number, options.On));
        Assert.Empty(options.List!);
        Assert.Equal("12", PluginOptions.Read<Mixed>(
            "test", "x", Settings("""{ "Options": { "folder": 12 } }""").GetSection("Options").Get<ComponentOptions>()).Folder);
    }

    private static ServiceProvider Configured(string json) =>
        new ServiceCollection().AddSignalCam(Settings(json)).Services.BuildServiceProvider();

    private static IConfigurationRoot Settings(string json) =>
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();

    private sealed class Mixed
    {
        public string Folder { get; set; } = "";

        public int Number { get; set; }

        public string[]? List { get; set; }

        public bool On { get; set; }
    }
}
