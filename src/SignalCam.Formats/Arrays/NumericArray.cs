using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace SignalCam.Formats.Arrays;

/// <summary>How a number of an array is stored.</summary>
internal enum ElementKind
{
    Int8,
    UInt8,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Int64,
    UInt64,
    Float16,
    Float32,
    Float64,
}

/// <summary>An array of numbers as a file holds it.</summary>
/// <param name="Name">The variable's or dataset's name; empty if the file names none.</param>
/// <param name="Shape">Length of each axis, the file's way round; the elements are at most <see cref="int.MaxValue"/> where the data are
/// here.</param>
/// <param name="IsColumnMajor">Whether the first axis is the one whose elements lie side by side (MATLAB, Fortran); otherwise the
/// last.</param>
/// <param name="Kind">How the numbers are stored.</param>
/// <param name="IsBigEndian">Whether the most significant byte comes first.</param>
/// <param name="Data">The numbers.</param>
internal sealed record NumericArray(string Name, int[] Shape, bool IsColumnMajor, ElementKind Kind, bool IsBigEndian,
    ReadOnlyMemory<byte> Data)
{
    /// <summary>
    /// For an array that is still in its file: gives rows of the first axis, from one on as many as wanted, as <see cref="Data"/> would
    /// have them. Null if the data are here.
    /// </summary>
    public Func<int, int, byte[]>? Load { get; init; }

    /// <summary>
    /// The array with its data, or with those of one recording, whose axis then has a length of 1 if it could be loaded alone.
    /// </summary>
    /// <param name="recordAxis">The axis of the recordings; -1 for none.</param>
    /// <param name="record">The recording that is wanted.</param>
    public NumericArray Loaded(int recordAxis = -1, int record = 0)
    {
        if (Load is null)
            return this;
        return recordAxis == 0
            ? this with { Shape = [1, .. Shape[1..]], Data = Load(record, 1), Load = null }
            : this with { Data = Load(0, Shape[0]), Load = null };
    }

    /// <summary>Bytes of a number.</summary>
    public static int SizeOf(ElementKind kind) => kind switch
    {
        ElementKind.Int8 or ElementKind.UInt8 => 1,
        ElementKind.Int16 or ElementKind.UInt16 or ElementKind.Float16 => 2,
        ElementKind.Int32 or ElementKind.UInt32 or ElementKind.Float32 => 4,
        _ => 8,
    };

    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (count, axis) => count * axis);

    /// <summary>Axes of more than one element.</summary>
    public int[] LongAxes => [.. Enumerable.Range(0, Shape.Length).Where(axis => Shape[axis] != 1)];

    /// <summary>Distance in elements between neighbours on an axis.</summary>
    public int Stride(int axis)
    {
        var stride = 1;
        var (from, to) = IsColumnMajor ? (0, axis) : (axis + 1, Shape.Length);
        for (var i = from; i < to; i++)
            stride *= Shape[i];
        return stride;
    }

    /// <summary>For messages: "val (12 x 5000)".</summary>
    public override string ToString() => $"{(Name.Length == 0 ? "array" : Name)} ({string.Join(" x ", Shape)})";

    /// <summary>Copies elements at equal distances.</summary>
    /// <param name="start">Index of the first in the order of the data.</param>
    /// <param name="stride">Distance in elements.</param>
    /// <param name="divisor">What each is divided by.</param>
    /// <param name="target">Takes them.</param>
    public void Copy(int start, int stride, double divisor, Span<float> target)
    {
        switch (Kind)
        {
            case ElementKind.Int8: Copy<sbyte>(start, stride, divisor, target); break;
            case ElementKind.UInt8: Copy<byte>(start, stride, divisor, target); break;
            case ElementKind.Int16: Copy<short>(start, stride, divisor, target); break;
            case ElementKind.UInt16: Copy<ushort>(start, stride, divisor, target); break;
            case ElementKind.Int32: Copy<int>(start, stride, divisor, target); break;
            case ElementKind.UInt32: Copy<uint>(start, stride, divisor, target); break;
            case ElementKind.Int64: Copy<long>(start, stride, divisor, target); break;
            case ElementKind.UInt64: Copy<ulong>(start, stride, divisor, target); break;
            case ElementKind.Float16: Copy<Half>(start, stride, divisor, target); break;
            case ElementKind.Float32: Copy<float>(start, stride, divisor, target); break;
            default: Copy<double>(start, stride, divisor, target); break;
        }
    }

    /// <summary>The only element of an array of one.</summary>
    public double? Scalar()
    {
        if (Count != 1)
            return null;
        if (Load is not null)
            return Loaded().Scalar();
        Span<float> value = stackalloc float[1];
        // Rates are whole numbers or short fractions, but a double is a double.
        if (Kind == ElementKind.Float64)
            return BitConverter.Int64BitsToDouble(IsBigEndian ? BinaryPrimitives.ReadInt64BigEndian(Data.Span)
                : BinaryPrimitives.ReadInt64LittleEndian(Data.Span));
        Copy(0, 1, 1, value);
        return value[0];
    }

    private void Copy<T>(int start, int stride, double divisor, Span<float> target)
        where T : unmanaged, INumberBase<T>
    {
        if (IsBigEndian == BitConverter.IsLittleEndian && SizeOf(Kind) > 1)
        {
            CopyReversed<T>(start, stride, divisor, target);
            return;
        }
        var source = MemoryMarshal.Cast<byte, T>(Data.Span);
        for (int i = 0, at = start; i < target.Length; i++, at += stride)
            target[i] = (float)(double.CreateTruncating(source[at]) / divisor);
    }

    private void CopyReversed<T>(int start, int stride, double divisor, Span<float> target)
        where T : unmanaged, INumberBase<T>
    {
        var size = SizeOf(Kind);
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        bytes = bytes[..size];
        for (int i = 0, at = start; i < target.Length; i++, at += stride)
        {
            Data.Span.Slice(at * size, size).CopyTo(bytes);
            bytes.Reverse();
            target[i] = (float)(double.CreateTruncating(MemoryMarshal.Read<T>(bytes)) / divisor);
        }
    }
}
