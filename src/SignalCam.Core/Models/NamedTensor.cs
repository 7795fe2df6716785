using System.Buffers.Binary;

namespace SignalCam.Core.Models;

/// <summary>Element types, named as in safetensors.</summary>
public enum TensorDType
{
    /// <summary>32-bit float.</summary>
    F32,

    /// <summary>64-bit float.</summary>
    F64,

    /// <summary>16-bit float (IEEE 754 binary16).</summary>
    F16,

    /// <summary>16-bit float with the exponent of a 32-bit one.</summary>
    BF16,

    /// <summary>64-bit signed integer.</summary>
    I64,

    /// <summary>32-bit signed integer.</summary>
    I32,

    /// <summary>16-bit signed integer.</summary>
    I16,

    /// <summary>8-bit unsigned integer.</summary>
    U8,

    /// <summary>One byte, 0 or 1.</summary>
    Bool,
}

/// <summary>A tensor as it stands in a file: name, element type, shape and little-endian elements in row-major order.</summary>
/// <remarks>
/// Immutable by convention: arrays that are given to it, or that it gives, must not be changed. Safe for concurrent readers.
/// </remarks>
public sealed class NamedTensor
{
    /// <summary>Wraps elements without copying them.</summary>
    /// <param name="name">The tensor's name, such as "last_conv.weight".</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="shape">Sizes of the dimensions, none of them negative; empty for a scalar.</param>
    /// <param name="data">Little-endian elements in row-major order: the product of the shape times the element's size.</param>
    /// <exception cref="ArgumentException">The data do not have the size that the shape asks for.</exception>
    public NamedTensor(string name, TensorDType dtype, long[] shape, ReadOnlyMemory<byte> data)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(shape);
        if (!Enum.IsDefined(dtype))
            throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "not an element type");
        if (!TryCount(shape, out var count) || count * dtype.Size() != data.Length)
            throw new ArgumentException(
                $"tensor '{name}': {data.Length} bytes do not make {dtype} of shape [{string.Join(", ", shape)}]", nameof(data));
        Name = name;
        DType = dtype;
        Shape = shape;
        Data = data;
    }

    /// <summary>Copies 32-bit floats.</summary>
    /// <exception cref="ArgumentException">The number of values is not the product of the shape.</exception>
    public NamedTensor(string name, long[] shape, ReadOnlySpan<float> values)
        : this(name, TensorDType.F32, shape, Encode(values, sizeof(float), BinaryPrimitives.WriteSingleLittleEndian))
    {
    }

    /// <summary>Copies 64-bit floats.</summary>
    /// <exception cref="ArgumentException">The number of values is not the product of the shape.</exception>
    public NamedTensor(string name, long[] shape, ReadOnlySpan<double> values)
        : this(name, TensorDType.F64, shape, Encode(values, sizeof(double), BinaryPrimitives.WriteDoubleLittleEndian))
    {
    }

    /// <summary>Copies 64-bit integers.</summary>
    /// <exception cref="ArgumentException">The number of values is not the product of the shape.</exception>
    public NamedTensor(string name, long[] shape, ReadOnlySpan<long> values)
        : this(name, TensorDType.I64, shape, Encode(values, sizeof(long), BinaryPrimitives.WriteInt64LittleEndian))
    {
    }

    private delegate void ElementWriter<T>(Span<byte> target, T value);

    private delegate T ElementReader<T>(ReadOnlySpan<byte> element);

    /// <summary>The tensor's name.</summary>
    public string Name { get; }

    /// <summary>Element type.</summary>
    public TensorDType DType { get; }

    /// <summary>Sizes of the dimensions; empty for a scalar.</summary>
    public long[] Shape { get; }

    /// <summary>Little-endian elements in row-major order.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>Number of elements.</summary>
    public int Count => Data.Length / DType.Size();

    /// <summary>The elements as 32-bit floats; wider ones are rounded.</summary>
    public float[] ToSingles() => DType switch
    {
        TensorDType.F32 => Decode(BinaryPrimitives.ReadSingleLittleEndian),
        TensorDType.F64 => Decode(e => (float)BinaryPrimitives.ReadDoubleLittleEndian(e)),
        TensorDType.F16 => Decode(e => (float)BinaryPrimitives.ReadHalfLittleEndian(e)),
        TensorDType.BF16 => Decode(ReadBFloat16),
        _ => Decode(e => (float)ReadInteger(e)),
    };

    /// <summary>The elements as 64-bit floats; integers beyond 2^53 are rounded.</summary>
    public double[] ToDoubles() => DType switch
    {
        TensorDType.F32 => Decode(e => (double)BinaryPrimitives.ReadSingleLittleEndian(e)),
        TensorDType.F64 => Decode(BinaryPrimitives.ReadDoubleLittleEndian),
        TensorDType.F16 => Decode(e => (double)BinaryPrimitives.ReadHalfLittleEndian(e)),
        TensorDType.BF16 => Decode(e => (double)ReadBFloat16(e)),
        _ => Decode(e => (double)ReadInteger(e)),
    };

    /// <summary>The elements as 64-bit integers; true is 1.</summary>
    /// <exception cref="InvalidOperationException">The elements are floats.</exception>
    public long[] ToInt64s() => DType is TensorDType.F32 or TensorDType.F64 or TensorDType.F16 or TensorDType.BF16
        ? throw new InvalidOperationException($"tensor '{Name}' holds {DType}, not integers")
        : Decode(ReadInteger);

    /// <summary>For messages: "last_conv.weight F32 [64, 32, 7]".</summary>
    public override string ToString() => $"{Name} {DType} [{string.Join(", ", Shape)}]";

    /// <summary>The number of elements of a shape; false where it is negative or beyond any file's size.</summary>
    internal static bool TryCount(ReadOnlySpan<long> shape, out long count)
    {
        count = 1;
        var hasZero = false;
        foreach (var size in shape)
        {
            if (size < 0)
                return false;
            hasZero |= size == 0;
        }
        if (hasZero)
        {
            count = 0;
            return true;
        }
        foreach (var size in shape)
        {
            if (size > int.MaxValue / count)
                return false;
            count *= size;
        }
        return true;
    }

    private static byte[] Encode<T>(ReadOnlySpan<T> values, int size, ElementWriter<T> write)
    {
        var bytes = new byte[values.Length * size];
        for (var i = 0; i < values.Length; i++)
            write(bytes.AsSpan(i * size), values[i]);
        return bytes;
    }

    private T[] Decode<T>(ElementReader<T> read)
    {
        var data = Data.Span;
        var size = DType.Size();
        var values = new T[Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = read(data.Slice(i * size, size));
        return values;
    }

    private static float ReadBFloat16(ReadOnlySpan<byte> element) =>
        BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadInt16LittleEndian(element) << 16);

    private long ReadInteger(ReadOnlySpan<byte> element) => DType switch
    {
        TensorDType.I64 => BinaryPrimitives.ReadInt64LittleEndian(element),
        TensorDType.I32 => BinaryPrimitives.ReadInt32LittleEndian(element),
        TensorDType.I16 => BinaryPrimitives.ReadInt16LittleEndian(element),
        TensorDType.Bool => element[0] == 0 ? 0 : 1,
        _ => element[0],
    };
}

/// <summary>Sizes of the element types.</summary>
internal static class TensorDTypes
{
    public static int Size(this TensorDType dtype) => dtype switch
    {
        TensorDType.F64 or TensorDType.I64 => 8,
        TensorDType.F32 or TensorDType.I32 => 4,
        TensorDType.F16 or TensorDType.BF16 or TensorDType.I16 => 2,
        _ => 1,
    };
}
