using System.Buffers.Binary;

namespace SignalCam.Core.Models;

/// <summary>Stores weights in fewer bits.</summary>
internal static class WeightPrecision
{
    /// <summary>The weights with those of layers in another element type; see <see cref="ModelFile.StoredAs"/>.</summary>
    public static IReadOnlyList<NamedTensor> Convert(IReadOnlyList<NamedTensor> weights, TensorDType type)
    {
        if (type is not (TensorDType.F32 or TensorDType.F16 or TensorDType.BF16))
            throw new ArgumentOutOfRangeException(nameof(type), type, "weights are stored as F32, F16 or BF16");
        return [.. weights.Select(weight => IsOfLayer(weight) && weight.DType != type ? Convert(weight, type) : weight)];
    }

    // Vectors are biases and the scales, shifts and statistics of norms: few, and a variance rounded to zero would be another network.
    private static bool IsOfLayer(NamedTensor weight) =>
        weight.Shape.Length > 1 && weight.DType is TensorDType.F32 or TensorDType.F64 or TensorDType.F16 or TensorDType.BF16;

    private static NamedTensor Convert(NamedTensor weight, TensorDType type)
    {
        var values = weight.ToSingles();
        if (type == TensorDType.F32)
            return new NamedTensor(weight.Name, weight.Shape, values);
        var bytes = new byte[values.Length * sizeof(ushort)];
        for (var i = 0; i < values.Length; i++)
        {
            var bits = type == TensorDType.F16 ? BitConverter.HalfToUInt16Bits((Half)values[i]) : ToBfloat16(values[i]);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(i * sizeof(ushort)), bits);
        }
        var stored = new NamedTensor(weight.Name, type, weight.Shape, bytes);
        if (stored.ToSingles().Index().FirstOrDefault(value => !float.IsFinite(value.Item), (-1, 0)) is (>= 0 and var at, _))
            throw new ArgumentException(
                FormattableString.Invariant($"tensor '{weight.Name}', element {at}: {values[at]} is no finite number in {type}"),
                nameof(weight));
        return stored;
    }

    /// <summary>The upper half of the bits, rounded to the nearest; halves to the even one.</summary>
    private static ushort ToBfloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
