using System.Numerics.Tensors;
using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Core.Onnx;
using SignalCam.Core.Scoring;
using SignalCam.Core.Wfdb;
using SignalCam.Testing;

namespace ThirdParty.Tests.Docs;

/// <summary>docs/onnx.md, whose examples are run on an exported model and a recording.</summary>
public sealed partial class OnnxPageTests
{
    private static readonly Page s_page = Page.Read("docs/onnx.md");

    [Fact]
    public void Its_example_for_DotNet_gives_what_the_scorer_says()
    {
        using var folder = TestData.Folder();
        var expected = Export(folder);
        var (onnxPath, recording) = (folder["model.onnx"], WfdbReader.ReadSignal(folder["patient"]));

        using var session = new InferenceSession(onnxPath);
        using var millivolt = OrtValue.CreateTensorValueFromMemory(
            recording.Samples.ToArray(), [1, recording.Leads.Count, recording.Length]);
        using var results = session.Run(new RunOptions(), ["millivolt"], [millivolt], ["probabilities", "cam_exact"]);
        var probability = results[0].GetTensorDataAsSpan<float>()[0];
        var strip = results[1].GetTensorDataAsSpan<float>()[..recording.Length];

        Assert.Equal(expected.Probability, probability, 1e-4f);
        Assert.Equal(expected.Second, strip.IndexOf(TensorPrimitives.Max(strip)) / 100.0, 0.011);
    }

    [SkippableFact]
    public void Its_example_for_Python_prints_what_the_scorer_says()
    {
        using var folder = TestData.Folder();
        var expected = Export(folder);
        File.WriteAllText(folder["example.py"], s_page.Blocks("python").Single());
        var (compiled, error) = TestProgram.Run("python3", ["-m", "py_compile", folder["example.py"]]);
        Skip.If(compiled == -1, "python3 is not here");
        Assert.True(compiled == 0, error);
        Skip.If(TestProgram.Run("python3", ["-c", "import onnxruntime"]).ExitCode != 0,
            "ONNX Runtime for Python is not here: pip install onnxruntime");
        var (exitCode, text) = TestProgram.Run("python3", [folder["example.py"], folder["model.onnx"], folder["patient.dat"]]);
        Assert.True(exitCode == 0, text);
        AssertPrinted(expected, "abnormal", text);
    }

    [SkippableFact]
    public void Its_table_has_the_inputs_and_outputs_that_there_are()
    {
        using var folder = TestData.Folder();
        Export(folder);
        var line = OnnxTools.Check(
            File.ReadAllBytes(folder["model.onnx"]), OnnxExporter.Export(ModelFile.Load(folder["model.safetensors"])));
        Assert.Contains($"Opset {OnnxExporter.Opset}, IR version {OnnxExporter.IrVersion}.", s_page.Text, StringComparison.Ordinal);
        Assert.Equal(
            s_page.Rows().Where(row => row.Length == 3).Select(row => row[0]).Order(),
            line.SelectMany(l => ValueName().Matches(l)).Select(m => m.Groups[1].Value).Distinct().Order());
    }

    [Fact]
    public void Its_messages_are_those_of_the_exporter()
    {
        var sources = string.Concat(
            Directory.EnumerateFiles(Path.Combine(TestData.Root, "src", "SignalCam.Core", "Onnx"), "*.cs").Select(File.ReadAllText));
        var messages = s_page.Rows().Where(row => row.Length == 2).Select(row => row[0]).ToArray();
        Assert.Equal(4, messages.Length);
        Assert.All(messages, message => Assert.Contains(message, sources, StringComparison.Ordinal));
    }

    private static (float Probability, double Second) Export(TemporaryFolder folder)
    {
        var (path, onnxPath) = (Small.WriteModel(folder["model.safetensors"]), folder["model.onnx"]);

        byte[] onnx = OnnxExporter.Export(ModelFile.Load(path), preprocessing: true);
        File.WriteAllBytes(onnxPath, onnx);

        WfdbWriter.Write(folder.Path, "patient", Small.Recording());
        using var model = ScoringModel.Load(path);
        var score = model.Classify(WfdbReader.ReadSignal(folder["patient"]), new ClassifyOptions { Explain = true }).Scores[0];
        return ((float)score.Probability, score.HeatMap!.Samples.IndexOf(score.HeatMap.Samples.Max()) / 100.0);
    }

    private static void AssertPrinted((float Probability, double Second) expected, string name, string text)
    {
        var printed = PrintedLine().Match(text);
        Assert.True(printed.Success, text);
        Assert.Equal(name, printed.Groups[1].Value);
        Assert.Equal(expected.Probability, double.Parse(printed.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture), 2e-4);
        Assert.Equal(expected.Second, double.Parse(printed.Groups[3].Value, System.Globalization.CultureInfo.InvariantCulture), 0.011);
    }

    [GeneratedRegex(@"^(.+): probability ([0-9.]+), most evidence at ([0-9.]+) s")]
    private static partial Regex PrintedLine();

    [GeneratedRegex(@"([a-z_]+)\(batch")]
    private static partial Regex ValueName();
}
