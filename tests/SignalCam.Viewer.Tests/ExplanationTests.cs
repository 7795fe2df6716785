using System.Text.Json.Nodes;
using System.Xml.Linq;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Core.Preprocessing;
using SignalCam.Core.Synthetic;
using SignalCam.Core.Wfdb;
using SignalCam.Formats;
using SignalCam.Sdk.Pretrained;
using SignalCam.Testing;

namespace SignalCam.Viewer.Tests;

/// <summary>Scores, maps and what is said of them, held against the SDK asked directly.</summary>
public sealed class ExplanationTests(ViewerHost host) : IClassFixture<ViewerHost>
{
    private readonly HttpClient _client = host.CreateClient();

    [Fact]
    public async Task Warnings_about_the_file_are_among_the_findings_as_they_are_everywhere()
    {
        using var folder = TestData.Folder();
        WfdbWriter.Write(folder.Path, "rec", Uploads.Recording(3));
        // As found in the wild: the header names its signal file where it once was.
        var header = (await File.ReadAllTextAsync(folder["rec.hea"])).Replace("rec.dat", "/old/place/rec.dat", StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder["rec.hea"], header);
        var expected = host.Services.GetRequiredService<IEcgClassifiers>().GetClassifier("normal-abnormal")
            .Classify(EcgFile.Read(folder["rec.hea"]), new ClassifyOptions { Explain = true });
        Assert.Contains(expected.Findings, finding => finding.Code == "file"
            && finding.Sentence.Contains("names with a path", StringComparison.Ordinal));

        var opened = await _client.OpenAsync(
            [.. new[] { "rec.hea", "rec.dat" }.Select(name => new Part(name, File.ReadAllBytes(folder[name])))]);
        var id = (string)Assert.Single(opened["recordings"]!.AsArray())!["id"]!;
        var answer = await _client.AskAsync($"/api/recordings/{id}/explanation?model=normal-abnormal");
        Assert.Equal(EcgAnswerJson.Write(expected with { Recording = id }), answer["answer"]!.ToJsonString(EcgAnswerJson.Options));
    }

    [Theory]
    [InlineData("normal-abnormal", "abnormal")]
    [InlineData("super", "MI")]
    [InlineData("super", "HYP")]
    public async Task Scores_and_map_are_the_classifiers(string model, string @class)
    {
        var recording = Uploads.Recording(3, statements: "IMI");
        var id = await _client.OpenOneAsync(recording);
        var answer = await _client.AskAsync($"/api/recordings/{id}/explanation?model={model}&class={@class}");

        var expected = host.Services.GetRequiredService<IEcgClassifiers>().GetClassifier(model)
            .Classify(recording, new ClassifyOptions { Explain = true, Classes = ClassChoice.Of(@class) });
        // The answer is the one that everybody gets.
        Assert.Equal(EcgAnswerJson.Write(expected with { Recording = id }), answer["answer"]!.ToJsonString(EcgAnswerJson.Options));
        Assert.Equal(@class, (string)answer["class"]!);
        foreach (var (score, found) in expected.Scores.Zip(answer["words"]!.AsArray()))
        {
            Assert.Equal(score.Class, (string)found!["class"]!);
            Assert.Contains($"{100 * score.Probability:0.#} %", (string)found["decision"]!, StringComparison.Ordinal);
            Assert.Contains($"threshold of {100 * score.Threshold:0.#} %", (string)found["decision"]!, StringComparison.Ordinal);
            Assert.Contains("recordings of ptb-xl, fold 9", (string)found["calibration"]!, StringComparison.Ordinal);
        }
        Assert.Equal("Research use. Not a medical device.", (string)answer["notice"]!);
    }

    [Fact]
    public async Task Every_explainer_of_the_list_explains()
    {
        var id = await _client.OpenOneAsync(Uploads.Recording(3, statements: "IMI"));
        var model = (await _client.AskAsync("/api/models")).AsArray().Single(m => (bool)m!["isDefault"]!)!;
        var explainers = model["explainers"]!.AsArray().Select(e => (string)e!["name"]!).ToArray();
        Assert.Equal("cam", explainers[0]);
        Assert.Contains("integrated-gradients", explainers);
        var maps = new List<string>();
        foreach (var explainer in explainers)
        {
            var answer = await _client.AskAsync($"/api/recordings/{id}/explanation?explainer={Uri.EscapeDataString(explainer)}");
            var map = answer["answer"]!["scores"]![0]!["heat_map"]!;
            Assert.Equal(1000, map["samples"]!.AsArray().Count);
            Assert.NotNull((string?)answer["about"]);
            maps.Add(map.ToJsonString());
        }
        Assert.Equal(maps.Count, maps.Distinct().Count());
    }

    [Fact]
    public async Task A_long_recording_is_explained_where_the_model_looked_and_a_short_one_says_why_not()
    {
        // 16 s at 500 Hz: the model takes the middle 10 s, so its first sample is at 3 s.
        var id = await _client.OpenOneAsync(Uploads.Recording(2, seconds: 16, samplingRate: 500));
        var prepared = await _client.AskAsync($"/api/recordings/{id}/prepared");
        Assert.Equal(3, (double)prepared["adapted"]!["start"]!, 1e-9);
        Assert.Equal(3, (double)(await _client.AskAsync($"/api/recordings/{id}/explanation"))["answer"]!["stretch"]!["start"]!, 1e-9);

        var brief = await _client.OpenOneAsync(Uploads.Recording(2, seconds: 4));
        Assert.Equal(400, (await _client.AskAsync($"/api/recordings/{brief}/signal"))["leads"]![0]!["values"]!.AsArray().Count);
        using var refused = await _client.GetAsync(new Uri($"/api/recordings/{brief}/explanation", UriKind.Relative));
        var problem = await refused.ProblemAsync();
        Assert.Equal("not-explainable", problem.Kind());
        Assert.Contains("400 samples", (string)problem["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preprocessed_signal_and_trend_add_up_as_the_model_file_says()
    {
        var recording = Uploads.Recording(6);
        var answer = await _client.AskAsync($"/api/recordings/{await _client.OpenOneAsync(recording)}/prepared?model=normal-abnormal");
        var expected = BuiltInTransforms.Register(new PluginRegistry<ISignalTransform>("transform"));
        var chain = new Preprocessor(PretrainedModels.Get("normal-abnormal").Manifest.Preprocessing, expected);
        var prepared = chain.Apply(recording);
        for (var lead = 0; lead < 12; lead++)
        {
            Assert.Equal(prepared.Lead(lead).ToArray(), answer["prepared"]!["leads"]![lead]!["values"]!.Floats());
            var (raw, trend) = (recording.Lead(lead).ToArray(), answer["trend"]!["leads"]![lead]!["values"]!.Floats());
            // The chain: take the trend and the median away, times 2. What is left of either after it has no trend and no median.
            var flat = raw.Zip(trend, (a, b) => a - b).ToArray();
            var median = Median(flat);
            Assert.All(flat.Zip(prepared.Lead(lead).ToArray()), pair => Assert.Equal(2 * (pair.First - median), pair.Second, 2e-5f));
        }
    }

    [Theory]
    [InlineData("class=nothing", "class is 'nothing'; model 'normal-abnormal' has abnormal")]
    [InlineData("explainer=guess", "explainer is 'guess'; there are cam, ")]
    [InlineData("model=none", "model is 'none'; there are diag, normal-abnormal, rhythm, sub, super, super-large, super-medium")]
    public async Task A_wrong_choice_is_named_with_what_there_is(string query, string message)
    {
        using var response = await _client.GetAsync(new Uri($"/api/recordings/example-normal/explanation?{query}", UriKind.Relative));
        var problem = await response.ProblemAsync();
        Assert.Equal("bad-value", problem.Kind());
        Assert.StartsWith(message, (string)problem["detail"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cam", "Stacked")]
    [InlineData("gradient-x-input", "ThreeRows")]
    public async Task The_picture_is_well_formed_and_says_what_it_is(string explainer, string layout)
    {
        var svg =
            XDocument.Parse(
                await _client.GetStringAsync(
                    new Uri(
                        $"/api/recordings/example-inferior-infarction/explanation.svg?model=super&class=MI&explainer={explainer}&layout="
                        + $"{layout}", UriKind.Relative)));
        var text = string.Join('\n', svg.Descendants().Where(e => e.Name.LocalName is "text" or "title").Select(e => e.Value));
        Assert.Contains("Not a medical device", text, StringComparison.Ordinal);
        Assert.Contains("MI: probability", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_tell_what_their_files_say()
    {
        var models = (await _client.AskAsync("/api/models")).AsArray();
        Assert.Equal(
            ["diag", "normal-abnormal", "rhythm", "sub", "super", "super-large", "super-medium"], models.Select(m => (string)m!["name"]!));
        var model = models.Single(m => (string)m!["name"]! == "super")!;
        Assert.Equal(PretrainedModels.Get("super").Sha256, (string)model["sha256"]!);
        Assert.Equal(["NORM", "MI", "STTC", "CD", "HYP"], model["manifest"]!["classes"]!.AsArray().Select(c => (string)c!));
        Assert.Equal("1-8", (string)model["manifest"]!["training"]!["train_folds"]!);
    }

    [Fact]
    public async Task The_folder_is_filtered_and_its_recordings_open()
    {
        using var folder = TestData.Folder();
        await SyntheticDataset.WriteAsync(folder.Path, new SyntheticDatasetOptions { Records = 60, Seed = 5 });
        await using var withFolder = new ViewerHost(("Viewer:Folder", folder.Path));
        using var client = withFolder.CreateClient();
        var about = await client.AskAsync("/api/folder");
        Assert.Equal(60, (int)about["count"]!);

        var dataset = SignalCam.Core.PtbXl.PtbXlDataset.Open(folder.Path);
        var expected =
            dataset.Entries.Where(e => e.Age >= 40 && e.Sex == Sex.Female
                && dataset.Statements.SuperclassesOf(e.Statements).Contains("NORM")).Select(e => e.Id).ToArray();
        var found = await client.AskAsync("/api/folder/entries?class=NORM&ageFrom=40&sex=female&statement=&id=");
        Assert.NotEmpty(expected);
        Assert.Equal(expected.Length, (int)found["total"]!);
        Assert.Equal(expected, found["entries"]!.AsArray().Select(e => (string)e!["id"]!));
        Assert.Equal(dataset.Entries.Count(e => e.Fold == 3), (int)(await client.AskAsync("/api/folder/entries?fold=3"))["total"]!);
        Assert.Equal(1, (int)(await client.AskAsync("/api/folder/entries?id=17"))["total"]!);

        using var opened = await client.PostAsync(new Uri("/api/folder/entries/17", UriKind.Relative), null);
        var id = (string)JsonNode.Parse(await opened.Content.ReadAsStringAsync())!["id"]!;
        Assert.Equal((await dataset.ReadAsync(dataset.Entries[16])).Lead(0).ToArray(),
            (await client.AskAsync($"/api/recordings/{id}/signal"))["leads"]![0]!["values"]!.Floats());
        using var missing = await client.PostAsync(new Uri("/api/folder/entries/..%2f..%2fetc", UriKind.Relative), null);
        await missing.ProblemAsync();
    }

    private static float Median(float[] values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
