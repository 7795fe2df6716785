using System.Buffers.Binary;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using SignalCam.Abstractions;

namespace SignalCam.Viewer.Tests;

/// <summary>An upload that nobody should be able to open.</summary>
internal sealed record MalformedUpload(string What, HttpContent Content);

/// <summary>Generates malformed uploads: each kind in turn, each time with other details.</summary>
internal sealed class MalformedUploads
{
    private static readonly string[] s_evilNames =
    [
        "../up.hea", "/etc/passwd", "..\\up.hea", "a/../../up.hea", "C:up.hea", "a//b.hea", "./up.hea", "up\u0001.hea",
    ];
    private static readonly string[] s_evilTables =
    [
        "", "I,II\n", "1,2\n3,4\n5,6\n", "I,II\n1,2\n1\n", "I,II\n1,2\n1,2,3\n", "I,II\n1,2\none,two\n", "I,II\n1,2\n1e999,2\n",
        "time\n1\n2\n", "I,,II\n1,2,3\n1,2,3\n",
    ];

    /// <summary>
    /// The limits that these uploads exceed: lower than the program's own, so that exceeding them two hundred times takes seconds.
    /// </summary>
    public const int MaxUploadBytes = 2 << 20;
    public const int MaxUnpackedBytes = 8 << 20;

    private readonly EcgRandom _random = new(20251);
    private readonly string _header;
    private readonly byte[] _samples;
    private readonly byte[] _bomb;
    private readonly Func<MalformedUpload>[] _kinds;

    public MalformedUploads()
    {
        var pair = Uploads.Wfdb(Uploads.Recording());
        _header = Encoding.UTF8.GetString(pair.Single(p => p.Name == "rec.hea").Content);
        _samples = pair.Single(p => p.Name == "rec.dat").Content;
        _bomb = Uploads.Zip("bomb.zip", new Part("rec.hea", _header), new Part("rec.dat", new byte[MaxUnpackedBytes + (4 << 20)])).Content;
        _kinds =
        [
            () => Pair("samples cut off", _header, _samples[..Below(_samples.Length)]),
            () => Pair("a sample changed", _header, Flipped(_samples, 0, _samples.Length)),
            () => Pair("header cut off", _header[..(1 + Below(_header.Length / 2))], _samples),
            () => Pair("a format that is none", Line(1 + Below(12), " 16 ", " 77 "), _samples),
            () => Pair("a header that claims too many samples",
                Line(0, "100 1000", $"100 {1001 + (long)(_random.NextUInt64() >> (1 + Below(50)))}"), _samples),
            () => Pair("a header that claims a rate", Line(0, "100 1000", $"{(Below(2) == 0 ? "1e11" : "0.001")} 1000"), _samples),
            () => Pair("a header that claims signals", Line(0, "12 100", $"{13 + Below(int.MaxValue - 13)} 100"), _samples),
            () => Pair("samples per frame beyond reason", Line(1, " 16 ", $" 16x{1_000_000 + Below(1_000_000_000)} "), _samples),
            () => Pair("a unit that is no voltage", _header.Replace("/mV", "/mmHg", StringComparison.Ordinal), _samples),
            () => Pair("a header that leads out",
                _header.Replace("rec.dat", Pick("../rec.dat", "/etc/passwd", "..\\rec.dat"), StringComparison.Ordinal), _samples),
            () => Pair("gaps without end", $"rec/3 12 100\na 1000\n~ {1_000_000_000L + Below(int.MaxValue)}\na 1000\n", _samples),
            () => Pair("segments within themselves", $"rec/2 12 100 2000\nrec 1000\nrec 1000\n", _samples),
            () => Files("a header alone", new Part("rec.hea", _header)),
            () => Files("samples alone", new Part("rec.dat", _samples)),
            () => Files("noise called a recording", new Part(Pick("x.hea", "x.zip", "x.csv", "x.tsv"), Noise(1 + Below(5000)))),
            () => Files("something else", new Part(Pick("letter.pdf", "a.exe", "x.hea.txt", "noname"), Noise(100))),
            () => Files("a table that is none", new Part("t.csv", Pick(s_evilTables))),
            () => Files("a line without end", new Part("t.csv", "I,II\n" + new string('1', 20_000 + Below(1_000_000)))),
            () => Archive("an archive cut off", zip => zip[..(1 + Below(zip.Length - 1))]),
            () => Archive("an archive with a byte changed", zip => Flipped(zip, 900, zip.Length - 900)),
            () => Files("a bomb", new Part("bomb.zip", _bomb)),
            () => Files("a bomb that lies about its size", new Part("bomb.zip", WithClaimedSize(_bomb, (uint)Below(1 << 20)))),
            () => Files("a name in an archive that leads out",
                Uploads.Zip("t.zip", new Part(Pick(s_evilNames), _header), new Part("rec.dat", _samples))),
            () => Files("an archive of too many",
                Uploads.Zip("m.zip", Enumerable.Range(0, 129 + Below(800)).Select(i => new Part($"{i}.hea", _header)))),
            () => Files("an archive in an archive", Uploads.Zip("o.zip", Uploads.Zip("i.zip", new Part("rec.hea", _header)))),
            () => Files("too many files", [.. Enumerable.Range(0, 129 + Below(50)).Select(i => new Part($"{i}.hea", _header))]),
            () => Files("too many bytes", new Part("rec.dat", new byte[MaxUploadBytes + 1 + Below(1000)])),
            () => Body("a name that leads out",
                "--x\r\nContent-Disposition: form-data; name=\"files\"; "
                + $"filename=\"{Pick(s_evilNames[..6])}\"\r\n\r\n{_header}\r\n--x--\r\n"),
            () => Body("a body cut off",
                $"--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"rec.hea\"\r\n\r\n{_header[..Below(_header.Length)]}"),
            () => Body("a part without a name", $"--x\r\n\r\n{_header}\r\n--x--\r\n"),
            () => Body("headers without end",
                $"--x\r\n{string.Concat(Enumerable.Range(0, 9 + Below(5000)).Select(i => $"A{i}: b\r\n"))}\r\n\r\n--x--\r\n"),
            () => new MalformedUpload(
                "a rate that is none",
                Uploads.Form([new Part("t.csv", "I,II\n1,2\n3,4\n")],
                    ("rate", Pick("0", "-5", "x", "1e30", "NaN", new string('9', 500))), ("unit", "mV"))),
        ];
    }

    /// <summary>That many, every kind as often as any other.</summary>
    public IEnumerable<MalformedUpload> Take(int count) => Enumerable.Range(0, count).Select(i => _kinds[i % _kinds.Length]());

    private MalformedUpload Pair(string what, string header, byte[] samples) =>
        Files(what, new Part("rec.hea", header), new Part("rec.dat", samples));

    private MalformedUpload Files(string what, params Part[] parts) =>
        new(what, Uploads.Form(parts, what.Contains("table", StringComparison.Ordinal) ? [("rate", "100"), ("unit", "mV")] : []));

    /// <summary>An archive whose files are not packed, so that a changed byte beyond the headers is a changed sample.</summary>
    private MalformedUpload Archive(string what, Func<byte[], byte[]> spoil)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            using (var header = zip.CreateEntry("rec.hea", CompressionLevel.NoCompression).Open())
                header.Write(Encoding.UTF8.GetBytes(_header));
            using var samples = zip.CreateEntry("rec.dat", CompressionLevel.NoCompression).Open();
            samples.Write(_samples);
        }
        return Files(what, new Part("a.zip", spoil(bytes.ToArray())));
    }

    private static MalformedUpload Body(string what, string body)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        return new MalformedUpload(what, content);
    }

    /// <summary>One line of the header, changed.</summary>
    private string Line(int index, string old, string changed)
    {
        var lines = _header.Split('\n');
        Assert.Contains(old, lines[index], StringComparison.Ordinal);
        lines[index] = lines[index].Replace(old, changed, StringComparison.Ordinal);
        return string.Join('\n', lines);
    }

    private byte[] Flipped(byte[] bytes, int from, int to)
    {
        var changed = bytes.ToArray();
        changed[from + Below(to - from)] ^= (byte)(1 + Below(255));
        return changed;
    }

    /// <summary>Writes another size into the archive's directory, which comes last.</summary>
    private static byte[] WithClaimedSize(byte[] zip, uint size)
    {
        var changed = zip.ToArray();
        var entry = changed.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(changed.AsSpan(entry + 24), size);
        return changed;
    }

    private byte[] Noise(int length) => [.. Enumerable.Range(0, length).Select(_ => (byte)Below(256))];

    private string Pick(params string[] among) => among[Below(among.Length)];

    private int Below(int limit) => (int)(_random.NextUInt64() % (ulong)limit);
}
