using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using SignalCam.Abstractions;

namespace SignalCam.Core.Models;

/// <summary>Holds the parts of a model to each other: layer graph, manifest and weights.</summary>
internal static class ModelCheck
{
    /// <summary>
    /// Checks that a graph is one of the model, that its weights are there, and that what it asks for is within <see cref="ModelLimits"/>.
    /// </summary>
    /// <exception cref="ModelFormatException">It is not so; the message names the layer, the tensor or the limit.</exception>
    public static IReadOnlyDictionary<string, LayerShape> Require(
        LayerGraph graph, ModelManifest manifest, Func<string, NamedTensor?> find, string file)
    {
        if (graph.Leads != manifest.Leads.Count)
            throw Error(file, $"{graph.Leads} leads", $"{manifest.Leads.Count}, as the manifest has");
        if (graph.Probabilities is not { } probabilities)
            throw Error(file, "no layer that gives probabilities", "a layer of the kind 'probability', where the graph ends");
        if (probabilities.IsSoftmax && manifest.TaskKind != TaskKind.Multiclass)
            throw Error(file, $"layer '{Shown.Of(probabilities.Name)}', a softmax",
                $"sigmoids, for the manifest's {manifest.TaskKind.ToString().ToLowerInvariant()} task");
        IReadOnlyDictionary<string, LayerShape> shapes;
        try
        {
            shapes = graph.ShapesFor(manifest.Length);
        }
        catch (ArgumentException e)
        {
            throw new ModelFormatException(
                file, "layer graph", e.Message, $"layers for the manifest's {manifest.Length} samples per lead", e);
        }
        if (shapes[probabilities.Name].Channels != manifest.Classes.Count)
            throw Error(file, $"{shapes[probabilities.Name].Channels} outputs",
                $"{manifest.Classes.Count}, one for each of the manifest's classes");
        var needed = GraphTensors.Of(graph.Nodes, shapes).ToArray();
        GraphTensors.Require(needed, find, file);
        RequireWork(graph, shapes, needed.Sum(tensor => tensor.Count), file);
        return shapes;
    }

    /// <summary>Checks that all weights are numbers, and that no variance is negative.</summary>
    /// <exception cref="ModelFormatException">One is not; the message names the tensor and the element.</exception>
    public static void RequireNumbers(IEnumerable<NamedTensor> weights, string file)
    {
        foreach (var tensor in weights)
        {
            if (tensor.DType is not (TensorDType.F32 or TensorDType.F64 or TensorDType.F16 or TensorDType.BF16))
                continue;
            var isVariance = tensor.Name.EndsWith("running_var", StringComparison.Ordinal);
            if (!isVariance && BitConverter.IsLittleEndian && tensor.DType == TensorDType.F32
                && TensorPrimitives.IsFiniteAll(MemoryMarshal.Cast<byte, float>(tensor.Data.Span)))
                continue;
            foreach (var (i, value) in tensor.ToDoubles().Index())
                if (!double.IsFinite(value) || (isVariance && value < 0) || !float.IsFinite((float)value))
                    throw new ModelFormatException(
                        file, $"tensor '{Shown.Of(tensor.Name)}', element {i}", FormattableString.Invariant($"{value}"),
                        isVariance ? "a finite number of at least 0 in single precision" : "a finite number in single precision");
        }
    }

    /// <summary>Checks that what a network asks for is in proportion to its weights.</summary>
    /// <exception cref="ModelFormatException">It is not; the message says what was found and what is allowed.</exception>
    public static void RequireWork(LayerGraph graph, IReadOnlyDictionary<string, LayerShape> shapes, long weights, string file)
    {
        if (weights > ModelLimits.Weights)
            throw Error(file, $"{weights} weights", $"at most {ModelLimits.Weights}");
        var work = GraphWork.Of(graph, shapes);
        if (work.MultiplyAdds > ModelLimits.MultiplyAdds(weights))
            throw Error(file, $"{work.MultiplyAdds} multiply-adds for one recording",
                $"at most {ModelLimits.MultiplyAdds(weights)}, for {weights} weights");
        if (work.LargestLayerBytes > ModelLimits.WorkingBytes(weights))
            throw Error(file, $"a layer of {work.LargestLayerBytes} bytes",
                $"at most {ModelLimits.WorkingBytes(weights)}, for {weights} weights");
    }

    private static ModelFormatException Error(string file, string found, string expected) => new(file, "layer graph", found, expected);
}
