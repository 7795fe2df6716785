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
    /// <exception cref="OnnxExportException">The file has no layer graph, or one that has no ONNX form, or a transform that is not built in; the message says what is missing.</exception>
    /// <exception cref="ModelFormatException">A weight is missing or of another shape; the message names it.</exception>
    /// <exception cref="PluginException">The options of a transform do not fit.</exception>
    public static byte[] Export(ModelFile file, bool preprocessing = false)
    {
        ArgumentNullException.ThrowIfNull(file);
        var manifest = file.Manifest;
        var graph = file.Graph ?? throw new OnnxExportException(
            "the model file has no layer graph: the architecture or the head does not say what it computes (ILayerGraphSource), or the file was written by a version that did not ask; saving the model again adds it");
        var logits = FindLogits(graph, manifest);
        var shapes = graph.ShapesFor(manifest.Length);
        var onnx = new OnnxGraph(manifest.Name ?? manifest.Architecture.Name);

        var input = preprocessing ? MillivoltInput : PreparedInput;
        onnx.Input(input, [manifest.Leads.Count, manifest.Length],
            $"(batch, lead, time): leads {string.Join(", ", manifest.Leads)}; {manifest.Layout.Length} samples at {FormattableString.Invariant($"{manifest.SamplingRate}")} Hz; "
            + (preprocessing ? "raw, in millivolt" : "prepared by the transforms in the metadata"));
        var signals = preprocessing ? OnnxPreprocessing.Add(onnx, manifest.Preprocessing, manifest.Length, input) : input;

        var layers = new OnnxLayers(onnx, new GraphWeights(file, graph, shapes), shapes, signals);
        foreach (var node in graph.Nodes)
            if (node is not (CamNode or ProbabilityNode))
                layers.Add(node, node.Name == logits.Name ? LogitsOutput : null);
        // With a calibration the task says it, as when the SDK scores.
        var isSoftmax = manifest.Calibration is null ? graph.Probabilities!.IsSoftmax : manifest.TaskKind == TaskKind.Multiclass;
        OnnxProbabilities.Add(onnx, manifest.Calibration, isSoftmax, LogitsOutput, ProbabilitiesOutput);

        onnx.Output(ProbabilitiesOutput, [manifest.Classes.Count], $"(batch, class): {string.Join(", ", manifest.Classes)}; " + (manifest.Calibration is null ? "not calibrated" : "calibrated"));
        onnx.Output(LogitsOutput, [manifest.Classes.Count], "(batch, class): the network's output, not calibrated");
        foreach (var kind in Enum.GetValues<CamKind>())
            if (graph.FindCam(kind) is { } cam)
                AddCam(onnx, layers, cam, (DenseNode)graph.Find(cam.Dense)!, shapes[cam.Name], manifest.Length);
        return Model(onnx, manifest, preprocessing).ToBytes();
    }

    private static DenseNode FindLogits(LayerGraph graph, ModelManifest manifest)
    {
        if (graph.Leads != manifest.Leads.Count)
            throw new OnnxExportException($"the layer graph takes {graph.Leads} leads, the model {manifest.Layout}");
        if (graph.Probabilities is not { } probabilities || graph.Find(probabilities.Input) is not DenseNode logits)
            throw new OnnxExportException("the layer graph does not end in a dense layer and its probabilities, which is what is exported");
        if (logits.Channels != manifest.Classes.Count)
            throw new OnnxExportException($"the layer graph has {logits.Channels} outputs, the model {manifest.Classes.Count} classes");
        return graph.Nodes.FirstOrDefault(node => node.Sources.Contains(probabilities.Name)) is { } behind
            ? throw new OnnxExportException($"layer '{behind.Name}' takes the probabilities; they are what is exported last")
            : logits;
    }

    private static void AddCam(OnnxGraph onnx, OnnxLayers layers, CamNode cam, DenseNode dense, LayerShape shape, int length)
    {
        var (cells, samples) = (CellsOutput(cam.Map), SamplesOutput(cam.Map));
        layers.AddCam(cam, dense, cells);
        OnnxHeatMap.Add(onnx, cells, shape.Length, length, isStretched: cam.Map == CamKind.Paper, samples);
        onnx.Output(cells, [shape.Channels, shape.Length],
            cam.Map == CamKind.Exact ? "(batch, class, cell): evidence for the class; mean over the cells + bias = logit" : "(batch, class, cell): of the last convolution's output, as published");
        onnx.Output(samples, [shape.Channels, length], $"(batch, class, time): {cells} at the recording's length" + (cam.Map == CamKind.Exact ? "" : ", each map stretched to [0, 1]"));
    }

    private static ProtobufMessage Model(OnnxGraph onnx, ModelManifest manifest, bool preprocessing)
    {
        var version = typeof(OnnxExporter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        var model = new ProtobufMessage()
            .Add(OnnxFields.Model.IrVersion, IrVersion)
            .Add(OnnxFields.Model.ProducerName, "SignalCam SDK")
            .Add(OnnxFields.Model.ProducerVersion, version)
            .Add(OnnxFields.Model.DocString, manifest.Description ?? "")
            .Add(OnnxFields.Model.Graph, onnx.ToMessage())
            .Add(OnnxFields.Model.OpsetImport, new ProtobufMessage().Add(OnnxFields.OperatorSetId.Domain, "").Add(OnnxFields.OperatorSetId.Version, Opset));
        foreach (var (key, value) in new[] { (ModelFile.ManifestKey, manifest.ToText()), ("signalcam.preprocessing", preprocessing ? "inside" : "outside") })
            model.Add(OnnxFields.Model.MetadataProps, new ProtobufMessage().Add(OnnxFields.StringStringEntry.Key, key).Add(OnnxFields.StringStringEntry.Value, value));
        return model;
    }
}
