using System.Diagnostics.CodeAnalysis;
using SignalCam.Abstractions;
using SignalCam.Core.Preprocessing;

namespace SignalCam.Core.Onnx;

/// <summary>
/// Writes the preprocessing of a model file as ONNX operators on (batch, lead, time), in double precision like the transforms themselves:
/// in single precision the trend of a flat lead would leave rounding errors, which a scaler then blows up to full height.
/// </summary>
internal sealed class OnnxPreprocessing
{
    // 24 MB of double precision for 12 leads, one recording at a time.
    private const int LargestMedian = 1 << 18;

    private static readonly OnnxAttribute s_alongTime = OnnxAttribute.Of("axes", [2L]);
    private static readonly OnnxAttribute s_alongTimeAxis = OnnxAttribute.Of("axis", 2L);

    private readonly OnnxGraph _onnx;
    private readonly SignalLayout _layout;
    private readonly int _length;
    private string _step = "";

    private OnnxPreprocessing(OnnxGraph onnx, SignalLayout layout) => (_onnx, _layout, _length) = (onnx, layout, layout.Length);

    /// <summary>Adds the transforms; gives the name of the prepared signals.</summary>
    /// <param name="onnx">The graph.</param>
    /// <param name="transforms">The transforms in their order.</param>
    /// <param name="layout">The model's input.</param>
    /// <param name="input">The raw signals.</param>
    /// <exception cref="OnnxExportException">A transform is not built in, or the signals are too short for it.</exception>
    /// <exception cref="PluginException">The options of a transform do not fit.</exception>
    public static string Add(OnnxGraph onnx, IReadOnlyList<ComponentSpec> transforms, SignalLayout layout, string input)
    {
        if (transforms.Count == 0)
            return input;
        var steps = new OnnxPreprocessing(onnx, layout);
        var signals = onnx.Add("Cast", "preprocessing/precise", [input], OnnxAttribute.Of("to", (long)OnnxType.Double));
        foreach (var (i, transform) in transforms.Index())
        {
            steps._step = $"preprocessing/{i + 1} {transform.Name}/";
            signals = steps.Add(transform, signals);
        }
        return onnx.Add("Cast", "preprocessing/prepared", [signals], OnnxAttribute.Of("to", (long)OnnxType.Single));
    }

    private string Add(ComponentSpec transform, string x) => transform.Name.ToLowerInvariant() switch
    {
        "detrend" => Detrend(Options<PolynomialDetrendOptions>(transform), x),
        "max-abs" => MaxAbs(x),
        "z-score" => ZScore(x),
        "robust" => Robust(x),
        "min-max" => MinMax(x),
        "fixed-scale" => FixedScale(Options<FixedScaleOptions>(transform), x),
        "band-pass" => Filter(SectionFilter.BandPass(Options<BandPassOptions>(transform)), x),
        "high-pass" => Filter(SectionFilter.HighPass(Options<HighPassOptions>(transform)), x),
        "low-pass" => Filter(SectionFilter.LowPass(Options<LowPassOptions>(transform)), x),
        "notch" => Filter(SectionFilter.Notch(Options<NotchOptions>(transform)), x),
        "median-baseline" => MedianBaseline(Options<MedianBaselineOptions>(transform), x),
        // The graph takes recordings as these steps leave them.
        "resample" or "select-leads" => x,
        _ => throw new OnnxExportException(
            $"the preprocessing has the transform '{transform.Name}', which is not built in and has no ONNX form; export the model "
            + "without preprocessing and prepare recordings before it"),
    };

    private static TOptions Options<[DynamicallyAccessedMembers(
        DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
            ComponentSpec transform)
        where TOptions : class, new() => PluginOptions.Read<TOptions>("transform", transform.Name, transform.Options);

    private string Filter(SectionFilter filter, string x)
    {
        try
        {
            return OnnxFilter.Add(_onnx, _step, filter.CascadeFor(_length, _layout.SamplingRate), _length, x);
        }
        catch (PreprocessingException e)
        {
            throw new OnnxExportException(e.Message);
        }
    }

    private string MedianBaseline(MedianBaselineOptions options, string x)
    {
        var once = RunningMedian(x, Preprocessing.MedianBaseline.Window(options.First, _layout.SamplingRate), "once");
        return Op("Sub", "result",
            [x, RunningMedian(once, Preprocessing.MedianBaseline.Window(options.Second, _layout.SamplingRate), "baseline")]);
    }

    /// <summary>The middle of the sorted samples around each sample.</summary>
    private string RunningMedian(string x, int window, string name)
    {
        var half = window / 2;
        if ((long)_length * window > LargestMedian)
            throw new OnnxExportException(
                $"transform 'median-baseline' of {_length} samples with a window of {window} would sort {(long)_length * window} values "
                + $"of each lead; at most {LargestMedian} are exported");
        var places = new long[_length * window];
        for (var i = 0; i < places.Length; i++)
            places[i] = Math.Clamp(i / window + i % window - half, 0, _length - 1);
        var around = Op("Gather", name + "_around", [x, _onnx.Constant(_step + name + "_places", places)], s_alongTimeAxis);
        var windows = Op("Reshape", name + "_windows", [around, _onnx.Constant(_step + name + "_by_sample", 0, 0, _length, window)]);
        _onnx.Add("TopK", [_step + name + "_lower", _step + name + "_order"], [windows, _onnx.Constant(_step + name + "_half", half + 1)],
            OnnxAttribute.Of("axis", 3L), OnnxAttribute.Of("largest", 0L), OnnxAttribute.Of("sorted", 1L));
        var middle = Op("Gather", name + "_middle", [_step + name + "_lower", _onnx.Constant(_step + name + "_rank", half)],
            OnnxAttribute.Of("axis", 3L));
        return Op("Reshape", name, [middle, _onnx.Constant(_step + name + "_shape", 0, 0, _length)]);
    }

    /// <summary>x - Q (Q^T x), Q an orthonormal basis; what the polynomial explains to single precision becomes zeros.</summary>
    private string Detrend(PolynomialDetrendOptions options, string x)
    {
        if (_length <= options.Degree)
            throw new OnnxExportException(
                $"a trend of degree {options.Degree} needs more than {options.Degree} samples per lead; there are {_length}");
        var polynomials = OrthonormalPolynomials.For(_length, options.Degree);
        var (count, values) = (options.Degree + 1, new double[(options.Degree + 1) * _length]);
        for (var k = 0; k < count; k++)
            polynomials[k].CopyTo(values.AsSpan(k * _length));
        var basis = _onnx.Constant(_step + "basis", [count, _length], values);
        var transposed = Op("Transpose", "basis_by_time", [basis]);
        var trend = Op("MatMul", "trend", [Op("MatMul", "coefficients", [x, transposed]), basis]);
        var rest = Op("Sub", "without_trend", [x, trend]);
        var smallest =
            Op("Mul", "resolution", [Largest(x, "given"), _onnx.Scalar(_step + "single_resolution", PolynomialDetrend.SingleResolution)]);
        return Op("Where", "result", [Op("Greater", "is_more_than_rounding", [Largest(rest, "left"), smallest]), rest, Zero]);
    }

    private string MaxAbs(string x)
    {
        var centred = Op("Sub", "centred", [x, Quantile(Sorted(x), 0.5, "median")]);
        return Op("Div", "result", [centred, UnlessZero(Largest(centred, "largest"))]);
    }

    private string ZScore(string x)
    {
        var isAlive = IsAlive(x);
        var centred = Op("Sub", "centred", [x, Op("ReduceMean", "mean", [x], s_alongTime)]);
        var deviation = Op("Sqrt", "deviation", [Op("ReduceMean", "variance", [Op("Mul", "squares", [centred, centred])], s_alongTime)]);
        return Op("Where", "result", [isAlive, Op("Div", "scaled", [centred, UnlessZero(deviation)]), Zero]);
    }

    private string Robust(string x)
    {
        var sorted = Sorted(x);
        var range = Op("Sub", "range", [Quantile(sorted, 0.75, "upper"), Quantile(sorted, 0.25, "lower")]);
        return Op("Div", "result", [Op("Sub", "centred", [x, Quantile(sorted, 0.5, "median")]), UnlessZero(range)]);
    }

    private string MinMax(string x)
    {
        var isAlive = IsAlive(x);
        var (low, high) = (_step + "low", _step + "high");
        var factor = Op("Div", "factor", [_onnx.Scalar(_step + "two", 2), UnlessZero(Op("Sub", "range", [high, low]))]);
        var scaled = Op("Sub", "scaled",
            [Op("Mul", "from_zero_to_two", [Op("Sub", "from_zero", [x, low]), factor]), _onnx.Scalar(_step + "one", 1)]);
        return Op("Where", "result", [isAlive, scaled, Zero]);
    }

    private string FixedScale(FixedScaleOptions options, string x)
    {
        var centred = options.SubtractMedian ? Op("Sub", "centred", [x, Quantile(Sorted(x), 0.5, "median")]) : x;
        var scaled = Op("Mul", "scaled", [centred, _onnx.Scalar(_step + "by", options.Factor)]);
        return Op("Clip", "result", [scaled, _onnx.Scalar(_step + "least", -options.Clip), _onnx.Scalar(_step + "most", options.Clip)]);
    }

    private string Zero => _onnx.Scalar("preprocessing/zero", 0);

    private string Op(string operation, string name, string[] inputs, params ReadOnlySpan<OnnxAttribute> attributes) =>
        _onnx.Add(operation, _step + name, inputs, attributes);

    private string Largest(string x, string name) => Op("ReduceMax", name + "_largest", [Op("Abs", name + "_magnitude", [x])], s_alongTime);

    /// <summary>Whether a lead's samples differ.</summary>
    private string IsAlive(string x) =>
        Op("Greater", "is_alive", [Op("ReduceMax", "high", [x], s_alongTime), Op("ReduceMin", "low", [x], s_alongTime)]);

    private string UnlessZero(string divisor) =>
        Op("Where", "divisor", [Op("Greater", "is_positive", [divisor, Zero]), divisor, _onnx.Scalar("preprocessing/one", 1)]);

    private string Sorted(string x)
    {
        _onnx.Add("TopK", [_step + "sorted", _step + "order"], [x, _onnx.Constant(_step + "count", _length)],
            OnnxAttribute.Of("axis", 2L), OnnxAttribute.Of("largest", 0L), OnnxAttribute.Of("sorted", 1L));
        return _step + "sorted";
    }

    /// <summary>As OrderStatistics: linear between order statistics, and one of them itself where it is met.</summary>
    private string Quantile(string sorted, double fraction, string name)
    {
        var position = fraction * (_length - 1);
        var rank = (int)position;
        var low = Rank(rank, rank == position ? name : name + "_below");
        if (rank == position)
            return low;
        var step = Op("Mul", name + "_step",
            [Op("Sub", name + "_gap", [Rank(rank + 1, name + "_above"), low]), _onnx.Scalar(_step + name + "_share", position - rank)]);
        return Op("Add", name, [low, step]);

        string Rank(int at, string called) =>
            Op("Gather", called, [sorted, _onnx.Constant(_step + called + "_rank", at)], OnnxAttribute.Of("axis", 2L));
    }
}
