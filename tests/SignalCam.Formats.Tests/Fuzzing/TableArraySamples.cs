using System.Text;
using SignalCam.Abstractions;
using SignalCam.Core.Wfdb;
using SignalCam.Formats.Tests.Arrays;
using SignalCam.Testing;

namespace SignalCam.Formats.Tests.Fuzzing;

/// <summary>Small good tables, arrays and WFDB recordings.</summary>
internal static class TableArraySamples
{
    public static IReadOnlyList<string> Headers { get; } =
    [
        "r 3 100 40 12:00:00 25/04/1989\na.dat 212x2:1+3 200(5)/mV 12 0 1 2 0 I\n" +
            "a.dat 212 200/uV 12 0 0 0 0 II\nb.dat 8 100 8 0 3 9 0 V1\n# Age: 61\n# <sex>: M\n",
        "r 12 500 10 05-May-2020 09:49:17\n" + string.Concat(
            SignalLayout.StandardLeads.Select(l => $"a.dat 16+24 1000.0(0)/mV 16 0 0 0 0 {l}\n")),
        "r 2 500 1000\nf.dat 516 200/mV 16 0 0 0 0 I\nf.dat 516 200/mV 16 0 0 0 0 RESP\n",
        "m/4 2 100 70\nlay 0\ns1 20\n~ 30\ns1 20\n",
        "x/r 2 100\na.dat 310 200(5.5)/mV\na.dat 310 0/NU\n",
    ];

    public static IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Siblings() => new Dictionary<string, ReadOnlyMemory<byte>>
    {
        ["a.dat"] = new byte[300],
        ["b.dat"] = new byte[40],
        ["f.dat"] = FlacBytes("walk-16"),
        ["s1.hea"] = Encoding.ASCII.GetBytes("s1 1 100 20\ns1.dat 16 200/mV 12 0 0 0 0 II\n"),
        ["s1.dat"] = new byte[40],
        ["lay.hea"] = Encoding.ASCII.GetBytes("lay 2 100\n~ 0 200/mV 12 0 0 0 0 I\n~ 0 200/mV 12 0 0 0 0 II\n"),
    };

    public static IEnumerable<string> Tables()
    {
        yield return "time (s),I (mV),II (mV)\n0.000,0.1,-0.2\n0.002,0.2,0.3\n0.004,NA,1e-3\n0.006,0.1,0.1\n";
        yield return "sep=;\nZeit (ms);I (\u00B5V);II [uV];\n0,0;100;200;\n2,0;101;201;\n4,0;102;202;\n";
        yield return "'Elapsed time','I','II'\n'hh:mm:ss.mmm','mV','mV'\n" +
            "'00:00:00.000',0.1,0.2\n'00:00:00.002',0.3,-\n'00:00:00.004',0.3,1\n";
        yield return "Name,Jane Doe\nSample Rate,512 hertz\nLead,Lead I\nUnit,\u00B5V\n\n-29.1,\n-30.2,\n10,\n";
        yield return "timestamp\tI (mV)\n2023-05-01T10:00:00.000Z\t0,1\n2023-05-01T10:00:00.002Z\t0,2\n2023-05-01T10:00:00.004Z\t0,3\n";
        yield return "time (s),0,0.002,0.004,0.006\nI (mV),1,2,3,4\nV1,mV,1,2,3,4\n";
        yield return ",0,1\n0,0.1,0.2\n1,0.3,0.4\n2,0.3,0.4\n";
        yield return "# fs: 500\n# units = mV\nI II\n0.1 0.2\n0.3 0.4\n";
    }

    public static IEnumerable<byte[]> NumpyFiles()
    {
        var small = ArrayTests.Npy("<f4", "(2, 4)", false, new byte[32]);
        yield return small;
        yield return ArrayTests.Npy(">i2", "(3, 2, 10)", true, new byte[120]);
        yield return ArrayTests.Npz(
            ("X", ArrayTests.Npy("<f8", "(2, 4, 2)", false, new byte[128])),
                ("fs", ArrayTests.Npy("<i8", "()", false, BitConverter.GetBytes(400L))),
            ("leads", ArrayTests.Npy("<U3", "(2,)", false, Encoding.UTF32.GetBytes("V1\0aVF"))),
                ("unit", ArrayTests.Npy("|S2", "()", false, "mV"u8.ToArray())));
    }

    public static IEnumerable<byte[]> MatlabFiles()
    {
        var field = Encoding.ASCII.GetBytes("data\0\0\0\0fs\0\0\0\0\0\0leads\0\0\0");
        var structure = ArrayTests.Mat5Matrix("ECG", 2, [1, 1], ArrayTests.Mat5Element(5, BitConverter.GetBytes(8)),
            ArrayTests.Mat5Element(1, field),
            ArrayTests.Mat5Matrix("", 6, [2, 4], ArrayTests.Mat5Element(9, new byte[64])),
                ArrayTests.Mat5Matrix("", 6, [1, 1], ArrayTests.Mat5Element(4, [244, 1])),
            ArrayTests.Mat5Matrix("", 1, [1, 2], ArrayTests.Mat5Matrix("", 4, [1, 2], ArrayTests.Mat5Element(16, "II"u8.ToArray())),
                ArrayTests.Mat5Matrix("", 4, [1, 2], ArrayTests.Mat5Element(16, "V5"u8.ToArray()))));
        yield return ArrayTests.Mat5(structure);
        yield return ArrayTests.Mat5(ArrayTests.Compressed(structure));
        yield return ArrayTests.Mat5(ArrayTests.Mat5Matrix("val", 10, [2, 4, 3], ArrayTests.Mat5Element(3, new byte[48])));
        yield return [30, 0, 0, 0, 2, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, .. "val\0"u8, .. new byte[32]];
    }

    public static byte[] FlacBytes(string name) => File.ReadAllBytes(
        Path.Combine(TestData.Root, "tests", "SignalCam.Core.Tests", "Wfdb", "Flac", name + ".flac"));

    /// <summary>Gives every frame the checksums of what it has become, so that changes reach behind them.</summary>
    public static byte[] WithChecksums(byte[] bytes)
    {
        var starts = Enumerable.Range(0, Math.Max(0, bytes.Length - 6)).Where(i => bytes[i] == 0xFF && bytes[i + 1] is 0xF8 or 0xF9)
            .ToArray();
        for (var i = 0; i < starts.Length; i++)
        {
            var (start, end) = (starts[i], i + 1 < starts.Length ? starts[i + 1] : bytes.Length);
            var number = bytes[start + 4] switch { < 0x80 => 1, < 0xE0 => 2, < 0xF0 => 3, < 0xF8 => 4, < 0xFC => 5, < 0xFE => 6, _ => 7 };
            var header = start + 4 + number + (bytes[start + 2] >> 4) switch { 6 => 1, 7 => 2, _ => 0 }
                + (bytes[start + 2] & 15) switch { 12 => 1, 13 or 14 => 2, _ => 0 };
            if (header + 3 > end)
                continue;
            bytes[header] = (byte)FlacChecksums.Crc8(bytes.AsSpan(start, header - start));
            var sum = FlacChecksums.Crc16(bytes.AsSpan(start, end - 2 - start));
            (bytes[end - 2], bytes[end - 1]) = ((byte)(sum >> 8), (byte)sum);
        }
        return bytes;
    }
}
