using SignalCam.Core.Models;

namespace SignalCam.Fuzz.Graphs;

/// <summary>Activations by their definitions, in double precision.</summary>
public static class Activations
{
    /// <summary>The value of an activation.</summary>
    public static double Of(ActivationNode node, double x) => node.Function switch
    {
        ActivationFunction.Relu => x > 0 ? x : x * node.NegativeSlope,
        ActivationFunction.Relu6 => Math.Clamp(x, 0, 6),
        ActivationFunction.Elu => x > 0 ? x : node.Alpha * (Math.Exp(x) - 1),
        ActivationFunction.Gelu => x / 2 * (1 + Erf(x / Math.Sqrt(2))),
        ActivationFunction.GeluTanh => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))),
        ActivationFunction.Silu => x / (1 + Math.Exp(-x)),
        ActivationFunction.Sigmoid => 1 / (1 + Math.Exp(-x)),
        ActivationFunction.Tanh => Math.Tanh(x),
        ActivationFunction.HardSigmoid => Math.Clamp(x / 6 + 0.5, 0, 1),
        ActivationFunction.HardSwish => x * Math.Clamp(x / 6 + 0.5, 0, 1),
        _ => throw new NotSupportedException(node.Function.ToString()),
    };

    /// <summary>The error function, by its Taylor series; 1 beyond 6, to rounding.</summary>
    public static double Erf(double x)
    {
        if (Math.Abs(x) > 6)
            return Math.Sign(x);
        // erf(x) = 2 / sqrt(pi) e^(-x^2) sum of 2^n x^(2n+1) / (2n+1)!!, whose terms are all of one sign.
        var (sum, term) = (0.0, x);
        for (var n = 0; Math.Abs(term) > 1e-18 * Math.Abs(sum) && n < 500; n++)
        {
            sum += term;
            term *= 2 * x * x / (2 * n + 3);
        }
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
