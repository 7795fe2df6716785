using SignalCam.Torch.Native;
using static TorchSharp.torch;

namespace SignalCam.Torch.Architectures;

/// <summary>ReLU of the sum of a body and a shortcut (He et al. 2016, doi 10.1109/CVPR.2016.90).</summary>
internal sealed class Residual : Layer
{
    private readonly LayerChain _body;
    private readonly LayerChain? _shortcut;

    /// <summary>
    /// Joins a body and a shortcut; an empty shortcut is the identity. The sum is written over the shortcut's output (over the
    /// body's, if the shortcut is the identity), so that one must not end in ReLU, whose output autograd still needs.
    /// </summary>
    public Residual((string Name, Layer Layer)[] body, params (string Name, Layer Layer)[] shortcut)
        : base(nameof(Residual))
    {
        _body = new LayerChain(this, body);
        _shortcut = shortcut.Length > 0 ? new LayerChain(this, shortcut) : null;
    }

    public override Tensor forward(Tensor input)
    {
        var sum = _body.Forward(input);
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
}
