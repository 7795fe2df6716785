using SignalCam.Abstractions;

namespace SignalCam.Core.Models;

/// <summary>Holds the numbers of one layer to their ranges.</summary>
internal static class LayerSizes
{
    /// <summary>Checks a layer by itself, before its inputs are known.</summary>
    /// <exception cref="ArgumentException">A number is out of range; the message names layer, member, value and range.</exception>
    public static void Check(LayerNode node)
    {
        switch (node)
        {
            case ConvolutionNode n:
                Require(n, nameof(n.Channels), n.Channels, 1, ModelLimits.Channels);
                Require(n, nameof(n.Kernel), n.Kernel, 1, ModelLimits.Steps);
                Require(n, nameof(n.Stride), n.Stride, 1, ModelLimits.Steps);
                Require(n, nameof(n.Dilation), n.Dilation, 1, ModelLimits.Steps);
                Require(n, nameof(n.PaddingBefore), n.PaddingBefore, 0, ModelLimits.Steps);
                Require(n, nameof(n.PaddingAfter), n.PaddingAfter, 0, ModelLimits.Steps);
                Require(n, nameof(n.Groups), n.Groups, 1, n.Channels);
                if (n.Channels % n.Groups != 0)
                    throw Error(n, nameof(n.Groups), n.Groups, $"a divisor of {n.Channels} channels");
                break;
            case PoolNode n:
                Require(n, nameof(n.Pool), n.Pool);
                Require(n, nameof(n.Kernel), n.Kernel, 1, ModelLimits.Steps);
                Require(n, nameof(n.Stride), n.Stride, 1, ModelLimits.Steps);
                Require(n, nameof(n.Padding), n.Padding, 0, n.Kernel / 2);
                break;
            case ActivationNode n:
                Check(n);
                break;
            case BatchNormNode n:
                RequireEpsilon(n, n.Epsilon);
                break;
            case LayerNormNode n:
                RequireEpsilon(n, n.Epsilon);
                break;
            case GroupNormNode n:
                RequireEpsilon(n, n.Epsilon);
                Require(n, nameof(n.Groups), n.Groups, 1, ModelLimits.Channels);
                break;
            case ScaleNode n when string.IsNullOrEmpty(n.Weight) || n.Weight.Length > ModelLimits.NameLength:
                throw Error(n, nameof(n.Weight), $"'{Shown.Of(n.Weight)}'", "the name of a tensor");
            case DenseNode n:
                Require(n, nameof(n.Channels), n.Channels, 1, ModelLimits.Channels);
                break;
            case CamNode n:
                Require(n, nameof(n.Map), n.Map);
                break;
            case AddNode or MultiplyNode or ConcatNode when node.Sources is not { Count: >= 2 }:
                throw Error(node, "Inputs", node.Sources?.Count ?? 0, "at least 2");
        }
        if (node.Sources.Any(source => source is null))
            throw Error(node, "Input", "null", "the name of a layer");
    }

    private static void Check(ActivationNode n)
    {
        Require(n, nameof(n.Function), n.Function);
        if (!(n.NegativeSlope is >= 0 and <= 1) || (n.NegativeSlope != 0 && n.Function != ActivationFunction.Relu))
            throw Error(n, nameof(n.NegativeSlope), n.NegativeSlope,
                n.Function == ActivationFunction.Relu ? "0 to 1" : $"0 for {n.Function}");
        if (!(n.Alpha is > 0 and <= 1e6) || (n.Alpha != 1 && n.Function != ActivationFunction.Elu))
            throw Error(n, nameof(n.Alpha), n.Alpha, n.Function == ActivationFunction.Elu ? "above 0, up to 1e6" : $"1 for {n.Function}");
    }

    private static void Require(LayerNode node, string member, int value, int least, int most)
    {
        if (value < least || value > most)
            throw Error(node, member, value, $"{least} to {most}");
    }

    private static void Require<T>(LayerNode node, string member, T value)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
            throw Error(node, member, value, string.Join(", ", Enum.GetNames<T>()));
    }

    private static void RequireEpsilon(LayerNode node, double value)
    {
        if (!(value is >= 0 and <= 1))
            throw Error(node, "Epsilon", value, "0 to 1");
    }

    private static ArgumentException Error(LayerNode node, string member, object value, string expected) =>
        new(FormattableString.Invariant($"layer '{Shown.Of(node.Name)}', {member}: found {value}, expected {expected}"));
}
