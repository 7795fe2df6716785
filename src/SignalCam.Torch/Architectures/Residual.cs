using SignalCam.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Torch.Architectures;

/// <summary>ReLU of the sum of a body and a shortcut (He et al. 2016, doi 10.1109/CVPR.2016.90).</summary>
internal sealed class Residual : Layer
{
    private readonly LayerChain _body;
    private readonly LayerChain? _shortcut;
    private readonly double _drop;

    /// <summary>
    /// Joins a body and a shortcut; an empty shortcut is the identity. The sum is written over the shortcut's output (over the
    /// body's, if the shortcut is the identity), so that one must not end in ReLU, whose output autograd still needs.
    /// </summary>
    /// <param name="body">The layers of the body, at least one.</param>
    /// <param name="shortcut">Those of the shortcut.</param>
    /// <param name="drop">
    /// Stochastic depth (Huang et al. 2016, arXiv:1603.09382): how likely the body is left out for a recording in training mode; what is
    /// left in counts for as much more, so that the mean stays and evaluation needs no factor.
    /// </param>
    public Residual((string Name, Layer Layer)[] body, (string Name, Layer Layer)[] shortcut, double drop = 0)
        : base(nameof(Residual))
    {
        _body = new LayerChain(this, body);
        _shortcut = shortcut.Length > 0 ? new LayerChain(this, shortcut) : null;
        _drop = drop;
    }

    public override Tensor forward(Tensor input)
    {
        var sum = _body.Forward(input);
        if (training && _drop > 0)
            Drop(sum);
        if (_shortcut is null)
        {
            sum.Increase(input);
        }
        else
        {
            using var body = sum;
            sum = _shortcut.Forward(input);
            sum.Increase(body);
        }
        sum.relu_();
        return sum;
    }

    private void Drop(Tensor body)
    {
        using var drawn = rand([body.shape[0], 1, 1, 1], device: body.device);
        using Scalar drop = _drop;
        using var kept = drawn.ge(drop);
        using var shares = kept.to(body.dtype);
        using var factors = shares.Over(1 - _drop);
        body.mul_(factors);
    }
}
