using System.Buffers.Binary;
using System.Text;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Models;

public class SafetensorsFileTests
{
    [SkippableFact]
    public void A_file_of_the_safetensors_library_is_read()
    {
        var file = SafetensorsFile.Load(TestData.Shared("golden/model_0.safetensors"));

        Assert.Equal("rytisss/XAI_SignalCAM model_0.pt", file.Metadata["source"]);
        Assert.Equal("pre_cnn_extractor.0.weight", file.Tensors[0].Name);
        Assert.Equal([64, 32, 7], file["last_conv.weight"].Shape);
        // 22,273 parameters beside the running statistics of batch norm, as the paper's network has.
        Assert.Equal(22273, file.Tensors.Where(t => !t.Name.Contains("running", StringComparison.Ordinal) && t.DType == TensorDType.F32)
            .Sum(t => t.Count));
        Assert.Null(file.Find("no such tensor"));
    }

    [Fact]
    public void What_is_written_reads_back()
    {
        using var folder = TestData.Folder();
        var file = new SafetensorsFile(
            [
                new NamedTensor("u8", TensorDType.U8, [3], new byte[] { 1, 2, 255 }),
                new NamedTensor("f32", [2, 2], (float[])[1.5f, -0f, float.NaN, float.Epsilon]),
                new NamedTensor("empty", [0, 7], (float[])[]),
                new NamedTensor("scalar", [], (long[])[long.MinValue]),
                new NamedTensor("f64 \"ö\"", [1], (double[])[Math.PI]),
            ],
            new Dictionary<string, string> { ["z"] = "{\"a\": 1}", ["a"] = "line\nbreak" });

        file.Save(folder["m.safetensors"]);
        file.Save(folder["m.safetensors"]);
        var read = SafetensorsFile.Load(folder["m.safetensors"]);

        Assert.Equal(file.Tensors.Select(t => t.ToString()), read.Tensors.Select(t => t.ToString()));
        Assert.All(file.Tensors.Zip(read.Tensors), pair => Assert.True(pair.First.Data.Span.SequenceEqual(pair.Second.Data.Span)));
        Assert.Equal(file.Metadata.OrderBy(m => m.Key), read.Metadata.OrderBy(m => m.Key));
        Assert.Equal(file.ToBytes(), read.ToBytes());
        Assert.Single(Directory.EnumerateFiles(folder.Path));
    }

    [Fact]
    public void Elements_are_aligned_to_their_type()
    {
        var bytes = new SafetensorsFile(
            [
                new NamedTensor("a", TensorDType.U8, [1], new byte[] { 7 }), new NamedTensor("b", [1], (float[])[1]),
                new NamedTensor("c", [1], (double[])[2]),
            ]).ToBytes();

        var start = 8 + BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.Equal(0, start % 8);
        Assert.Equal(2.0, BitConverter.ToDouble(bytes, (int)start));
        Assert.Equal(1f, BitConverter.ToSingle(bytes, (int)start + 8));
        Assert.Equal(7, bytes[start + 12]);
    }

    [Fact]
    public void Elements_convert_between_types()
    {
        static NamedTensor Of(TensorDType dtype, params byte[] bytes) =>
            new("t", dtype, [bytes.Length / (dtype is TensorDType.I32 ? 4 : dtype is TensorDType.U8 or TensorDType.Bool ? 1 : 2)], bytes);

        // 1, -2, the smallest subnormal and infinity of binary16; 1 and -2.5 of bfloat16.
        Assert.Equal([1f, -2f, MathF.Pow(2, -24), float.PositiveInfinity],
            Of(TensorDType.F16, 0, 0x3C, 0, 0xC0, 1, 0, 0, 0x7C).ToSingles());
        Assert.Equal([1.0, -2.5], Of(TensorDType.BF16, 0x80, 0x3F, 0x20, 0xC0).ToDoubles());
        Assert.Equal([-1L, 256], Of(TensorDType.I16, 0xFF, 0xFF, 0, 1).ToInt64s());
        Assert.Equal([-2f], Of(TensorDType.I32, 0xFE, 0xFF, 0xFF, 0xFF).ToSingles());
        Assert.Equal([255.0], Of(TensorDType.U8, 255).ToDoubles());
        Assert.Equal([0L, 1], Of(TensorDType.Bool, 0, 2).ToInt64s());
        Assert.Equal([0.1f], new NamedTensor("t", [1], (double[])[0.1]).ToSingles());
        Assert.Throws<InvalidOperationException>(() => Of(TensorDType.F16, 0, 0).ToInt64s());
    }

    [Fact]
    public void Tensors_that_contradict_themselves_or_each_other_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new NamedTensor("t", [3], (float[])[1, 2]));
        Assert.Throws<ArgumentException>(() => new NamedTensor("t", [-1], (float[])[]));
        Assert.Throws<ArgumentException>(() => new NamedTensor("t", [long.MaxValue, 4], (float[])[]));
        var tensor = new NamedTensor("t", [1], (float[])[1]);
        Assert.Throws<ArgumentException>(() => new SafetensorsFile([tensor, tensor]));
        Assert.Throws<ArgumentException>(() => new SafetensorsFile([new NamedTensor("__metadata__", [1], (float[])[1])]));
    }

    [Theory]
    [InlineData("", 0, "JSON")]
    [InlineData("[]", 0, "StartObject")]
    [InlineData("{}x", 0, "JSON")]
    [InlineData("{}", 1, "0, where")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 3, "4, where")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 5, "4, where")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "0, where")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "4, where")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "distinct")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "the size of F32")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "the size of F32")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "at least 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "at least 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}}""", 4, "the size of F32")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", 8, "two data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "two data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "once each")]
    [InlineData("""{"a":{"dtype":"F32","more":1,"shape":[1],"data_offsets":[0,4]}}""", 4, "once each")]
    [InlineData("""{"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}""", 4, "BF16")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "String")]
    [InlineData("""{"__metadata__":{"a":"1","a":"2"}}""", 0, "distinct")]
    [InlineData("""{"\ud800":1}""", 0, "JSON")]
    public void A_header_that_breaks_the_format_is_refused(string header, int dataLength, string expected)
    {
        var error = Assert.Throws<ModelFormatException>(() => SafetensorsFile.Read(File(header, dataLength), "m.safetensors"));

        Assert.Equal("m.safetensors", error.File);
        Assert.Contains(expected, error.Expected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 1, 0, 0 }, "byte 3")]
    [InlineData(new byte[] { 3, 0, 0, 0, 0, 0, 0, 0, 123, 125 }, "byte 0")]
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255, 123, 125 }, "byte 0")]
    public void A_lying_header_length_is_refused(byte[] bytes, string position) =>
        Assert.Equal(position, Assert.Throws<ModelFormatException>(() => SafetensorsFile.Read(bytes, "m")).Position);

    [Fact]
    public void Mutated_files_give_tensors_or_a_format_error()
    {
        var original = new SafetensorsFile(
            [new NamedTensor("a", [2, 3], new float[6]), new NamedTensor("b", [], (long[])[5])],
            new Dictionary<string, string> { ["k"] = "v" }).ToBytes();
        var random = new EcgRandom(7);
        var (read, refused) = (0, 0);
        for (var round = 0; round < 5000; round++)
        {
            var bytes = original.AsSpan().ToArray();
            for (var changes = 1 + random.Below(3); changes > 0; changes--)
                bytes[random.Below(bytes.Length)] = random.Chance(0.5)
                    ? (byte)random.Below(256)
                    : (byte)"0123456789{}[],\":"[random.Below(17)];
            try
            {
                SafetensorsFile.Read(bytes.AsMemory(0, random.Chance(0.1) ? random.Below(bytes.Length) : bytes.Length), "m");
                read++;
            }
            catch (ModelFormatException)
            {
                refused++;
            }
        }
        Assert.True(read > 100 && refused > 100, $"{read} read, {refused} refused");
    }

    private static byte[] File(string header, int dataLength)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + json.Length + dataLength];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, json.Length);
        json.CopyTo(bytes, 8);
        return bytes;
    }
}
