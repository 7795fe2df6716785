using SignalCam.Torch.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Torch.Explainers;

/// <summary>
/// Gradients of each recording's class logit. The weights' own gradients are not touched, so callers may run concurrently.
/// </summary>
internal static class Gradients
{
    /// <summary>The logits and their gradients with respect to the input (recording, lead, time).</summary>
    public static (float[] Logits, float[] Values) OfInput(EcgModel model, float[] samples, int[] classes)
    {
        using var scope = NewDisposeScope();
        using var recording = enable_grad();
        var input = Input(model, samples, classes.Length).requires_grad_();
        var logits = Chosen(model.Network.Forward(input), classes);
        var gradient = autograd.grad([logits.sum()], [input])[0];
        return (ToArray(logits), ToArray(gradient));
    }

    /// <summary>
    /// Maps (recording, cell) made from the backbone's feature maps and the logit's gradients with respect to them, both
    /// (recording, channel, cell). The backbone's output is the last layer with a time axis, in every architecture.
    /// </summary>
    public static float[][] OfFeatures(EcgModel model, float[] samples, int[] classes, Func<Tensor, Tensor, Tensor> map)
    {
        using var scope = NewDisposeScope();
        Tensor features;
        using (no_grad())
            features = model.Network.Backbone.call(Input(model, samples, classes.Length));
        using var recording = enable_grad();
        features.requires_grad_();
        var logits = Chosen(model.Network.Head.call(features), classes);
        var gradient = autograd.grad([logits.sum()], [features])[0];
        var maps = map(features.detach(), gradient);
        return [.. ToArray(maps).Chunk((int)maps.shape[1])];
    }

    private static Tensor Input(EcgModel model, float[] samples, int count) =>
        tensor(samples, [count, model.Input.LeadCount, model.Input.Length]).to(model.Network.Head.Bias.device);

    private static Tensor Chosen(Tensor logits, int[] classes) =>
        logits.gather(1, tensor(Array.ConvertAll(classes, c => (long)c), [classes.Length, 1]).to(logits.device));

    private static float[] ToArray(Tensor tensor) => tensor.detach().contiguous().cpu().data<float>().ToArray();
}
