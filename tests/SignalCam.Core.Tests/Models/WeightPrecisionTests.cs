using SignalCam.Abstractions;
using SignalCam.Core.Inference;
using SignalCam.Core.Models;
using SignalCam.Core.Tests.Onnx;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Models;

public sealed class WeightPrecisionTests
{
    private static readonly ModelManifest s_manifest = PassThrough.Manifest(3, 200);

    // IEEE 754-2019, table 3.5: binary16 has 11 bits of significand; bfloat16 is the upper half of binary32. Ties go to the even neighbour.
    [Theory]
    [InlineData(TensorDType.F16, 1f, 0x3C00)]
    [InlineData(TensorDType.F16, 0.1f, 0x2E66)]
    [InlineData(TensorDType.F16, -65504f, 0xFBFF)]
    [InlineData(TensorDType.F16, 5.9604645e-8f, 0x0001)]
    [InlineData(TensorDType.F16, 1.00048828125f, 0x3C00)]
    [InlineData(TensorDType.F16, 1.00146484375f, 0x3C02)]
    [InlineData(TensorDType.BF16, 1f, 0x3F80)]
    [InlineData(TensorDType.BF16, 0.1f, 0x3DCD)]
    [InlineData(TensorDType.BF16, -65504f, 0xC780)]
    [InlineData(TensorDType.BF16, 1.00390625f, 0x3F80)]
    [InlineData(TensorDType.BF16, 1.01171875f, 0x3F82)]
    public void A_weight_is_rounded_to_the_nearest_and_ties_to_even(TensorDType type, float value, int bits)
    {
        var stored = new ModelFile(s_manifest, [new("w", [1, 1], (float[])[value])]).StoredAs(type).Weights[0];
        Assert.Equal((type, bits), (stored.DType, stored.Data.Span[0] | (stored.Data.Span[1] << 8)));
    }

    [Fact]
    public void Vectors_and_counters_stay_as_they_are_and_float32_comes_back_with_the_rounded_values()
    {
        NamedTensor[] weights =
        [
            new("conv.weight", [1, 2], (float[])[0.1f, 0.2f]), new("norm.running_var", [2], (float[])[1e-9f, 0.3f]),
            new("norm.num_batches_tracked", [], (long[])[7]),
        ];
        var file = new ModelFile(s_manifest, weights);
        var half = file.StoredAs(TensorDType.F16);
        Assert.Equal([TensorDType.F16, TensorDType.F32, TensorDType.I64], half.Weights.Select(weight => weight.DType));
        Assert.Equal([1e-9f, 0.3f], half.Weights[1].ToSingles());
        var back = half.StoredAs(TensorDType.F32);
        Assert.Equal([(float)(Half)0.1f, (float)(Half)0.2f], back.Weights[0].ToSingles());
        Assert.Equal(half.Weights[0].ToSingles(), back.Weights[0].ToSingles());
        Assert.Same(weights[0], file.StoredAs(TensorDType.F32).Weights[0]);
    }

    [Theory]
    [InlineData(TensorDType.F16, 65520f)]
    [InlineData(TensorDType.BF16, 3.4e38f)]
    public void A_weight_that_the_type_does_not_reach_is_refused_by_name(TensorDType type, float value)
    {
        var file = new ModelFile(s_manifest, [new("conv.weight", [1, 2], (float[])[1, value])]);
        var e = Assert.Throws<ArgumentException>(() => file.StoredAs(type));
        Assert.Contains("tensor 'conv.weight', element 1", e.Message, StringComparison.Ordinal);
        Assert.Contains($"in {type}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_types_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModelFile(s_manifest, []).StoredAs(TensorDType.I16));

    [Theory]
    [InlineData(TensorDType.F16)]
    [InlineData(TensorDType.BF16)]
    public void A_written_file_is_read_with_its_checksum_and_a_changed_bit_is_found(TensorDType type)
    {
        using var folder = TestData.Folder();
        var file = PassThrough.File(s_manifest).StoredAs(type);
        file.Save(folder["m.safetensors"]);
        var read = ModelFile.Load(folder["m.safetensors"]);
        Assert.Equal(file.Weights.Select(weight => weight.ToString()), read.Weights.Select(weight => weight.ToString()));
        Assert.Contains(read.Weights, weight => weight.DType == type);
        Assert.Equal(file.ToBytes(), read.ToBytes());

        var bytes = file.ToBytes();
        bytes[^1] ^= 1;
        Assert.Contains("SHA-256",
            Assert.Throws<ModelFormatException>(() => ModelFile.Read(bytes, "damaged")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TensorDType.F16, 0x7C00, "Infinity")]
    [InlineData(TensorDType.F16, 0x7E00, "NaN")]
    [InlineData(TensorDType.BF16, 0xFF80, "-Infinity")]
    [InlineData(TensorDType.BF16, 0x7FC0, "NaN")]
    public void Half_precision_weights_that_are_no_numbers_are_refused_when_read(TensorDType type, int bits, string found)
    {
        var weights = new ModelFile(
            s_manifest, [new NamedTensor("conv.weight", type, [1, 2], (byte[])[0, 0, (byte)bits, (byte)(bits >> 8)])]);
        var e = Assert.Throws<ModelFormatException>(() => ModelFile.Read(weights.ToBytes(), "hostile"));
        Assert.Contains("tensor 'conv.weight', element 1", e.Message, StringComparison.Ordinal);
        Assert.Contains($"found {found},", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TensorDType.F16)]
    [InlineData(TensorDType.BF16)]
    public void A_negative_variance_in_half_precision_is_refused(TensorDType type)
    {
        var weights = new ModelFile(s_manifest, [new NamedTensor("norm.running_var", type, [2], (byte[])[0, 0, 0, 0xBC])]);
        Assert.Contains("norm.running_var",
            Assert.Throws<ModelFormatException>(() => ModelFile.Read(weights.ToBytes(), "hostile")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("F16", "[1,2]", 8)]
    [InlineData("BF16", "[1,2]", 3)]
    public void A_header_whose_half_precision_sizes_do_not_add_up_is_refused(string type, string shape, int size)
    {
        var header = $$$"""{"w":{"dtype":"{{{type}}}","shape":{{{shape}}},"data_offsets":[0,{{{size}}}]}}""";
        header = header.PadRight((header.Length + 7) / 8 * 8);
        byte[] bytes = [.. BitConverter.GetBytes((long)header.Length), .. System.Text.Encoding.UTF8.GetBytes(header), .. new byte[size]];
        Assert.Contains(
            "'w'", Assert.Throws<ModelFormatException>(() => SafetensorsFile.Read(bytes, "hostile")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_compiled_scorer_computes_with_what_the_stored_bits_are_worth()
    {
        var half = PassThrough.File(s_manifest).StoredAs(TensorDType.BF16);
        var single = half.StoredAs(TensorDType.F32);
        Assert.Contains(half.Weights, weight => weight.DType == TensorDType.BF16);
        Assert.DoesNotContain(single.Weights, weight => weight.DType == TensorDType.BF16);
        Assert.Equal(Logits(single), Logits(half));

        static float[] Logits(ModelFile file)
        {
            var scorer = CompiledScorer.Create(file);
            var (logits, probabilities) = (new float[scorer.Classes.Count], new float[scorer.Classes.Count]);
            scorer.Score([.. Enumerable.Range(0, 600).Select(i => MathF.Sin(i * 0.37f))], logits, probabilities);
            return logits;
        }
    }
}
