using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Models;

public class PyTorchCheckpointTests
{
    private static readonly byte[] SixFloats = [.. Enumerable.Range(0, 6).SelectMany(i => BitConverter.GetBytes((float)i))];

    [SkippableFact]
    public void The_released_weights_are_imported_bit_for_bit()
    {
        var expected = SafetensorsFile.Load(TestData.Shared("golden/model_0.safetensors")).Tensors;

        var imported = PyTorchCheckpoint.Load(TestData.Shared("golden/model_0.pt"));

        Assert.Equal(expected.Select(t => (t.Name, t.DType)), imported.Select(t => (t.Name, t.DType)));
        foreach (var (want, got) in expected.Zip(imported))
        {
            Assert.True(want.Data.Span.SequenceEqual(got.Data.Span), want.Name);
            // The conversion gave the scalar num_batches_tracked one dimension.
            Assert.Equal(got.Shape.Length == 0 ? [1] : got.Shape, want.Shape);
        }
    }

    [Theory]
    [InlineData("Float", 4, TensorDType.F32)]
    [InlineData("Double", 8, TensorDType.F64)]
    [InlineData("Half", 2, TensorDType.F16)]
    [InlineData("BFloat16", 2, TensorDType.BF16)]
    [InlineData("Long", 8, TensorDType.I64)]
    [InlineData("Int", 4, TensorDType.I32)]
    [InlineData("Short", 2, TensorDType.I16)]
    [InlineData("Byte", 1, TensorDType.U8)]
    [InlineData("Bool", 1, TensorDType.Bool)]
    public void Every_kind_of_storage_is_read(string kind, int size, TensorDType dtype)
    {
        byte[] bytes = [.. Enumerable.Range(1, 2 * size).Select(i => (byte)i)];
        var tensor = Assert.Single(Read(new Pickle().Dict("t", p => p.Tensor([2], [1], 0, 2, kind)), ("data/0", bytes)));

        Assert.Equal(("t", dtype), (tensor.Name, tensor.DType));
        Assert.True(bytes.AsSpan().SequenceEqual(tensor.Data.Span));
    }

    [Theory]
    [InlineData(new long[] { 2, 3 }, new long[] { 3, 1 }, 0, new float[] { 0, 1, 2, 3, 4, 5 })]
    [InlineData(new long[] { 3, 2 }, new long[] { 1, 3 }, 0, new float[] { 0, 3, 1, 4, 2, 5 })]
    [InlineData(new long[] { 2, 2 }, new long[] { 2, 1 }, 1, new float[] { 1, 2, 3, 4 })]
    [InlineData(new long[] { 2, 2 }, new long[] { 3, 2 }, 0, new float[] { 0, 2, 3, 5 })]
    [InlineData(new long[] { 2 }, new long[] { 1 }, 4, new float[] { 4, 5 })]
    [InlineData(new long[] { 2, 1, 2 }, new long[] { 2, 999, 1 }, 1, new float[] { 1, 2, 3, 4 })]
    [InlineData(new long[] { 3 }, new long[] { 0 }, 5, new float[] { 5, 5, 5 })]
    [InlineData(new long[] { }, new long[] { }, 3, new float[] { 3 })]
    [InlineData(new long[] { 0, 4 }, new long[] { 4, 1 }, 0, new float[] { })]
    public void Views_of_a_storage_are_read_in_row_major_order(long[] shape, long[] strides, long offset, float[] expected)
    {
        var tensor = Assert.Single(Read(new Pickle().Dict("t", p => p.Tensor(shape, strides, offset, 6)), ("data/0", SixFloats)));

        Assert.Equal(shape, tensor.Shape);
        Assert.Equal(expected, tensor.ToSingles());
    }

    [Fact]
    public void A_state_dict_within_a_checkpoint_is_found_by_its_key()
    {
        var pickle = new Pickle().Raw("}(").Text("epoch").Raw("K\x07").Text("lr").Raw("G\x3f\x50\x62\x4d\xd2\xf1\xa9\xfc").Text("history")
            .Raw("](K\x01\x8a\x02\xff\xff" + "Ne")
            .Text("state_dict").Raw("}").Text("w").Parameter(p => p.Tensor([6], [1], 0, 6)).Raw("su.");

        Assert.Equal("w", Assert.Single(Read(pickle, "state_dict", ("data/0", SixFloats))).Name);
        Assert.Contains("'epoch', 'lr', 'history', 'state_dict'", Refused(pickle, "model").Found, StringComparison.Ordinal);
        Assert.Contains("an integer under 'epoch'", Refused(pickle, null).Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cos\nsystem\nX\x05\0\0\0touch\x85R.", "global 'os.system'", 2)]
    [InlineData("(cposix\nsystem\n", "global 'posix.system'", 3)]
    [InlineData("c__builtin__\neval\n", "global '__builtin__.eval'", 2)]
    [InlineData("cbuiltins\ngetattr\n", "global 'builtins.getattr'", 2)]
    [InlineData("ctorch\nload\n", "global 'torch.load'", 2)]
    [InlineData("ctorch\nCharStorage\n", "global 'torch.CharStorage'", 2)]
    [InlineData("ctorch._utils\n_rebuild_tensor\n", "global 'torch._utils._rebuild_tensor'", 2)]
    [InlineData("(S'ls'\nios\nsystem\n", "STRING", 3)]
    [InlineData("(ios\nsystem\n", "INST", 3)]
    [InlineData("X\x02\0\0\0osX\x06\0\0\0system\x93", "STACK_GLOBAL", 20)]
    [InlineData("ccollections\nOrderedDict\n)\x81", "NEWOBJ", 28)]
    [InlineData("\x82\x01", "EXT1", 2)]
    [InlineData("P1\n", "PERSID", 2)]
    [InlineData("\xff", "0xFF", 2)]
    public void Anything_beyond_a_dict_of_tensors_is_refused_by_name_and_position(string pickle, string found, int position)
    {
        var error = Refused(new Pickle().Raw(pickle), null);

        Assert.Contains(found, error.Found, StringComparison.Ordinal);
        Assert.Equal($"data.pkl byte {position}", error.Position);
    }

    [Theory]
    [InlineData("", "end of the pickle")]
    [InlineData(".", "nothing on the stack")]
    [InlineData("N.", "None")]
    [InlineData("X\xff\xff\xff\xff" + "a", "end of the pickle")]
    [InlineData("X\x02\0\0\0\xc3\x28.", "UTF-8")]
    [InlineData("t", "no mark")]
    [InlineData("(\x85", "nothing on the stack")]
    [InlineData("h\x05", "memo 5")]
    [InlineData("\x8a\x09\0\0\0\0\0\0\0\0\x01", "9 bytes")]
    [InlineData("}K\x01s", "nothing on the stack")]
    [InlineData("}(K\x01u", "pairs")]
    [InlineData("}NNs", "None")]
    [InlineData("}(K\x01NK\x01Nu", "second '1'")]
    [InlineData("NNb", "None")]
    [InlineData("NN)R", "a call of None")]
    [InlineData("ccollections\nOrderedDict\n(K\x01tR", "collections.OrderedDict")]
    [InlineData("ctorch._utils\n_rebuild_tensor_v2\n)R", "_rebuild_tensor_v2")]
    [InlineData("ctorch\nFloatStorage\n)R", "torch.FloatStorage")]
    [InlineData("NQ", "None")]
    [InlineData("\x80\x04", "protocol 4")]
    public void A_pickle_that_makes_no_sense_is_refused(string pickle, string found)
    {
        var error = Refused(new Pickle().Raw(pickle), null);
        Assert.Contains(found, error.Found + error.Expected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new long[] { 7 }, new long[] { 1 }, 0, 6)]
    [InlineData(new long[] { 6 }, new long[] { 1 }, 1, 6)]
    [InlineData(new long[] { 1 }, new long[] { 1 }, -1, 6)]
    [InlineData(new long[] { 2 }, new long[] { -1 }, 1, 6)]
    [InlineData(new long[] { -1 }, new long[] { 1 }, 0, 6)]
    [InlineData(new long[] { 6 }, new long[] { }, 0, 6)]
    [InlineData(new long[] { 1000000000 }, new long[] { 0 }, 0, 6)]
    [InlineData(new long[] { 4294967296, 4294967296 }, new long[] { 0, 0 }, 0, 6)]
    [InlineData(new long[] { 2, 2 }, new long[] { long.MaxValue, long.MaxValue }, 0, 6)]
    [InlineData(new long[] { 7 }, new long[] { 1 }, 0, 7)]
    [InlineData(new long[] { 1 }, new long[] { 1 }, 0, 5)]
    [InlineData(new long[] { 1 }, new long[] { 1 }, 0, long.MaxValue)]
    public void A_view_that_leaves_its_storage_is_refused(long[] shape, long[] strides, long offset, long count) =>
        Assert.Throws<ModelFormatException>(
            () => Read(new Pickle().Dict("t", p => p.Tensor(shape, strides, offset, count)), ("data/0", SixFloats)));

    [Fact]
    public void Copies_of_views_are_bounded_by_the_size_of_the_file()
    {
        var pickle = new Pickle().Raw("}(").Text("0").Tensor([100, 100], [1, 100], 0, 10000).Raw("q\x09");
        for (var i = 1; i < 200; i++)
            pickle.Text($"{i}").Raw("h\x09");
        pickle.Raw("u.");

        Assert.Contains("larger than the file",
            Assert.Throws<ModelFormatException>(() => Read(pickle, ("data/0", new byte[40000]))).Found, StringComparison.Ordinal);
    }

    [Fact]
    public void Archives_that_are_no_checkpoints_are_refused()
    {
        var good = new Pickle().Dict("t", p => p.Tensor([6], [1], 0, 6));
        (string, byte[]) data = ("data/0", SixFloats);

        Assert.Contains("zip", Refuse([0x80, 2, (byte)'}', (byte)'.']).Found, StringComparison.Ordinal);
        Assert.Contains("zip", Refuse([]).Found, StringComparison.Ordinal);
        Assert.Contains("without data.pkl", Refuse(Zip(null, data)).Found, StringComparison.Ordinal);
        Assert.Contains("several data.pkl", Refuse(Zip(good, data, ("sub/data.pkl", []))).Found, StringComparison.Ordinal);
        Assert.Contains("no such entry", Refuse(Zip(good)).Found, StringComparison.Ordinal);
        Assert.Contains("'big'", Refuse(Zip(good, data, ("byteorder", "big"u8.ToArray()))).Found, StringComparison.Ordinal);
        Assert.Single(PyTorchCheckpoint.Read(Zip(good, data, ("byteorder", "little"u8.ToArray())), "m.pt"));
    }

    [Fact]
    public void A_compressed_entry_is_refused_before_it_is_unpacked()
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = zip.CreateEntry("m/data.pkl", CompressionLevel.SmallestSize).Open();
            entry.Write(new byte[10_000_000]);
        }

        var error = Refuse(stream.ToArray());

        Assert.Equal(("data.pkl", "a compressed entry"), (error.Position, error.Found));
    }

    [SkippableFact]
    public void Mutated_checkpoints_give_tensors_or_a_format_error()
    {
        var crafted = Zip(new Pickle().Raw("}(").Text("a").Tensor([2, 3], [1, 2], 0, 6).Text("b").Parameter(p => p.Tensor([6], [1], 0, 6))
            .Raw("u."), ("data/0", SixFloats));
        var real = File.ReadAllBytes(TestData.Shared("golden/model_0.pt"));
        var random = new EcgRandom(11);
        var (read, refused) = (0, 0);
        for (var round = 0; round < 4000; round++)
        {
            var bytes = (round % 4 == 0 ? real : crafted).AsSpan().ToArray();
            // The first and last bytes of the real file hold its pickle and its directory.
            for (var changes = 1 + random.Below(4); changes > 0; changes--)
                bytes[random.Chance(0.5) ? random.Below(Math.Min(4000, bytes.Length)) : bytes.Length - 1
                    - random.Below(Math.Min(3000, bytes.Length))] = (byte)random.Below(256);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                PyTorchCheckpoint.Read(bytes.AsMemory(0, random.Chance(0.05) ? random.Below(bytes.Length) : bytes.Length), "m.pt");
                read++;
            }
            catch (ModelFormatException)
            {
                refused++;
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8_000_000);
        }
        Assert.True(read > 100 && refused > 100, $"{read} read, {refused} refused");
    }

    private static ModelFormatException Refused(Pickle pickle, string? key) =>
        Assert.Throws<ModelFormatException>(() => Read(pickle, key, ("data/0", SixFloats)));

    private static ModelFormatException Refuse(byte[] bytes) =>
        Assert.Throws<ModelFormatException>(() => PyTorchCheckpoint.Read(bytes, "m.pt"));

    private static IReadOnlyList<NamedTensor> Read(
        Pickle pickle, params (string Name, byte[] Bytes)[] entries) => Read(pickle, null, entries);

    private static IReadOnlyList<NamedTensor> Read(Pickle pickle, string? key, params (string Name, byte[] Bytes)[] entries) =>
        PyTorchCheckpoint.Read(Zip(pickle, entries), "m.pt", key);

    private static byte[] Zip(Pickle? pickle, params (string Name, byte[] Bytes)[] entries)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, bytes) in pickle is null ? entries : entries.Prepend(("data.pkl", pickle.ToArray())))
            {
                using var entry = zip.CreateEntry($"m/{name}", CompressionLevel.NoCompression).Open();
                entry.Write(bytes);
            }
        return stream.ToArray();
    }

    /// <summary>Writes pickles opcode by opcode.</summary>
    private sealed class Pickle
    {
        private readonly List<byte> _bytes = [0x80, 2];

        public byte[] ToArray() => [.. _bytes];

        public Pickle Raw(string latin1)
        {
            _bytes.AddRange(Encoding.Latin1.GetBytes(latin1));
            return this;
        }

        public Pickle Text(string text)
        {
            var bytes = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, Encoding.UTF8.GetByteCount(text));
            _bytes.Add((byte)'X');
            _bytes.AddRange(bytes);
            _bytes.AddRange(Encoding.UTF8.GetBytes(text));
            return this;
        }

        public Pickle Number(long value)
        {
            _bytes.AddRange([0x8a, 8, .. BitConverter.GetBytes(value)]);
            return this;
        }

        public Pickle Numbers(long[] values)
        {
            Raw("(");
            foreach (var value in values)
                Number(value);
            return Raw("t");
        }

        public Pickle Tensor(long[] shape, long[] strides, long offset, long count, string kind = "Float") =>
            Raw("ctorch._utils\n_rebuild_tensor_v2\n((").Text("storage").Raw($"ctorch\n{kind}Storage\n").Text("0")
                .Text("cpu").Number(count).Raw("tQ")
                .Number(offset).Numbers(shape).Numbers(strides).Raw("\x89" + "ccollections\nOrderedDict\n)RtR");

        public Pickle Parameter(Func<Pickle, Pickle> tensor) =>
            tensor(Raw("ctorch._utils\n_rebuild_parameter\n(")).Raw("\x88" + "ccollections\nOrderedDict\n)RtR");

        public Pickle Dict(string key, Func<Pickle, Pickle> value) => value(Raw("ccollections\nOrderedDict\n)R").Text(key)).Raw("s}b.");
    }
}
