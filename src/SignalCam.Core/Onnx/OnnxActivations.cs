using SignalCam.Core.Models;

namespace SignalCam.Core.Onnx;

/// <summary>Writes activations; those that opset 13 has no operator for, as a few.</summary>
internal static class OnnxActivations
{
    /// <summary>Adds an activation.</summary>
    /// <param name="onnx">The graph.</param>
    /// <param name="n">The activation.</param>
    /// <param name="output">What its value is called.</param>
    /// <param name="x">What it takes.</param>
    public static void Add(OnnxGraph onnx, ActivationNode n, string output, string x)
    {
        switch (n.Function)
        {
            case ActivationFunction.Relu when n.NegativeSlope == 0:
                onnx.Add("Relu", output, [x]);
                break;
            case ActivationFunction.Relu:
                onnx.Add("LeakyRelu", output, [x], OnnxAttribute.Of("alpha", (float)n.NegativeSlope));
                break;
            case ActivationFunction.Relu6:
                onnx.Add("Clip", output, [x, Scalar("zero", 0), Scalar("six", 6)]);
                break;
            case ActivationFunction.Elu:
                onnx.Add("Elu", output, [x], OnnxAttribute.Of("alpha", (float)n.Alpha));
                break;
            case ActivationFunction.Gelu:
                var erf = onnx.Add("Erf", Part("erf"), [Op("Mul", "standardised", x, Scalar("root of one half", 0.70710678f))]);
                Halved(erf);
                break;
            case ActivationFunction.GeluTanh:
                var cubic = Op("Mul", "cubic", Op("Mul", "cube", Op("Mul", "square", x, x), x), Scalar("cubic factor", 0.044715f));
                var tanh =
                    onnx.Add("Tanh", Part("tanh"), [Op("Mul", "scaled", Op("Add", "sum", x, cubic), Scalar("root of 2 / pi", 0.7978846f))]);
                Halved(tanh);
                break;
            case ActivationFunction.Silu:
                onnx.Add("Mul", output, [x, onnx.Add("Sigmoid", Part("sigmoid"), [x])]);
                break;
            case ActivationFunction.Sigmoid or ActivationFunction.Tanh:
                onnx.Add(n.Function.ToString(), output, [x]);
                break;
            case ActivationFunction.HardSigmoid:
                HardSigmoid(output);
                break;
            case ActivationFunction.HardSwish:
                onnx.Add("Mul", output, [x, HardSigmoid(Part("hard sigmoid"))]);
                break;
            default:
                throw new OnnxExportException($"layer '{n.Name}': there is no operator for {n.Function} here");
        }

        void Halved(string value) =>
            onnx.Add("Mul", output, [Op("Mul", "half", x, Scalar("one half", 0.5f)), Op("Add", "share", value, Scalar("one", 1))]);

        string HardSigmoid(string called) =>
            onnx.Add("HardSigmoid", called, [x], OnnxAttribute.Of("alpha", 1 / 6f), OnnxAttribute.Of("beta", 0.5f));

        string Op(string operation, string part, string a, string b) => onnx.Add(operation, Part(part), [a, b]);

        string Scalar(string name, float value) => onnx.Constant($"activations/{name}", [], [value]);

        string Part(string part) => OnnxGraph.Part(n.Name, part);
    }
}
