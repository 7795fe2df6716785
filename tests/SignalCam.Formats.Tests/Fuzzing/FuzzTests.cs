using SignalCam.Formats.Dicom;
using SignalCam.Formats.Scp;

namespace SignalCam.Formats.Tests.Fuzzing;

/// <summary>Broken files of each format give a recording or an error of the SDK. The corpus is made here; sample files join it where they are.</summary>
public class FuzzTests
{
    [Fact]
    public void Broken_DICOM_files_give_typed_errors() => FormatFuzzer.Run(new DicomFormat(), [.. DicomSamples.All(), .. Samples("dicom", "*.dcm", 40_000)]);

    [Fact]
    public void Broken_SCP_records_give_typed_errors() =>
        FormatFuzzer.Run(new ScpFormat(), [.. ScpSamples.All(), .. Samples("scp-ecg", "*.scp", 40_000)], ScpBuilder.Repair);

    /// <summary>Sample files up to a size; none where they are not here.</summary>
    private static IEnumerable<byte[]> Samples(string folder, string pattern, long maxBytes) => SharedFormats.Folder(folder) is { } path
        ? Directory.EnumerateFiles(path, pattern).Order(StringComparer.Ordinal).Where(f => new FileInfo(f).Length <= maxBytes).Select(File.ReadAllBytes)
        : [];
}
