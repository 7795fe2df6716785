using System.Reflection;
using SignalCam.Abstractions;
using SignalCam.Core.Inference;
using SignalCam.Core.Models;

namespace SignalCam.Core.Onnx;

/// <summary>
/// Writes a model file as ONNX, for runtimes in other languages and on other devices. Made from the file's layer graph, so that neither
/// libtorch nor the architecture's code is needed. See docs/onnx.md.
/// </summary>
public static class OnnxExporter
{
    /// <summary>The version of ONNX's operators that is written; of September 2020, so that old runtimes take it, too.</summary>
    public const int Opset = 13;

    /// <summary>The version of ONNX's format, that of the same release.</summary>
    public const int IrVersion = 7;

    /// <summary>The input (batch, lead, time) of a graph with preprocessing: raw samples in millivolt.</summary>
    public const string MillivoltInput = "millivolt";

    /// <summary>The input (batch, lead, time) of a graph without preprocessing: what the model file's transforms give.</summary>
    public const string PreparedInput = "prepared";

    /// <summary>The output (batch, class) of probabilities, calibrated where the model file has a calibration.</summary>
    public const string ProbabilitiesOutput = "probabilities";

    /// <summary>The output (batch, class) of logits: the network's output, not calibrated.</summary>
    public const string LogitsOutput = "logits";

    private static readonly string[] s_values =
    [
        MillivoltInput, PreparedInput, ProbabilitiesOutput, LogitsOutput,
        .. Enum.GetValues<CamKind>().SelectMany(kind => new[] { CellsOutput(kind), SamplesOutput(kind) }),
    ];

    // What the names of the graph's own values and constants begin with.
    private static readonly string[] s_reserved =
        ["layers/", "parts/", "columns/", "activations/", "heat_map/", "calibration/", "preprocessing/"];

    /// <summary>The output (batch, class, cell) of the maps of a kind, signed: "cam_exact_cells" or "cam_paper_cells".</summary>
    public static string CellsOutput(CamKind kind) => SamplesOutput(kind) + "_cells";

    /// <summary>
    /// The output (batch, class, time) of the same maps at the recording's length, as <see cref="CellMaps.ToHeatMap"/> makes them:
    /// "cam_exact", signed, or "cam_paper", each stretched to [0, 1].
    /// </summary>
    public static string SamplesOutput(CamKind kind) => kind == CamKind.Exact ? "cam_exact" : "cam_paper";

    /// <summary>Writes a model as ONNX.</summary>
    /// <param name="file">The model; it has to have a layer graph.</param>
    /// <param name="preprocessing">Whether the graph takes raw samples and prepares them itself, or takes prepared ones.</param>
    /// <returns>The bytes of an .onnx file; the same model gives the same.</returns>
    /// <exception cref="OnnxExportException">
    /// The file has no layer graph, or one that has no ONNX form, or a transform that is not built in; the message says what is missing.
    /// </exception>
    /// <exception cref="ModelFormatException">A weight is missing or of another shape; the message names it.</exception>
    /// <exception cref="PluginException">The options of a transform do not fit.</exception>
    public static byte[] Export(ModelFile file, bool preprocessing = false)
    {
        ArgumentNullException.ThrowIfNull(file);
        var manifest = file.Manifest;
        var graph = file.Graph ?? throw new OnnxExportException(
            "the model file has no layer graph: the architecture or the head does not say what it computes (ILayerGraphSource), or the "
            + "file was written by a version that did not ask; saving the model again adds it");
        var shapes = ModelCheck.Require(graph, manifest, file.FindWeight, manifest.Name ?? manifest.Architecture.Name);
        RequireExport(graph, shapes);
        var onnx = new OnnxGraph(manifest.Name ?? manifest.Architecture.Name);

        var input = preprocessing ? MillivoltInput : PreparedInput;
        onnx.Input(input, [manifest.Leads.Count, manifest.Length],
            $"(batch, lead, time): leads {string.Join(", ", manifest.Leads)}; {manifest.Layout.Length} samples at "
            + $"{FormattableString.Invariant($"{manifest.SamplingRate}")} Hz; "
            + (preprocessing ? "raw, in millivolt" : "prepared by the transforms in the metadata"));
        var signals = preprocessing ? OnnxPreprocessing.Add(onnx, manifest.Preprocessing, manifest.Layout, input) : input;

        var layers = new OnnxLayers(onnx, new GraphWeights(file, graph, shapes), shapes, signals);
        var logits = graph.Probabilities!.Input;
        var isLast = graph.Nodes.All(node => node is ProbabilityNode || !node.Sources.Contains(logits));
        foreach (var node in graph.Nodes)
            if (node is not (CamNode or ProbabilityNode) && !(isLast && node.Name == logits))
                layers.Add(node);
        layers.AddLogits(graph.Find(logits)!, isLast, LogitsOutput);
        // With a calibration the task says it, as when the SDK scores.
        var isSoftmax = manifest.Calibration is null ? graph.Probabilities!.IsSoftmax : manifest.TaskKind == TaskKind.Multiclass;
        OnnxProbabilities.Add(onnx, manifest.Calibration, isSoftmax, LogitsOutput, ProbabilitiesOutput);

        onnx.Output(ProbabilitiesOutput, [manifest.Classes.Count],
            $"(batch, class): {string.Join(", ", manifest.Classes)}; " + (manifest.Calibration is null ? "not calibrated" : "calibrated"));
        onnx.Output(LogitsOutput, [manifest.Classes.Count], "(batch, class): the network's output, not calibrated");
        foreach (var kind in Enum.GetValues<CamKind>())
            if (graph.FindCam(kind) is { } cam)
                AddCam(onnx, layers, cam, (DenseNode)graph.Find(cam.Dense)!, shapes[cam.Name], manifest.Length);
        return Model(onnx, file, preprocessing).ToBytes();
    }

    /// <summary>Refuses what would be exported otherwise than its author expects.</summary>
    private static void RequireExport(LayerGraph graph, IReadOnlyDictionary<string, LayerShape> shapes)
    {
        if (graph.Find(graph.Probabilities!.Input) is null)
            throw new OnnxExportException("the logits are the signals themselves; there is nothing to export");
        if (graph.FindCam(CamKind.Exact) is null && graph.Find(graph.Probabilities.Input) is DenseNode dense
            && graph.Find(dense.Input) is GlobalAveragePoolNode)
            throw new OnnxExportException(
                $"the layer graph has no CAM `exact`, though '{dense.Name}' takes what a global average pooling gives: the head's AddTo "
                + $"has to add a {nameof(CamNode)}, or derive from PooledLinearHead");
        foreach (var tensor in GraphTensors.Of(graph.Nodes, shapes))
            if (s_reserved.Any(reserved => tensor.Name.StartsWith(reserved, StringComparison.Ordinal)) || s_values.Contains(tensor.Name))
                throw new OnnxExportException($"tensor '{tensor.Name}': that name is one of the exported graph's own");
    }

    private static void AddCam(OnnxGraph onnx, OnnxLayers layers, CamNode cam, DenseNode dense, LayerShape shape, int length)
    {
        var (cells, samples) = (CellsOutput(cam.Map), SamplesOutput(cam.Map));
        layers.AddCam(cam, dense, cells);
        OnnxHeatMap.Add(onnx, cells, shape.Length, length, isStretched: cam.Map == CamKind.Paper, samples);
        onnx.Output(cells, [shape.Channels, shape.Length],
            cam.Map == CamKind.Exact
                ? "(batch, class, cell): evidence for the class; mean over the cells + bias = logit"
                : "(batch, class, cell): of the last convolution's output, as published");
        onnx.Output(samples, [shape.Channels, length], $"(batch, class, time): {cells} at the recording's length"
            + (cam.Map == CamKind.Exact ? "" : ", each map stretched to [0, 1]"));
    }

    private static ProtobufMessage Model(OnnxGraph onnx, ModelFile file, bool preprocessing)
    {
        var version = typeof(OnnxExporter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        var model = new ProtobufMessage()
            .Add(OnnxFields.Model.IrVersion, IrVersion)
            .Add(OnnxFields.Model.ProducerName, "SignalCam SDK")
            .Add(OnnxFields.Model.ProducerVersion, version)
            .Add(OnnxFields.Model.DocString, file.Manifest.Description ?? "")
            .Add(OnnxFields.Model.Graph, onnx.ToMessage())
            .Add(OnnxFields.Model.OpsetImport,
                new ProtobufMessage().Add(OnnxFields.OperatorSetId.Domain, "").Add(OnnxFields.OperatorSetId.Version, Opset));
        foreach (var (key, value) in new[]
        {
            (ModelFile.ManifestKey, file.ManifestText()), ("signalcam.preprocessing", preprocessing ? "inside" : "outside"),
        })
            model.Add(OnnxFields.Model.MetadataProps,
                new ProtobufMessage().Add(OnnxFields.StringStringEntry.Key, key).Add(OnnxFields.StringStringEntry.Value, value));
        return model;
    }
}
