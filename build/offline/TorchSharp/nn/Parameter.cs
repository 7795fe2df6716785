namespace TorchSharp.Modules;

/// <summary>A tensor that a module learns. It takes over the tensor it is made of, which is empty afterwards.</summary>
public class Parameter : torch.Tensor
{
    public Parameter(torch.Tensor data, bool requires_grad = true) : base(data.with_requires_grad(requires_grad))
    {
    }
}
