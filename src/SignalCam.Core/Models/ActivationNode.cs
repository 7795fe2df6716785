using System.Text.Json.Serialization;

namespace SignalCam.Core.Models;

/// <summary>What an activation computes of each value x.</summary>
public enum ActivationFunction
{
    /// <summary>ReLU, leaky or not: x if above zero, else x times the negative slope.</summary>
    Relu,

    /// <summary>min(max(x, 0), 6).</summary>
    Relu6,

    /// <summary>x if above zero, else alpha x (e^x - 1).</summary>
    Elu,

    /// <summary>x times the standard normal distribution function of x: x / 2 x (1 + erf(x / sqrt 2)).</summary>
    Gelu,

    /// <summary>GELU approximated by x / 2 x (1 + tanh(sqrt(2 / pi) x (x + 0.044715 x^3))).</summary>
    GeluTanh,

    /// <summary>x times the sigmoid of x, also called swish.</summary>
    Silu,

    /// <summary>1 / (1 + e^-x).</summary>
    Sigmoid,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,

    /// <summary>min(max(x / 6 + 1/2, 0), 1).</summary>
    HardSigmoid,

    /// <summary>x times the hard sigmoid of x.</summary>
    HardSwish,
}

/// <summary>A function of each value. By default ReLU.</summary>
/// <param name="Name">As for every node.</param>
/// <param name="Input">The layer that it takes.</param>
/// <param name="NegativeSlope">Of <see cref="ActivationFunction.Relu"/>: 0 (ReLU) to 1; 0 for every other function.</param>
/// <param name="Function">What is computed.</param>
/// <param name="Alpha">
/// Of <see cref="ActivationFunction.Elu"/>: what it tends to far below zero, with the sign changed; 1 for every other function.
/// </param>
public sealed record ActivationNode(
    string Name, string Input, double NegativeSlope = 0, ActivationFunction Function = ActivationFunction.Relu,
    double Alpha = 1) : LayerNode(Name)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> Sources => [Input];
}
