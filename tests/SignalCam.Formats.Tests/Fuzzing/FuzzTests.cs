using SignalCam.Formats.AEcg;
using SignalCam.Formats.Dicom;
using SignalCam.Formats.Edf;
using SignalCam.Formats.Ishne;
using SignalCam.Formats.Muse;
using SignalCam.Formats.Philips;
using SignalCam.Formats.Scp;

namespace SignalCam.Formats.Tests.Fuzzing;

/// <summary>
/// Broken files of each format give a recording or an error of the SDK. The corpus is made here; sample files join it where they are.
/// </summary>
public class FuzzTests
{
    [Fact]
    public void Broken_DICOM_files_give_typed_errors() =>
        FormatFuzzer.Run(new DicomFormat(), [.. DicomSamples.All(), .. Samples("dicom", "*.dcm", 40_000)]);

    [Fact]
    public void Broken_SCP_records_give_typed_errors() =>
        FormatFuzzer.Run(new ScpFormat(), [.. ScpSamples.All(), .. Samples("scp-ecg", "*.scp", 40_000)], ScpBuilder.Repair);

    [Fact]
    public void Broken_aECG_documents_give_typed_errors() =>
        FormatFuzzer.Run(new AEcgFormat(), [.. FuzzSamples.AEcg(), .. Samples("hl7-aecg", "*.xml", 100_000)]);

    [Fact]
    public void Broken_MUSE_documents_give_typed_errors() =>
        FormatFuzzer.Run(new MuseFormat(), [.. FuzzSamples.Muse(), .. Samples("ge-muse-xml", "muse7*.xml", 130_000)]);

    [Fact]
    public void Broken_Philips_documents_give_typed_errors() =>
        FormatFuzzer.Run(new PhilipsFormat(), [.. FuzzSamples.Philips(), .. Samples("philips-xml", "*.xml", 60_000)]);

    [Fact]
    public void Broken_XLI_data_give_typed_errors() => FormatFuzzer.Run(new PhilipsFormat(), [.. FuzzSamples.Xli()], FuzzSamples.PhilipsOf);

    [Fact]
    public void Broken_EDF_files_give_typed_errors() =>
        FormatFuzzer.Run(new EdfFormat(), [.. FuzzSamples.Edf(), .. Samples("edf", "*.?df", 70_000)]);

    [Fact]
    public void Broken_ISHNE_files_give_typed_errors() =>
        FormatFuzzer.Run(new IshneFormat(), [.. FuzzSamples.Ishne(), .. Samples("ishne", "three*.ecg", 20_000)], IshneSamples.Repair);

    /// <summary>Sample files up to a size; none where they are not here.</summary>
    private static IEnumerable<byte[]> Samples(string folder, string pattern, long maxBytes) => SharedFormats.Folder(folder) is { } path
        ? Directory.EnumerateFiles(path, pattern).Order(StringComparer.Ordinal).Where(f => new FileInfo(f).Length <= maxBytes)
            .Select(File.ReadAllBytes)
        : [];
}
