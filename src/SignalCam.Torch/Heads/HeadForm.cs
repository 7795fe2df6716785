using SignalCam.Abstractions;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SignalCam.Torch.Heads;

/// <summary>
/// Finds out what a head that derives from <see cref="PooledLinearHead"/> computes, by running it: whatever of it was overridden, its layer
/// graph must give the same numbers.
/// </summary>
internal static class HeadForm
{
    private const int Batch = 3;
    private const int Cells = 5;
    private const double Tolerance = 1e-4;

    /// <summary>Whether the head's probabilities are the softmax of its logits, or else the sigmoid of each.</summary>
    /// <param name="head">The head; its mode is left as it was.</param>
    /// <param name="dense">Its dense layer.</param>
    /// <exception cref="ModelNotSupportedException">They are neither, or logits or maps are not those of the dense layer.</exception>
    public static bool IsSoftmax(PooledLinearHead head, Linear dense)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var isTraining = head.training;
        if (isTraining)
            head.eval();
        try
        {
            var (classes, channels) = (dense.weight!.shape[0], dense.weight.shape[1]);
            // Numbers that depend on no generator: drawing some would change the training that follows.
            var features = Wave(dense.weight, Batch, channels, Cells);
            var logits = nn.functional.linear(features.mean([2L]), dense.weight, dense.bias);
            Require(head, "logits", head.call(features), logits);
            Require(head, "class activation maps", head.Cam(features), matmul(dense.weight, features));
            var probed = 3 * Wave(dense.weight, Batch, classes);
            var probabilities = head.Probabilities(probed);
            if (AreClose(probabilities, probed.sigmoid()))
                return false;
            return AreClose(probabilities, nn.functional.softmax(probed, 1))
                ? true
                : throw Error(head, "probabilities are neither the sigmoid nor the softmax of the logits");
        }
        finally
        {
            if (isTraining)
                head.train();
        }
    }

    private static Tensor Wave(Tensor like, params long[] shape) =>
        (arange(shape.Aggregate(1L, (a, b) => a * b), dtype: ScalarType.Float32, device: like.device) * 1.7).sin().reshape(shape);

    private static void Require(PooledLinearHead head, string what, Tensor found, Tensor expected)
    {
        if (!AreClose(found, expected))
            throw Error(head, $"{what} are not those of its dense layer");
    }

    private static bool AreClose(Tensor found, Tensor expected) =>
        found.shape.AsSpan().SequenceEqual(expected.shape)
        && (found - expected).abs().max().ToDouble() <= Tolerance * Math.Max(1, expected.abs().max().ToDouble());

    private static ModelNotSupportedException Error(PooledLinearHead head, string problem) =>
        new($"the head {head.GetName()} does not say what it computes: its {problem}, so its class would have to override "
            + $"{nameof(PooledLinearHead.AddTo)}");
}
