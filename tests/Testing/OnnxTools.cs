using Microsoft.ML.OnnxRuntime;

namespace SignalCam.Testing;

/// <summary>
/// ONNX Runtime, and ONNX's own checker (Debian's python3-onnx), for tests that show that others read what is exported. Where the checker
/// is not installed the test is skipped, and says so.
/// </summary>
public static class OnnxTools
{
    private const string CheckScript = """
        import sys, onnx
        for path in sys.argv[1:]:
            model = onnx.load(path)
            onnx.checker.check_model(model, full_check=True)
            onnx.shape_inference.infer_shapes(model, strict_mode=True)
            shape = lambda value: ",".join(d.dim_param or str(d.dim_value) for d in value.type.tensor_type.shape.dim)
            values = [f"{value.name}({shape(value)})" for value in [*model.graph.input, *model.graph.output]]
            print(f"opset {model.opset_import[0].version}, IR {model.ir_version}:", *values)
        """;

    /// <summary>Runs models by ONNX Runtime on one thread; gives each one's outputs by name.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, OnnxOutput>> Run(params IReadOnlyList<OnnxJob> jobs) => [.. jobs.Select(Run)];

    private static Dictionary<string, OnnxOutput> Run(OnnxJob job)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        using var session = new InferenceSession(job.Model, options);
        using var input = OrtValue.CreateTensorValueFromMemory(job.Values, [.. job.Shape.Select(size => (long)size)]);
        using var run = new RunOptions();
        using var results = session.Run(run, [job.Input], [input], session.OutputNames);
        return session.OutputNames.Zip(results).ToDictionary(output => output.First, output => new OnnxOutput(
            [.. output.Second.GetTensorTypeAndShape().Shape.Select(size => (int)size)],
            output.Second.GetTensorDataAsSpan<float>().ToArray()));
    }

    /// <summary>
    /// Has ONNX's checker read models, shapes included; gives a line for each: opset, IR version, inputs and outputs with their shapes.
    /// </summary>
    public static string[] Check(params IReadOnlyList<byte[]> models)
    {
        // Debian's interpreter, where another one comes first in the path.
        var python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
        Skip.If(TestProgram.Run(python, ["-c", "import onnx"]).ExitCode != 0, "ONNX's checker is not here: install python3-onnx");
        using var folder = TestData.Folder();
        foreach (var (i, model) in models.Index())
            File.WriteAllBytes(folder[$"{i}.onnx"], model);
        var (exitCode, text) = TestProgram.Run(python, ["-c", CheckScript, .. models.Select((_, i) => folder[$"{i}.onnx"])]);
        Assert.True(exitCode == 0, text);
        return text.TrimEnd().Split('\n');
    }
}

/// <summary>A model to run, and what it takes.</summary>
public sealed record OnnxJob(byte[] Model, string Input, int[] Shape, float[] Values);

/// <summary>What came out, row-major.</summary>
public sealed record OnnxOutput(int[] Shape, float[] Values);
