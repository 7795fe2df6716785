using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Formats;
using SignalCam.Testing;

namespace ThirdParty.Tests.Docs;

/// <summary>The page on answers: its example is what the SDK reads and writes, and its tables have every member.</summary>
public sealed class AnswersPageTests
{
    private static readonly Page s_page = Page.Read("docs/answers.md");

    private static string Example => Assert.Single(s_page.Blocks("json"));

    [Fact]
    public void The_example_is_written_as_it_stands_there()
    {
        var answer = EcgAnswerJson.Read(Example);
        var written = JsonNode.Parse(EcgAnswerJson.Write(answer));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Example), written), written!.ToJsonString());
        Assert.Equal(Members(JsonNode.Parse(Example)), Members(written));
    }

    [Fact]
    public void The_tables_list_every_member_that_is_written_and_no_other()
    {
        var answer = EcgAnswerJson.Read(Example);
        var score = answer.Scores[0];
        var complete = answer with
        {
            Scores = [score with
            {
                HeatMap = score.HeatMap! with
                {
                    LeadSamples = new Dictionary<string, System.Collections.Immutable.ImmutableArray<float>> { ["I"] = [1] },
                },
            }],
            Windows = [new EcgWindow(answer.Stretch, [score])],
        };
        var json = JsonNode.Parse(EcgAnswerJson.Write(complete))!.AsObject();
        var map = json["scores"]![0]!["heat_map"]!.AsObject();
        // A class's name needs no explanation.
        var written = new[] { json, json["scores"]![0]!.AsObject(), map }.SelectMany(part => part.Select(member => member.Key))
            .Where(name => name != "class");
        var listed = s_page.Rows().SelectMany(row => row[0].Split(',').Select(name => name.Trim().Trim('`')));
        Assert.Equal(written.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [SkippableFact]
    public async Task The_figures_of_the_example_are_what_the_model_says_of_that_recording()
    {
        var recording = await EcgFile.ReadAsync(Path.Combine(TestData.PtbXl(), "records100", "00000", "00001_lr"));
        await using var services = new ServiceCollection().AddSignalCam().Services.BuildServiceProvider();
        var found = services.GetRequiredService<IEcgClassifier>().Classify(recording, new ClassifyOptions { Explain = true });
        var expected = EcgAnswerJson.Read(Example);
        Assert.Equal(
            (expected.Model, expected.ModelSha256, expected.Task, expected.TaskKind, expected.Backend, expected.Explainer,
                expected.Stretch, expected.SamplingRate),
            (found.Model, found.ModelSha256, found.Task, found.TaskKind, found.Backend, found.Explainer,
                found.Stretch, found.SamplingRate));
        var (theirs, ours) = (Assert.Single(expected.Scores), Assert.Single(found.Scores));
        Assert.Equal((theirs.Class, theirs.Threshold, theirs.Decision), (ours.Class, ours.Threshold, ours.Decision));
        // Another processor may round sums otherwise.
        Assert.Equal(theirs.Probability, ours.Probability, 1e-6);
        Assert.Equal(theirs.Logit, ours.Logit, 1e-5);
        Assert.Equal((theirs.HeatMap!.Method, theirs.HeatMap.Kind, theirs.HeatMap.Sign, theirs.HeatMap.Unit),
            (ours.HeatMap!.Method, ours.HeatMap.Kind, ours.HeatMap.Sign, ours.HeatMap.Unit));
        Assert.InRange(ours.HeatMap.CompletenessError!.Value, 0, 1e-5);
    }

    /// <summary>The names of all members in their order.</summary>
    private static IEnumerable<string> Members(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Members(member.Value).Prepend(member.Key)),
        JsonArray items => items.SelectMany(Members),
        _ => [],
    };
}
