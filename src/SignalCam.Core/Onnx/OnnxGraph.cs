using System.Runtime.InteropServices;
using SignalCam.Core.Models;

namespace SignalCam.Core.Onnx;

/// <summary>A named number or list of numbers that belongs to an operator.</summary>
internal readonly record struct OnnxAttribute(string Name, float? Number, long[]? Integers, bool IsList)
{
    public static OnnxAttribute Of(string name, float value) => new(name, value, null, false);

    public static OnnxAttribute Of(string name, long value) => new(name, null, [value], false);

    public static OnnxAttribute Of(string name, params long[] values) => new(name, null, values, true);

    public ProtobufMessage ToMessage()
    {
        var message = new ProtobufMessage().Add(OnnxFields.Attribute.Name, Name);
        if (Number is { } number)
            return message.Add(OnnxFields.Attribute.F, number).Add(OnnxFields.Attribute.Type, OnnxFields.Attribute.TypeFloat);
        return IsList
            ? message.Add(OnnxFields.Attribute.Ints, Integers!).Add(OnnxFields.Attribute.Type, OnnxFields.Attribute.TypeInts)
            : message.Add(OnnxFields.Attribute.I, Integers![0]).Add(OnnxFields.Attribute.Type, OnnxFields.Attribute.TypeInt);
    }
}

/// <summary>An ONNX graph that is being written: operators in the order of computation, constants, inputs and outputs.</summary>
internal sealed class OnnxGraph(string name)
{
    private readonly ProtobufMessage _message = new ProtobufMessage().Add(OnnxFields.Graph.Name, name);
    private readonly HashSet<string> _constants = new(StringComparer.Ordinal);

    /// <summary>The name of a value in between, of a layer that is written as several operators.</summary>
    public static string Part(string layer, string part) => $"parts/{layer}/{part}";

    /// <summary>Adds an operator with one output; gives the output's name.</summary>
    public string Add(string operation, string output, string[] inputs, params ReadOnlySpan<OnnxAttribute> attributes) =>
        Add(operation, [output], inputs, attributes);

    /// <summary>Adds an operator; gives its first output's name.</summary>
    public string Add(string operation, string[] outputs, string[] inputs, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        var node = new ProtobufMessage();
        foreach (var input in inputs)
            node.Add(OnnxFields.Node.Input, input);
        foreach (var output in outputs)
            node.Add(OnnxFields.Node.Output, output);
        node.Add(OnnxFields.Node.Name, outputs[0]).Add(OnnxFields.Node.OpType, operation);
        foreach (var attribute in attributes)
            node.Add(OnnxFields.Node.Attribute, attribute.ToMessage());
        _message.Add(OnnxFields.Graph.Node, node);
        return outputs[0];
    }

    /// <summary>Adds a constant; gives its name. One that is there already is not added again.</summary>
    public string Constant(string constant, long[] shape, ReadOnlySpan<float> values) =>
        Constant(constant, OnnxType.Single, shape, new NamedTensor(constant, shape, values).Data);

    /// <summary>Adds a constant of the type that is computed with.</summary>
    public string Constant(string constant, long[] shape, ReadOnlySpan<double> values, OnnxType type = OnnxType.Double)
    {
        if (type == OnnxType.Double)
            return Constant(constant, type, shape, new NamedTensor(constant, shape, values).Data);
        var singles = new float[values.Length];
        for (var i = 0; i < singles.Length; i++)
            singles[i] = (float)values[i];
        return Constant(constant, shape, singles);
    }

    /// <summary>Adds integers, such as places to gather from.</summary>
    public string Constant(string constant, params ReadOnlySpan<long> values) =>
        Constant(constant, OnnxType.Int64, [values.Length], new NamedTensor(constant, [values.Length], values).Data);

    /// <summary>Adds yes and no.</summary>
    public string Constant(string constant, ReadOnlySpan<bool> values) =>
        Constant(constant, OnnxType.Bool, [values.Length], MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>A number without dimensions.</summary>
    public string Scalar(string constant, double value) => Constant(constant, [], [value]);

    /// <summary>Names an input (batch, further dimensions) of single precision; the batch is of any size.</summary>
    public void Input(string input, long[] dimensions, string description) =>
        _message.Add(OnnxFields.Graph.Input, Value(input, dimensions, description));

    /// <summary>Names an output of an operator as one of the graph.</summary>
    public void Output(string output, long[] dimensions, string description) =>
        _message.Add(OnnxFields.Graph.Output, Value(output, dimensions, description));

    public ProtobufMessage ToMessage() => _message;

    private string Constant(string constant, OnnxType type, long[] shape, ReadOnlyMemory<byte> data)
    {
        if (_constants.Add(constant))
            _message.Add(OnnxFields.Graph.Initializer, new ProtobufMessage()
                .Add(OnnxFields.Tensor.Dims, shape)
                .Add(OnnxFields.Tensor.DataType, (long)type)
                .Add(OnnxFields.Tensor.Name, constant)
                .Add(OnnxFields.Tensor.RawData, data));
        return constant;
    }

    private static ProtobufMessage Value(string value, long[] dimensions, string description)
    {
        var shape = new ProtobufMessage()
            .Add(OnnxFields.ValueInfo.Dimension, new ProtobufMessage().Add(OnnxFields.ValueInfo.DimensionParameter, "batch"));
        foreach (var dimension in dimensions)
            shape.Add(OnnxFields.ValueInfo.Dimension, new ProtobufMessage().Add(OnnxFields.ValueInfo.DimensionValue, dimension));
        var tensor = new ProtobufMessage().Add(OnnxFields.ValueInfo.ElementType, (long)OnnxType.Single)
            .Add(OnnxFields.ValueInfo.Shape, shape);
        return new ProtobufMessage()
            .Add(OnnxFields.ValueInfo.Name, value)
            .Add(OnnxFields.ValueInfo.Type, new ProtobufMessage().Add(OnnxFields.ValueInfo.TensorType, tensor))
            .Add(OnnxFields.ValueInfo.DocString, description);
    }
}
