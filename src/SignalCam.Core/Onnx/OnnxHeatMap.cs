using SignalCam.Core.Inference;

namespace SignalCam.Core.Onnx;

/// <summary>Writes the way from a map over cells to one over samples as ONNX operators on (batch, class, cell).</summary>
internal static class OnnxHeatMap
{
    /// <summary>
    /// Linear interpolation as <see cref="CellMaps.Resample"/> does it, by gathering both neighbours of each sample: the operator Resize
    /// would round the length, and computes its positions by its own formula.
    /// </summary>
    /// <param name="onnx">The graph.</param>
    /// <param name="map">The map over cells.</param>
    /// <param name="cells">Cells of a map.</param>
    /// <param name="length">Samples of a recording.</param>
    /// <param name="isStretched">Whether each map is stretched to [0, 1], a constant one to zeros.</param>
    /// <param name="called">What the result is called.</param>
    public static void Add(OnnxGraph onnx, string map, int cells, int length, bool isStretched, string called)
    {
        var (left, right, leftShares, rightShares) = (new long[length], new long[length], new float[length], new float[length]);
        for (var i = 0; i < length; i++)
        {
            var (at, next, share) = CellMaps.Neighbours(i, cells, length);
            (left[i], right[i], leftShares[i], rightShares[i]) = (at, next, 1 - share, share);
        }
        // Constants of one name are shared: maps of both kinds that have as many cells need them once.
        var of = $"heat_map/{cells} cells/";
        var fromLeft = Weighted("left", left, leftShares);
        var fromRight = Weighted("right", right, rightShares);
        var resampled = onnx.Add("Add", isStretched ? $"heat_map/{map}/resampled" : called, [fromLeft, fromRight]);
        if (isStretched)
            AddStretch(onnx, resampled, $"heat_map/{map}/", called);

        string Weighted(string side, long[] places, float[] shares)
        {
            var values =
                onnx.Add("Gather", $"heat_map/{map}/{side}", [map, onnx.Constant($"{of}{side}", places)], OnnxAttribute.Of("axis", 2L));
            return onnx.Add("Mul", $"heat_map/{map}/{side}_weighted", [values, onnx.Constant($"{of}{side}_share", [length], shares)]);
        }
    }

    private static void AddStretch(OnnxGraph onnx, string map, string name, string called)
    {
        var alongTime = OnnxAttribute.Of("axes", [2L]);
        var low = onnx.Add("ReduceMin", name + "low", [map], alongTime);
        var range = onnx.Add("Sub", name + "range", [onnx.Add("ReduceMax", name + "high", [map], alongTime), low]);
        var isConstant = onnx.Add("Equal", name + "is_constant", [range, onnx.Constant(name + "zero", [], [0f])]);
        var divisor = onnx.Add("Where", name + "divisor", [isConstant, onnx.Constant(name + "one", [], [1f]), range]);
        onnx.Add("Div", called, [onnx.Add("Sub", name + "from_zero", [map, low]), divisor]);
    }
}
