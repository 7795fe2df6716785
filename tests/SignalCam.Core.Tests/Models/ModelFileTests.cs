using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Models;

public class ModelFileTests
{
    private static readonly ModelManifest Complete = new()
    {
        Name = "test",
        Description = "Not for \"use\" <é>.",
        Licence = "MIT",
        Preset = "recommended",
        Architecture = new ComponentSpec("signal-cnn", new JsonObject { ["channels"] = new JsonArray(16, 32) }),
        Head = new ComponentSpec("multilabel"),
        Task = "super",
        TaskKind = TaskKind.Multilabel,
        Classes = ["NORM", "MI"],
        LabelPolicy = new JsonObject { ["minimumLikelihood"] = 50 },
        Leads = SignalLayout.StandardLeads,
        SamplingRate = 100,
        Length = 1000,
        Preprocessing = [new ComponentSpec("detrend", new JsonObject { ["degree"] = 10 }), new ComponentSpec("max-abs")],
        Calibration = [new ClassCalibration(1.1, -0.2), new ClassCalibration(0.9, 0)],
        Thresholds = [0.4, 0.6],
        Training = new JsonObject { ["seed"] = 1, ["epochs"] = 40, ["validation"] = new JsonObject { ["auc"] = 0.9312345678901234 } },
    };

    private static readonly NamedTensor[] Weights = [new("w", [2], (float[])[1, 2]), new("b", [], (long[])[3])];

    [Fact]
    public void A_model_survives_being_written_and_read()
    {
        using var folder = TestData.Folder();
        new ModelFile(Complete, Weights).Save(folder["m.safetensors"]);

        var model = ModelFile.Load(folder["m.safetensors"]);

        Assert.Equal(Weights.Select(w => w.ToString()), model.Weights.Select(w => w.ToString()));
        Assert.Equal([1, 2], model.FindWeight("w")!.ToSingles());
        var (manifest, expected) = (model.Manifest, Complete);
        Assert.Equal((expected.Name, expected.Description, expected.Licence, expected.Preset, expected.Task, expected.TaskKind),
            (manifest.Name, manifest.Description, manifest.Licence, manifest.Preset, manifest.Task, manifest.TaskKind));
        Assert.Equal(expected.Architecture.Options!.ToJsonString(), manifest.Architecture.Options!.ToJsonString());
        Assert.Equal(("multilabel", null), (manifest.Head.Name, manifest.Head.Options));
        Assert.Equal(expected.Layout, manifest.Layout);
        Assert.Equal(expected.Classes, manifest.Classes);
        Assert.Equal(["detrend", "max-abs"], manifest.Preprocessing.Select(p => p.Name));
        Assert.Equal(10, (int)manifest.Preprocessing[0].Options!["degree"]!);
        Assert.Equal(expected.Calibration, manifest.Calibration);
        Assert.Equal(expected.Thresholds, manifest.Thresholds);
        Assert.Equal(50, (int)manifest.LabelPolicy!["minimumLikelihood"]!);
        Assert.Equal(expected.Training!.ToJsonString(), manifest.Training!.ToJsonString());
        Assert.Equal(File.ReadAllBytes(folder["m.safetensors"]), model.ToBytes());
        Assert.Equal(model.ToBytes(), new ModelFile(manifest, model.Weights).ToBytes());
    }

    [Fact]
    public void Thresholds_are_one_half_and_logits_uncalibrated_unless_set()
    {
        var manifest = Parse(json =>
        {
            json.Remove("thresholds");
            json.Remove("calibration");
        });

        Assert.Equal([0.5, 0.5], manifest.Thresholds);
        Assert.Null(manifest.Calibration);
        Assert.Equal(1.1 * 2 - 0.2, Complete.Calibration![0].Apply(2));
    }

    [Fact]
    public void An_isotonic_curve_survives_and_a_file_without_one_reads_as_before()
    {
        var curve = new IsotonicCurve([-1, 0.5], [0.25, 0.75]);
        using var folder = TestData.Folder();
        new ModelFile(Complete with { Calibration = [new(1, 0) { Isotonic = curve }, new(0.9, 0)] }, Weights).Save(folder["m.safetensors"]);
        var calibration = ModelFile.Load(folder["m.safetensors"]).Manifest.Calibration!;
        Assert.Equal(curve.Logits, calibration[0].Isotonic!.Logits);
        Assert.Equal([0.25, 0.5, 0.75], new[] { -2, -0.25, 9 }.Select(calibration[0].Probability));
        Assert.Null(calibration[1].Isotonic);
        var old = Parse(json => json["calibration"] = JsonNode.Parse("""[{"scale":2,"intercept":1},{"scale":1,"intercept":0}]"""));
        Assert.Equal([new ClassCalibration(2, 1), ClassCalibration.None], old.Calibration);
    }

    [Theory]
    [InlineData("[1,1]", "[0,1]", "logit 1 at point 1")]
    [InlineData("[1,2]", "[0.5,0.4]", "probability 0.4 at point 1")]
    [InlineData("[1,2]", "[0.5,1.5]", "probability 1.5 at point 1")]
    [InlineData("[1]", "[0.5,1]", "1 logits and 2 probabilities")]
    public void A_curve_that_does_not_rise_is_refused(string logits, string probabilities, string expected) =>
        Assert.Contains(expected, Assert.Throws<ModelFormatException>(() => Parse(json => json["calibration"] = JsonNode.Parse(
            $$$"""[{"scale":1,"intercept":0,"isotonic":{"logits":{{{logits}}},"probabilities":"""
            + $$$"""{{{probabilities}}}}},{"scale":1,"intercept":0}]"""))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_newer_version_is_refused_as_such_whatever_else_it_holds()
    {
        var error = Assert.Throws<ModelFormatException>(() => Parse(json => (json["formatVersion"], json["quantization"]) = (2, "int8")));

        Assert.Equal("manifest, formatVersion", error.Position);
        Assert.Equal("2", error.Found);
        Assert.Contains("newer version of this SDK", error.Expected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("formatVersion", null)]
    [InlineData("formatVersion", "0")]
    [InlineData("formatVersion", "\"1\"")]
    [InlineData("unknown", "1")]
    [InlineData("task", null)]
    [InlineData("task", "\" \"")]
    [InlineData("taskKind", "\"guess\"")]
    [InlineData("taskKind", "2")]
    [InlineData("taskKind", "\"binary\"")]
    [InlineData("classes", "[]")]
    [InlineData("classes", "[\"A\", \"a\"]")]
    [InlineData("classes", "[\"A\", null]")]
    [InlineData("classes", "null")]
    [InlineData("leads", "[\"I\", \"i\"]")]
    [InlineData("leads", "[]")]
    [InlineData("leads", "[\"\"]")]
    [InlineData("length", "0")]
    [InlineData("length", "1e3")]
    [InlineData("samplingRate", "-1")]
    [InlineData("samplingRate", "\"100\"")]
    [InlineData("architecture", "{}")]
    [InlineData("architecture", "{\"name\": \"x\", \"more\": 1}")]
    [InlineData("architecture", "{\"name\": \"x\", \"options\": 1}")]
    [InlineData("architecture", "{\"name\": \"x\", \"options\": {\"a\": 1, \"a\": 2}}")]
    [InlineData("head", "null")]
    [InlineData("preprocessing", "[null]")]
    [InlineData("preprocessing", null)]
    [InlineData("thresholds", "[0.5]")]
    [InlineData("thresholds", "[0.5, 1.5]")]
    [InlineData("calibration", "[{\"scale\": 1, \"intercept\": 0}]")]
    [InlineData("calibration", "[{\"scale\": 1}, {\"scale\": 1, \"intercept\": 0}]")]
    [InlineData("name", "\"\\ud800\"")]
    public void A_manifest_that_does_not_fit_is_refused(string member, string? value)
    {
        var json = JsonNode.Parse(ManifestText())!.AsObject();
        json.Remove(member);
        var text = value is null ? json.ToJsonString() : json.ToJsonString()[..^1] + $", \"{member}\": {value}}}";

        var error = Assert.Throws<ModelFormatException>(() => Read(text));

        Assert.Equal("m.safetensors", error.File);
        Assert.StartsWith("manifest", error.Position, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("{\"formatVersion\": 1, \"formatVersion\": 1}")]
    public void A_manifest_that_is_no_json_object_is_refused(string text) =>
        Assert.StartsWith("manifest", Assert.Throws<ModelFormatException>(() => Read(text)).Position, StringComparison.Ordinal);

    [SkippableFact]
    public void Weights_without_a_manifest_are_named_as_such() =>
        Assert.Contains("without a manifest",
            Assert.Throws<ModelFormatException>(() => ModelFile.Load(TestData.Shared("golden/model_0.safetensors"))).Found,
            StringComparison.Ordinal);

    [Fact]
    public void A_model_that_contradicts_itself_is_not_written()
    {
        var error = Assert.Throws<ArgumentException>(() => new ModelFile(Complete with { Classes = ["NORM"] }, Weights));

        Assert.Contains("thresholds", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ModelFile(Complete with { FormatVersion = 2 }, Weights));
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        using var folder = TestData.Folder();
        Assert.Equal(folder["none"], Assert.Throws<ModelFormatException>(() => ModelFile.Load(folder["none"])).File);
        Assert.Equal(folder.Path, Assert.Throws<ModelFormatException>(() => ModelFile.Load(folder.Path)).File);
    }

    private static string ManifestText() =>
        SafetensorsFile.Read(new ModelFile(Complete, Weights).ToBytes(), "m").Metadata[ModelFile.ManifestKey];

    private static ModelManifest Parse(Action<JsonObject> change)
    {
        var json = JsonNode.Parse(ManifestText())!.AsObject();
        change(json);
        return Read(json.ToJsonString()).Manifest;
    }

    private static ModelFile Read(string manifest) =>
        ModelFile.Read(
            new SafetensorsFile(Weights, new Dictionary<string, string> { [ModelFile.ManifestKey] = manifest }).ToBytes(), "m.safetensors");
}
