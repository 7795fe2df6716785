using System.Text;
using SignalCam.Abstractions;
using SignalCam.Formats.AEcg;
using SignalCam.Formats.Arrays;
using SignalCam.Formats.Arrays.Hdf5;
using SignalCam.Formats.Dicom;
using SignalCam.Formats.Edf;
using SignalCam.Formats.Ishne;
using SignalCam.Formats.Muse;
using SignalCam.Formats.Philips;
using SignalCam.Formats.Scp;
using SignalCam.Formats.Tables;
using SignalCam.Formats.Tests.Arrays;
using SignalCam.Formats.Wfdb;

namespace SignalCam.Formats.Tests.Fuzzing;

/// <summary>All formats that are fuzzed. The corpus is made here; sample files join it where they are.</summary>
internal static class FuzzedFormats
{
    private static readonly (string Name, int Channels, int Bits)[] s_flac =
    [
        ("walk-8", 1, 8), ("walk-16", 2, 16), ("walk-24", 3, 24), ("noise-16", 3, 16), ("constant-8", 3, 8), ("wasted-16", 8, 16),
        ("ramp-24", 2, 24),
    ];

    public static IReadOnlyList<FuzzedFormat> All { get; } =
    [
        new("dicom", new DicomFormat(), () => [.. DicomSamples.All(), .. Samples("dicom", "*.dcm", 40_000)]),
        new("scp-ecg", new ScpFormat(), () => [.. ScpSamples.All(), .. Samples("scp-ecg", "*.scp", 40_000)]) { Repair = ScpBuilder.Repair },
        new("aecg", new AEcgFormat(), () => [.. FuzzSamples.AEcg(), .. Samples("hl7-aecg", "*.xml", 100_000)]),
        new("muse", new MuseFormat(), () => [.. FuzzSamples.Muse(), .. Samples("ge-muse-xml", "muse7*.xml", 130_000)]),
        new("philips", new PhilipsFormat(), () => [.. FuzzSamples.Philips(), .. Samples("philips-xml", "*.xml", 60_000)]),
        new("xli", new PhilipsFormat(), FuzzSamples.Xli) { Repair = FuzzSamples.PhilipsOf },
        new("edf", new EdfFormat(), () => [.. FuzzSamples.Edf(), .. Samples("edf", "*.?df", 70_000)]),
        new("ishne", new IshneFormat(),
            () => [.. FuzzSamples.Ishne(), .. Samples("ishne", "three*.ecg", 20_000)]) { Repair = IshneSamples.Repair },
        new("table", new TableFormat(), () => TableArraySamples.Tables().Select(Encoding.Latin1.GetBytes)) { Options = Facts },
        new("numpy", new NumpyFormat(), TableArraySamples.NumpyFiles) { Options = Facts },
        new("matlab", new MatlabFormat(), TableArraySamples.MatlabFiles) { Options = Facts },
        new("hdf5", new Hdf5Format(), Hdf5Tests.Files) { Options = Facts },
        new("wfdb", new WfdbFileFormat(),
            () => TableArraySamples.Headers.Select(Encoding.Latin1.GetBytes)) { Siblings = TableArraySamples.Siblings },
        .. s_flac.Select(stream => Flac(stream.Name, stream.Channels, stream.Bits)),
    ];

    public static FuzzedFormat Find(string name) => All.Single(format => format.Name == name);

    private static FuzzedFormat Flac(string name, int channels, int bits)
    {
        // The header takes its length from the stream.
        var header =
            Encoding.ASCII.GetBytes($"r {channels} 500\n" + string.Concat(Enumerable.Repeat($"mutated {500 + bits} 200/mV\n", channels)));
        return new FuzzedFormat("flac-" + name, new WfdbFileFormat(), () => [TableArraySamples.FlacBytes(name)])
        {
            Repair = TableArraySamples.WithChecksums,
            Siblings = () => new Dictionary<string, ReadOnlyMemory<byte>> { ["mutated.hea"] = header },
        };
    }

    private static EcgReadOptions Facts(Mutator mutator) => new()
    {
        Lenient = mutator.Coin(),
        IncludePatient = mutator.Coin(),
        SamplingRate = mutator.Coin() ? 250 : null,
        Leads = mutator.Coin() ? ["II", "V5"] : mutator.Coin() ? ["I"] : null,
        Unit = mutator.Coin() ? "mV" : null,
        Index = mutator.Coin() ? 1 : 0,
    };

    /// <summary>Sample files up to a size; none where they are not here.</summary>
    private static IEnumerable<byte[]> Samples(string folder, string pattern, long maxBytes) => SharedFormats.Folder(folder) is { } path
        ? Directory.EnumerateFiles(path, pattern).Order(StringComparer.Ordinal).Where(f => new FileInfo(f).Length <= maxBytes)
            .Select(File.ReadAllBytes)
        : [];
}
