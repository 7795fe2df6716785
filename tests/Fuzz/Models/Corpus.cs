using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Inference;
using SignalCam.Core.Models;
using SignalCam.Core.Onnx;
using SignalCam.Core.Preprocessing;
using SignalCam.Fuzz.Graphs;

namespace SignalCam.Fuzz.Models;

/// <summary>Valid model files, and what is done with those that were changed.</summary>
internal static class Corpus
{
    // A recording that is larger is not made: what it would be given to has been built by then.
    private const int MostSamples = 1 << 19;

    /// <summary>A valid model; with transforms now and then.</summary>
    public static ModelFile Model(EcgRandom random)
    {
        var file = RandomGraph.Create((ulong)random.Below(2000));
        if (random.Chance(0.5))
            return file;
        var manifest = file.Manifest with
        {
            Preprocessing = PreprocessingPresets.Paper,
            Description = "A model of the fuzzer.",
            Thresholds = [.. file.Manifest.Classes.Select(_ => 0.4)],
            Calibration = [.. file.Manifest.Classes.Select(_ => file.Manifest.TaskKind == TaskKind.Multiclass
                ? new ClassCalibration(1.5, 0.1)
                : new ClassCalibration(1.5, 0.1) { Isotonic = new IsotonicCurve([-1, 0, 2], [0.1, 0.4, 0.9]) })],
            Training = new JsonObject { ["seed"] = 1, ["epochs"] = new JsonArray(1, 2) },
        };
        return new ModelFile(manifest, file.Weights, graph: file.Graph);
    }

    /// <summary>The bytes of a model, with the checksum of its weights or without.</summary>
    public static byte[] Bytes(ModelFile file, bool hasChecksum)
    {
        if (hasChecksum)
            return file.ToBytes();
        var manifest = JsonNode.Parse(file.ManifestText())!.AsObject();
        manifest.Remove("weightsSha256");
        return WithMetadata(file.ToBytes(), ModelFile.ManifestKey, manifest.ToJsonString());
    }

    /// <summary>The bytes with a text of the metadata replaced.</summary>
    public static byte[] WithMetadata(byte[] bytes, string key, string text)
    {
        var file = SafetensorsFile.Read(bytes, "corpus");
        return new SafetensorsFile(file.Tensors, new Dictionary<string, string>(file.Metadata) { [key] = text }).ToBytes();
    }

    /// <summary>Does with a model what a host does: compiles it, scores and explains a recording, exports it.</summary>
    public static void Use(ModelFile file, EcgRandom random)
    {
        if (file.Graph is null)
            return;
        var scorer = CompiledScorer.Create(file);
        var size = scorer.Input.LeadCount * scorer.Input.Length;
        if (size <= MostSamples)
            Score(scorer, size, random);
        if (random.Chance(0.1))
            OnnxExporter.Export(file, preprocessing: random.Chance(0.5));
    }

    private static void Score(CompiledScorer scorer, int size, EcgRandom random)
    {
        var samples = new float[size];
        foreach (ref var sample in samples.AsSpan())
            sample = (float)random.Normal();
        var classes = scorer.Classes.Count;
        var (logits, probabilities) = (new float[classes], new float[classes]);
        scorer.Score(samples, logits, probabilities);
        if (!probabilities.All(p => p is >= 0 and <= 1))
            throw new WrongAnswerException($"probability {probabilities.First(p => !(p is >= 0 and <= 1))}");
        foreach (var kind in Enum.GetValues<CamKind>())
            if (scorer.CellCount(kind) is > 0 and var cells && (long)classes * scorer.Input.Length <= MostSamples)
                scorer.Explain(samples, kind, logits, probabilities, new float[classes * cells], new float[classes * scorer.Input.Length]);
    }
}
