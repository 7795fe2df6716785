namespace SignalCam.Formats.Tests.Fuzzing;

/// <summary>Broken files of each format give a recording or an error of the SDK.</summary>
public class FuzzTests
{
    public static TheoryData<string> Formats { get; } = [.. FuzzedFormats.All.Select(format => format.Name)];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Broken_files_give_typed_errors(string format) => FormatFuzzer.Run(FuzzedFormats.Find(format));
}
