using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using SignalCam.Abstractions;
using SignalCam.Testing;

namespace SignalCam.Formats.Tests.Arrays;

public class ArrayTests
{
    private static readonly EcgReadOptions Known = new() { SamplingRate = 250, Leads = ["II", "V5"], Unit = "mV" };

    /// <summary>Sample t of lead l is l + t / 8, exact in every type of real numbers.</summary>
    private static readonly float[] Samples = [0, 0.125f, 0.25f, 0.375f, 1, 1.125f, 1.25f, 1.375f];

    [Theory]
    [InlineData("<f8", "(2, 4)", false)]
    [InlineData(">f8", "(4, 2)", false)]
    [InlineData("<f4", "(4, 2)", true)]
    [InlineData(">f4", "(2, 4)", true)]
    [InlineData("<f2", "(2, 4)", false)]
    [InlineData("<f4", "(1, 2, 4)", false)]
    public void Numpy_arrays_of_any_order_are_read(string descriptor, string shape, bool isFortran)
    {
        var isLeadFirst = shape is "(2, 4)" or "(1, 2, 4)";
        // Elements in the order of the file: lead-major if the axis of time is the fast one.
        var bytes = Elements(descriptor, isLeadFirst != isFortran);

        var recording = EcgFile.Read(new MemoryStream(Npy(descriptor, shape, isFortran, bytes)), options: Known);

        Assert.Equal("numpy", recording.Format);
        Assert.Equal(new SignalLayout(["II", "V5"], 4, 250), recording.Signal.Layout);
        Assert.Equal(Samples, recording.Signal.Samples.ToArray());
    }

    [Theory]
    [InlineData("|i1", new byte[] { 0, 0xFF, 100, 0x80 })]
    [InlineData("<i2", new byte[] { 0, 0, 0xFF, 0xFF, 100, 0, 0x80, 0xFF })]
    [InlineData(">i4", new byte[] { 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 100, 0xFF, 0xFF, 0xFF, 0x80 })]
    [InlineData("<i8", new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 100, 0, 0, 0, 0, 0, 0, 0, 0x80, 255,
        255, 255, 255, 255, 255, 255 })]
    public void Whole_numbers_are_scaled_by_the_unit(string descriptor, byte[] bytes)
    {
        foreach (var unit in (string[])["uV", "0.001"])
        {
            var recording = EcgFile.Read(new MemoryStream(Npy(descriptor, "(1, 4)", false, bytes)),
                options: new EcgReadOptions { SamplingRate = 250, Leads = ["I"], Unit = unit });
            Assert.Equal([0, -0.001f, 0.1f, -0.128f], recording.Signal.Lead(0).ToArray());
        }
    }

    [Fact]
    public void An_archive_states_its_facts_and_holds_several_recordings()
    {
        var archive = Npz(
            ("X", Npy("<f4", "(2, 4, 2)", false, [.. Elements("<f4", false), .. Elements("<f4", false).Reverse()])),
            ("fs", Npy("<i8", "()", false, BitConverter.GetBytes(400L))),
            ("leads", Npy("<U3", "(2,)", false, [.. Encoding.UTF32.GetBytes("V1\0"), .. Encoding.UTF32.GetBytes("aVF")])),
            ("units", Npy("|S2", "()", false, "mV"u8.ToArray())));

        var first = EcgFile.Read(new MemoryStream(archive));
        var error = Assert.Throws<EcgFormatException>(() => EcgFile.Read(new MemoryStream(archive),
            options: new EcgReadOptions { Index = 2 }));

        Assert.Equal(new SignalLayout(["aVF", "V1"], 4, 400), first.Signal.Layout);
        Assert.Equal("2 recordings in X (2 x 4 x 2)", error.Found);
    }

    [Theory]
    [InlineData("(2, 4)", null, "no sampling rate and array (2 x 4) without the names of leads and no unit",
        "EcgReadOptions.SamplingRate; and a variable leads, or EcgReadOptions.Leads; and mV, uV, nV or V as a variable unit, or Ecg")]
    [InlineData("(2, 2)", "II,V5", "array (2 x 2) for 2 leads", "one axis of 2")]
    [InlineData("(3, 4)", "II,V5", "array (3 x 4) for 2 leads", "one axis of 2")]
    [InlineData("(2, 4, 3)", "II,V5", "array (2 x 4 x 3) for 2 leads", "their axis first")]
    [InlineData("(2, 2, 2, 2)", "II,V5", "array (2 x 2 x 2 x 2) for 2 leads", "one axis of 2")]
    [InlineData("(3, 4)", "II", "array (3 x 4) for 1 leads", "one axis of 1")]
    public void What_does_not_follow_from_facts_is_asked_for(string shape, string? leads, string found, string expected)
    {
        var options = leads is null ? null : new EcgReadOptions { SamplingRate = 250, Leads = leads.Split(','), Unit = "mV" };
        var error = Assert.Throws<EcgFormatException>(() => EcgFile.Read(new MemoryStream(Npy("|u1", shape, false, new byte[24])),
            options: options));

        Assert.Equal(found, error.Found);
        Assert.Contains(expected, error.Expected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (2, 4), }", "Python objects")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2, 4), }", "several fields")]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (2, 4), }", "'<c8'")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 4000000), }", "2 x 4000000")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 2147483647), }", "2147483647 x 2147483647")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-2, 4), }", "an axis of ''")]
    [InlineData("{'descr': '<f4', 'fortran_order': Maybe, 'shape': (2, 4), }", "', 'shape'")]
    [InlineData("{'descr': '<f4', 'shape': (2, 4)", "''")]
    [InlineData("nonsense", "'nonsense")]
    public void A_header_that_cannot_be_read_is_refused(string header, string found) =>
        Assert.Contains(found, Assert.Throws<EcgFormatException>(() =>
            EcgFile.Read(new MemoryStream(NpyWithHeader(header, new byte[64])), options: Known)).Found, StringComparison.Ordinal);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Matlab_variables_are_read_by_type_of_storage_structures_and_lists(bool isCompressed)
    {
        var signal = Mat5Matrix("ECG", 2, [1, 1],
            Mat5Element(5, BitConverter.GetBytes(8)), Mat5Element(1,
                [.. Field("data"), .. Field("fs"), .. Field("leads"), .. Field("sex"), .. Field("unit")]),
            // Whole doubles stored as bytes.
            Mat5Matrix("", 6, [2, 4], Mat5Element(2, [10, 20, 11, 21, 12, 22, 13, 23])),
            Mat5Matrix("", 6, [1, 1], Mat5Element(4, [244, 1])),
            Mat5Matrix("", 1, [1, 2], Mat5Matrix("", 4, [1, 2], Mat5Element(16, "II"u8.ToArray())),
                Mat5Matrix("", 4, [1, 2], Mat5Element(4, [(byte)'V', 0, (byte)'5', 0]))),
            Mat5Matrix("", 4, [1, 4], Mat5Element(16, "Male"u8.ToArray())),
            Mat5Matrix("", 4, [1, 2], Mat5Element(16, "uV"u8.ToArray())));

        var recording = EcgFile.Read(new MemoryStream(Mat5(isCompressed ? Compressed(signal) : signal)),
            options: new EcgReadOptions { IncludePatient = true });

        Assert.Equal("matlab", recording.Format);
        Assert.Equal(new SignalLayout(["II", "V5"], 4, 500), recording.Signal.Layout);
        Assert.Equal([0.010f, 0.011f, 0.012f, 0.013f, 0.020f, 0.021f, 0.022f, 0.023f], recording.Signal.Samples.ToArray());
        Assert.Equal("Male", recording.Patient["sex"]);
        Assert.Equal(["uV", "uV"], recording.Units);
    }

    [Fact]
    public void Recordings_of_matlab_are_the_last_axis_unless_both_may_be()
    {
        var bytes = Enumerable.Range(0, 24).Select(i => (byte)i).ToArray();
        var three = Mat5(Mat5Matrix("val", 9, [2, 4, 3], Mat5Element(2, bytes)));
        Assert.Equal([8, 10, 12, 14, 9, 11, 13, 15], EcgFile.Read(new MemoryStream(three),
            options: new EcgReadOptions { SamplingRate = 250, Leads = ["II", "V5"], Unit = "mV", Index = 1 }).Signal.Samples.ToArray());

        var ambiguous = Mat5(Mat5Matrix("val", 9, [3, 2, 4], Mat5Element(2, bytes)));
        Assert.Contains("val (3 x 2 x 4)", Assert.Throws<EcgFormatException>(() =>
            EcgFile.Read(new MemoryStream(ambiguous), options: Known)).Found, StringComparison.Ordinal);
    }

    [Fact]
    public void Level_4_is_read_in_both_byte_orders()
    {
        foreach (var isBigEndian in (bool[])[false, true])
        {
            byte[] Number(int value)
            {
                var bytes = new byte[4];
                if (isBigEndian)
                    BinaryPrimitives.WriteInt32BigEndian(bytes, value);
                else
                    BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
                return bytes;
            }
            short[] values = [0, 1000, 125, 1125, 250, 1250, 375, 1375];
            byte[] data = [.. values.SelectMany(v => isBigEndian ? [(byte)(v >> 8), (byte)v] : BitConverter.GetBytes(v))];
            byte[] file = [.. Number(isBigEndian ? 1030 : 30), .. Number(2), .. Number(4), .. Number(0), .. Number(4), .. "val\0"u8,
                .. data];

            var recording = EcgFile.Read(new MemoryStream(file),
                options: new EcgReadOptions { SamplingRate = 250, Leads = ["II", "V5"], Unit = "uV" });

            Assert.Equal(Samples, recording.Signal.Samples.ToArray());
        }
    }

    [Fact]
    public void Several_arrays_are_told_apart_by_name_or_refused()
    {
        var one = Npy("|i1", "(2, 4)", false, [0, 1, 2, 3, 4, 5, 6, 7]);
        Assert.Equal(7, EcgFile.Read(new MemoryStream(Npz(("other", one), ("signal", one))), options: Known).Signal.Lead(1)[3]);
        var error = Assert.Throws<EcgFormatException>(() => EcgFile.Read(new MemoryStream(Npz(("a", one), ("b", one))), options: Known));
        Assert.Equal("2 arrays (a (2 x 4), b (2 x 4))", error.Found);
    }

    private static byte[] Elements(string descriptor, bool isLeadMajor)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < 8; i++)
        {
            var value = isLeadMajor ? Samples[i] : Samples[(i % 2 * 4) + (i / 2)];
            byte[] element = descriptor[1..] switch { "f8" => BitConverter.GetBytes((double)value), "f4" => BitConverter.GetBytes(value),
                _ => BitConverter.GetBytes((Half)value) };
            bytes.AddRange(descriptor[0] == '>' ? element.Reverse() : element);
        }
        return [.. bytes];
    }

    internal static byte[] Npy(string descriptor, string shape, bool isFortran, byte[] data) =>
        NpyWithHeader($"{{'descr': '{descriptor}', 'fortran_order': {(isFortran ? "True" : "False")}, 'shape': {shape}, }}", data);

    private static byte[] NpyWithHeader(string header, byte[] data)
    {
        var text = Encoding.ASCII.GetBytes(header.PadRight(117) + "\n");
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. text, .. data];
    }

    internal static byte[] Npz(params (string Name, byte[] Array)[] arrays)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, array) in arrays)
                using (var entry = archive.CreateEntry(name + ".npy").Open())
                    entry.Write(array);
        return stream.ToArray();
    }

    internal static byte[] Mat5(params byte[] elements)
    {
        var header = new byte[128];
        "MATLAB 5.0 MAT-file"u8.CopyTo(header);
        header.AsSpan(19, 105).Fill((byte)' ');
        (header[124], header[125], header[126], header[127]) = (0, 1, (byte)'I', (byte)'M');
        return [.. header, .. elements];
    }

    internal static byte[] Mat5Element(int type, byte[] data)
    {
        if (data.Length is > 0 and <= 4)
            return [(byte)type, 0, (byte)data.Length, 0, .. data, .. new byte[4 - data.Length]];
        return [.. BitConverter.GetBytes(type), .. BitConverter.GetBytes(data.Length), .. data, .. new byte[-data.Length & 7]];
    }

    internal static byte[] Mat5Matrix(string name, byte kind, int[] shape, params byte[][] parts) => Mat5Element(14,
    [
        .. Mat5Element(6, [kind, 0, 0, 0, 0, 0, 0, 0]), .. Mat5Element(5, [.. shape.SelectMany(BitConverter.GetBytes)]),
            .. Mat5Element(1, Encoding.ASCII.GetBytes(name)),
        .. parts.SelectMany(p => p),
    ]);

    internal static byte[] Compressed(byte[] element)
    {
        using var stream = new MemoryStream();
        using (var zlib = new ZLibStream(stream, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(element);
        return [.. BitConverter.GetBytes(15), .. BitConverter.GetBytes((int)stream.Length), .. stream.ToArray()];
    }

    private static byte[] Field(string name) => Encoding.ASCII.GetBytes(name.PadRight(8, '\0'));
}
