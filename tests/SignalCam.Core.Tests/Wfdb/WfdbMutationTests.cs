using System.Text;
using SignalCam.Abstractions;
using SignalCam.Core.Wfdb;

namespace SignalCam.Core.Tests.Wfdb;

/// <summary>Whatever the bytes, reading ends soon, with a signal or an <see cref="EcgFormatException"/>.</summary>
public class WfdbMutationTests
{
    private const int MostValues = 1 << 20;

    private static readonly string[] Tokens =
    [
        "0", "1", "-1", "~", "..", "-", "16", "212", "311", "8", "80", "x3", ":7", "+5", "/", "(", ")", "1e308", "NaN", "2147483647",
        "2147483648", "9223372036854775807", "1000000000000", "\n", " ", "\t", "#", "\0", "a.dat", "s1", "lay", "m", "mV",
    ];

    private static readonly (string Header, (string Name, byte[] Bytes)[] Files)[] Seeds =
    [
        ("a 3 100 40\na.dat 212x2:1+3 200(5)/mV 12 0 1 2 0 I\na.dat 212 200/uV 12 0 0 0 0 II\nb.dat 8 100 8 0 3 9 0 V1\n# x\n",
            [("a.dat", new byte[300]), ("b.dat", new byte[40])]),
        ("a 2 100\na.dat 310 200(5)/mV\na.dat 310 0\n", [("a.dat", new byte[81])]),
        ("m/4 2 100 50\nlay 0\ns1 20\n~ 10\ns1 20\n",
        [
            ("lay.hea", Encoding.ASCII.GetBytes("lay 2 100\n~ 0 200/mV 12 0 0 0 0 I\n~ 0 200/mV 12 0 0 0 0 II\n")),
            ("s1.hea", Encoding.ASCII.GetBytes("s1 1 100 20\ns1.dat 16 200/mV 12 0 0 0 0 II\n")),
            ("s1.dat", new byte[40]),
            ("m.hea", Encoding.ASCII.GetBytes("m/1 1 100 50\nm 50\n")),
        ]),
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Mutated_recordings_give_a_signal_or_a_format_error(int seed)
    {
        var random = new EcgRandom((ulong)seed + 1);
        var (signals, errors) = (0, 0);
        for (var round = 0; round < 3000; round++)
        {
            var files = Seeds[seed].Files.ToDictionary(f => f.Name, f => Mutate(f.Name, f.Bytes, random));
            var header = Mutate(Seeds[seed].Header, random, 0.9);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var signal = WfdbReader.ReadSignal(
                    WfdbHeader.Parse(header, "m.hea"),
                    name => files.TryGetValue(name, out var bytes) ? new MemoryStream(bytes) : null,
                    new() { MaxValues = MostValues, SmoothFrames = random.Chance(0.5), VerifyChecksum = random.Chance(0.2) });
                Assert.True(signal.Layout.LeadCount > 0);
                signals++;
            }
            catch (EcgFormatException)
            {
                errors++;
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16L * MostValues);
        }
        // Both happen, or the test would prove nothing.
        Assert.True(signals > 100 && errors > 100, $"{signals} signals, {errors} errors");
    }

    private static byte[] Mutate(string name, byte[] bytes, EcgRandom random)
    {
        if (name.EndsWith(".hea", StringComparison.Ordinal))
            return Encoding.Latin1.GetBytes(Mutate(Encoding.Latin1.GetString(bytes), random, 0.2));
        return random.Chance(0.1) ? bytes[..random.Below(bytes.Length + 1)] : bytes;
    }

    private static string Mutate(string text, EcgRandom random, double probability)
    {
        if (!random.Chance(probability))
            return text;
        for (var changes = 1 + random.Below(3); changes > 0; changes--)
        {
            var at = random.Below(text.Length + 1);
            var cut = random.Below(Math.Min(4, text.Length - at) + 1);
            text = random.Below(6) switch
            {
                0 => text[..at],
                1 => text[..at] + text[(at + cut)..],
                2 => text[..at] + (char)random.Below(256) + text[(at + cut)..],
                3 => text[..at] + text[random.Below(text.Length + 1)..],
                _ => text[..at] + Tokens[random.Below(Tokens.Length)] + text[(at + cut)..],
            };
        }
        return text;
    }
}
