using SignalCam.Core.Models;

namespace SignalCam.Core.Onnx;

/// <summary>Writes calibration and probabilities as ONNX operators on (batch, class).</summary>
internal static class OnnxProbabilities
{
    /// <summary>Calibrates as the model file says, then a sigmoid each or a softmax over the classes.</summary>
    /// <param name="onnx">The graph.</param>
    /// <param name="calibration">One per class; null for none.</param>
    /// <param name="isSoftmax">Softmax over the classes, or else a sigmoid for each.</param>
    /// <param name="logits">The network's output.</param>
    /// <param name="called">What the probabilities are called.</param>
    public static void Add(OnnxGraph onnx, IReadOnlyList<ClassCalibration>? calibration, bool isSoftmax, string logits, string called)
    {
        if (calibration is not null && !isSoftmax && calibration.Any(c => c.Isotonic is not null))
        {
            AddCurves(onnx, calibration, logits, called);
            return;
        }
        if (calibration is not null)
            logits = Calibrate(onnx, calibration, logits, OnnxType.Single);
        if (isSoftmax)
            onnx.Add("Softmax", called, [logits], OnnxAttribute.Of("axis", 1L));
        else
            onnx.Add("Sigmoid", called, [logits]);
    }

    private static string Calibrate(OnnxGraph onnx, IReadOnlyList<ClassCalibration> calibration, string logits, OnnxType type)
    {
        var scales = onnx.Constant("calibration/scale", [calibration.Count], [.. calibration.Select(c => c.Scale)], type);
        var intercepts = onnx.Constant("calibration/intercept", [calibration.Count], [.. calibration.Select(c => c.Intercept)], type);
        return onnx.Add("Add", "calibration/logits", [onnx.Add("Mul", "calibration/scaled", [logits, scales]), intercepts]);
    }

    /// <summary>
    /// A rising curve is its first value plus, for each of its pieces, the piece's rise times how much of the piece lies left of the logit.
    /// In double precision, since pieces can be narrow. Curves of fewer pieces are filled up with pieces that do not rise.
    /// </summary>
    private static void AddCurves(OnnxGraph onnx, IReadOnlyList<ClassCalibration> calibration, string logits, string called)
    {
        var (classes, pieces) = (
            calibration.Count, Math.Max(1, calibration.Max(c => c.Isotonic is { } curve ? curve.Logits.Count - 1 : 0)));
        var (starts, widths, rises, first) = (
            new double[classes * pieces], new double[classes * pieces], new double[classes * pieces], new double[classes]);
        Array.Fill(widths, 1);
        for (var c = 0; c < classes; c++)
        {
            if (calibration[c].Isotonic is not { } curve)
                continue;
            first[c] = curve.Probabilities[0];
            for (var i = 0; i + 1 < curve.Logits.Count; i++)
            {
                starts[c * pieces + i] = curve.Logits[i];
                widths[c * pieces + i] = curve.Logits[i + 1] - curve.Logits[i];
                rises[c * pieces + i] = curve.Probabilities[i + 1] - curve.Probabilities[i];
            }
        }
        var precise = onnx.Add("Cast", "calibration/precise", [logits], OnnxAttribute.Of("to", (long)OnnxType.Double));
        var calibrated = Calibrate(onnx, calibration, precise, OnnxType.Double);
        var column = onnx.Add("Unsqueeze", "calibration/column", [calibrated, onnx.Constant("calibration/last", -1L)]);
        var offset = onnx.Add("Sub", "calibration/offset", [column, Pieces("start", starts)]);
        var share = onnx.Add("Clip", "calibration/share",
            [
                onnx.Add("Div", "calibration/position", [offset, Pieces("width", widths)]), onnx.Scalar("calibration/zero", 0),
                onnx.Scalar("calibration/one", 1),
            ]);
        var risen = onnx.Add("ReduceSum", "calibration/risen",
            [onnx.Add("Mul", "calibration/rises", [share, Pieces("rise", rises)]), "calibration/last"], OnnxAttribute.Of("keepdims", 0L));
        var curves = onnx.Add("Add", "calibration/curves", [risen, onnx.Constant("calibration/first", [classes], first)]);
        var hasCurve = onnx.Constant("calibration/has_curve", [.. calibration.Select(c => c.Isotonic is not null)]);
        var chosen = onnx.Add("Where", "calibration/chosen", [hasCurve, curves, onnx.Add("Sigmoid", "calibration/sigmoids", [calibrated])]);
        onnx.Add("Cast", called, [chosen], OnnxAttribute.Of("to", (long)OnnxType.Single));

        string Pieces(string name, double[] values) => onnx.Constant($"calibration/{name}", [classes, pieces], values);
    }
}
