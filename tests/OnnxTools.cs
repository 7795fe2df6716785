using System.Runtime.InteropServices;
using System.Text.Json;

namespace SignalCam.Testing;

/// <summary>
/// ONNX Runtime (npm's onnxruntime-node, installed once below artifacts/) and ONNX's own checker (Debian's python3-onnx), for tests that
/// show that others read what is exported. Where one of them is not to be had the test is skipped, and says so.
/// </summary>
internal static class OnnxTools
{
    private const string Runtime = "onnxruntime-node";
    private const string RuntimeVersion = "1.30.0";

    private const string RunScript = """
        const ort = require('onnxruntime-node');
        const fs = require('fs');
        (async () => {
          for (const job of JSON.parse(fs.readFileSync(process.argv[2], 'utf8'))) {
            const session = await ort.InferenceSession.create(job.Model, { intraOpNumThreads: 1, logSeverityLevel: 3 });
            const bytes = new Uint8Array(fs.readFileSync(job.Model + '.input'));
            const input = new ort.Tensor('float32', new Float32Array(bytes.buffer), job.Shape);
            const results = await session.run({ [job.Input]: input });
            for (const name of session.outputNames)
              fs.writeFileSync(job.Model + '.' + name, Buffer.from(results[name].data.buffer, results[name].data.byteOffset, results[name].data.byteLength));
            fs.writeFileSync(job.Model + '.shapes', JSON.stringify(Object.fromEntries(session.outputNames.map(name => [name, results[name].dims]))));
          }
        })();
        """;

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

    private static readonly Lazy<(string Modules, string? Missing)> s_runtime = new(InstallRuntime);

    /// <summary>The folder of Node's modules with ONNX Runtime in it, or skips the test.</summary>
    public static string NodeModules()
    {
        Skip.If(s_runtime.Value.Missing is not null, s_runtime.Value.Missing);
        return s_runtime.Value.Modules;
    }

    /// <summary>Runs models by ONNX Runtime; gives each one's outputs by name.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, OnnxOutput>> Run(params IReadOnlyList<OnnxJob> jobs)
    {
        var modules = NodeModules();
        using var folder = TestData.Folder();
        var described = jobs.Select((job, i) =>
        {
            var model = folder[$"{i}.onnx"];
            File.WriteAllBytes(model, job.Model);
            File.WriteAllBytes(model + ".input", MemoryMarshal.AsBytes(job.Values.AsSpan()).ToArray());
            return new { Model = model, job.Input, job.Shape };
        }).ToArray();
        File.WriteAllText(folder["jobs.json"], JsonSerializer.Serialize(described));
        File.WriteAllText(folder["run.cjs"], RunScript);
        var (exitCode, text) = TestProgram.Run("node", [folder["run.cjs"], folder["jobs.json"]], ("NODE_PATH", modules));
        Assert.True(exitCode == 0, text);
        return [.. described.Select(job => JsonSerializer.Deserialize<Dictionary<string, int[]>>(File.ReadAllText(job.Model + ".shapes"))!
            .ToDictionary(output => output.Key, output => new OnnxOutput(
                output.Value, MemoryMarshal.Cast<byte, float>(File.ReadAllBytes($"{job.Model}.{output.Key}").AsSpan()).ToArray())))];
    }

    /// <summary>Has ONNX's checker read models, shapes included; gives a line for each: opset, IR version, inputs and outputs with their shapes.</summary>
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

    private static (string Modules, string? Missing) InstallRuntime()
    {
        var folder = Path.Combine(TestData.Root, "artifacts", $"{Runtime}-{RuntimeVersion}");
        var modules = Path.Combine(folder, "node_modules");
        if (File.Exists(Path.Combine(modules, Runtime, "package.json")))
            return (modules, null);
        Directory.CreateDirectory(folder);
        // What its own install step would fetch are GPU libraries, from elsewhere than the registry.
        var (exitCode, text) = TestProgram.Run("npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", "--no-save", $"{Runtime}@{RuntimeVersion}"], ("ONNXRUNTIME_NODE_INSTALL", "skip"));
        return (modules, exitCode == 0 ? null : $"ONNX Runtime is not here: npm could not install {Runtime}: {text.Trim().Split('\n')[0]}");
    }
}

/// <summary>A model to run, and what it takes.</summary>
internal sealed record OnnxJob(byte[] Model, string Input, int[] Shape, float[] Values);

/// <summary>What came out, row-major.</summary>
internal sealed record OnnxOutput(int[] Shape, float[] Values);
