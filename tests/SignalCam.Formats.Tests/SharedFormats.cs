using System.Text.Json;
using SignalCam.Testing;

namespace SignalCam.Formats.Tests;

/// <summary>The sample files of each format with what independent readers found in them: shared/formats/*/expected.json.</summary>
internal static class SharedFormats
{
    /// <summary>Every file of every expected.json as (folder, file); empty where the sample files are not here.</summary>
    public static IEnumerable<(string Folder, ExpectedFile File)> All()
    {
        var root = Root();
        if (!Directory.Exists(root))
            yield break;
        foreach (var path in Directory.EnumerateFiles(root, "expected.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            foreach (var file in document.RootElement.GetProperty("files").EnumerateArray())
                yield return (Path.GetFileName(Path.GetDirectoryName(path))!, ExpectedFile.Of(file));
        }
    }

    /// <summary>The same as rows of a theory; one of empty names, which is skipped, where there are no files.</summary>
    public static TheoryData<string, string> Rows()
    {
        var rows = new TheoryData<string, string>();
        foreach (var (folder, file) in All())
            rows.Add(folder, file.Name);
        if (rows.Count == 0)
            rows.Add("", "");
        return rows;
    }

    public static ExpectedFile Expected(string folder, string file) => All().Single(f => f.Folder == folder && f.File.Name == file).File;

    /// <summary>A sample file such as "dicom/deflated.dcm", or skips the test.</summary>
    public static string Sample(string relative) => TestData.Shared("formats/" + relative);

    /// <summary>The folder of a format's sample files; null where they are not here.</summary>
    public static string? Folder(string folder) => Path.Combine(Root(), folder) is var path && Directory.Exists(path) ? path : null;

    private static string Root() =>
        Path.Combine(Environment.GetEnvironmentVariable("SIGNALCAM_SHARED") ?? Path.Combine(TestData.Root, "..", "shared"), "formats");
}

/// <param name="Name">File name.</param>
/// <param name="Verdict">"read", "reject", "read or reject", or "part of FILE".</param>
/// <param name="Tolerance">Millivolt.</param>
/// <param name="Groups">The recordings in the file: rhythm, median beat, or the records of an array.</param>
internal sealed record ExpectedFile(string Name, string Verdict, double Tolerance, IReadOnlyList<ExpectedGroup> Groups,
    IReadOnlyList<double> RecordOnsets)
{
    private const double DefaultTolerance = 1e-6;

    public ExpectedGroup? Rhythm => Groups.FirstOrDefault(g => !g.IsBeat);

    public ExpectedGroup? Beat => Groups.FirstOrDefault(g => g.IsBeat);

    public static ExpectedFile Of(JsonElement file) => new(
        file.GetProperty("file").GetString()!,
        file.GetProperty("verdict").GetString()!,
        Number(file, "toleranceMillivolt") ?? DefaultTolerance,
        file.TryGetProperty("groups", out var groups) ? [.. groups.EnumerateArray().Select(ExpectedGroup.Of)] : [],
        file.TryGetProperty("recordOnsets", out var onsets) ? [.. onsets.EnumerateArray().Select(o => o.GetDouble())] : []);

    public static double? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}

internal sealed record ExpectedGroup(string Name, double? SamplingRate, IReadOnlyList<ExpectedLead> Leads)
{
    public bool IsBeat => Name.Contains("beat", StringComparison.OrdinalIgnoreCase)
        || Name.Contains("median", StringComparison.OrdinalIgnoreCase);

    public static ExpectedGroup Of(JsonElement group) => new(
        group.GetProperty("name").GetString()!,
        ExpectedFile.Number(group, "samplingRateHz"),
        [.. group.GetProperty("leads").EnumerateArray().Select(ExpectedLead.Of)]);
}

/// <param name="Name">As in the file, such as "ECG LII".</param>
/// <param name="SamplingRate">The lead's own rate, where it has one.</param>
/// <param name="Length">Samples.</param>
/// <param name="Unit">As in the file; null where it states none.</param>
/// <param name="At">Value by sample; NaN is a missing one. Millivolt, or <paramref name="Unit"/> where that is no voltage.</param>
internal sealed record ExpectedLead(
    string Name, double? SamplingRate, int Length, string? Unit, IReadOnlyDictionary<int, double> At, double? Min, double? Max)
{
    public bool IsVoltage => Unit is null or "uV" or "mV" or "nV" or "nV x AVM";

    public static ExpectedLead Of(JsonElement lead)
    {
        var at = new Dictionary<int, double>();
        foreach (var (value, t) in lead.GetProperty("first10Millivolt").EnumerateArray().Select((value, t) => (value, t)))
            at[t] = Value(value);
        foreach (var property in lead.GetProperty("atMillivolt").EnumerateObject())
            at[int.Parse(property.Name, System.Globalization.CultureInfo.InvariantCulture)] = Value(property.Value);
        return new ExpectedLead(
            lead.GetProperty("name").GetString()!,
            ExpectedFile.Number(lead, "samplingRateHz"),
            lead.GetProperty("sampleCount").GetInt32(),
            lead.TryGetProperty("unitInFile", out var unit) ? unit.GetString() : null,
            at,
            ExpectedFile.Number(lead, "minMillivolt"),
            ExpectedFile.Number(lead, "maxMillivolt"));
    }

    private static double Value(JsonElement value) => value.ValueKind == JsonValueKind.Null ? double.NaN : value.GetDouble();
}
