using System.Globalization;
using System.Text.Json.Nodes;
using SignalCam.Formats.Tests;

namespace SignalCam.Cli.Tests;

/// <summary>
/// Every sample file through `inspect --json`: verdict, leads, rate and length exact, samples within the stated tolerance.
/// </summary>
public sealed class SampleFilesTests
{
    [SkippableTheory]
    [MemberData(nameof(SharedFormats.Rows), MemberType = typeof(SharedFormats))]
    public async Task Inspect_says_of_a_sample_file_what_independent_readers_found(string folder, string file)
    {
        var path = SharedFormats.Sample($"{folder}/{file}");
        var expected = SharedFormats.Expected(folder, file);
        foreach (var (group, index) in Groups(folder, expected))
        {
            var run = await Tool.RunAsync(["inspect", path, "--json", .. Options(folder, file, group, index)]);
            var entry = Assert.Single(run.Json.AsArray())!;
            Assert.Equal(path, entry["file"]!.GetValue<string>());
            Assert.Equal(entry["error"] is null ? 0 : 1, run.ExitCode);
            if (expected.Verdict == "reject")
                Assert.Contains("expected", entry["error"]!.GetValue<string>(), StringComparison.Ordinal);
            else if (expected.Verdict != "read or reject" || entry["error"] is null)
                Compare(entry, Whole(folder, expected), group);
        }
    }

    /// <summary>The recordings of a file: all of an array's, else the rhythm.</summary>
    private static IEnumerable<(ExpectedGroup? Group, int Index)> Groups(string folder, ExpectedFile expected)
    {
        var whole = Whole(folder, expected);
        if (folder == "matlab-hdf5-numpy" && whole.Groups.Count > 0)
            return whole.Groups.Select((group, index) => ((ExpectedGroup?)group, index));
        return [(whole.Rhythm, 0)];
    }

    /// <summary>What holds for a signal file holds for its header.</summary>
    private static ExpectedFile Whole(string folder, ExpectedFile expected) =>
        expected.Verdict.StartsWith("part of ", StringComparison.Ordinal)
            ? SharedFormats.Expected(folder, expected.Verdict["part of ".Length..]) : expected;

    /// <summary>Arrays say neither leads nor rate nor unit: the options do.</summary>
    private static string[] Options(string folder, string file, ExpectedGroup? group, int index) =>
        folder != "matlab-hdf5-numpy" || group is null ? [] :
        [
            "--rate", (group.SamplingRate ?? 500).ToString(CultureInfo.InvariantCulture),
            "--leads", string.Join(',', group.Leads.Select(l => l.Name)),
            "--unit", file is "level4-val.mat" or "two-records-fortran-bigendian.npy" ? "uV" : "mV",
            "--index", index.ToString(CultureInfo.InvariantCulture),
        ];

    private static void Compare(JsonNode entry, ExpectedFile expected, ExpectedGroup? group)
    {
        Assert.True(entry["error"] is null, entry["error"]?.ToString());
        var (leads, others) = (entry["leads"]!.AsArray(), entry["other_channels"]!.AsArray());
        Assert.Equal(group!.Leads.Count, leads.Count + others.Count);
        foreach (var lead in group.Leads)
        {
            var (found, other) = (Named(leads, lead.Name), Named(others, lead.Name));
            Assert.True(found is not null || other is not null, $"no {lead.Name} in {leads.ToJsonString()}");
            var rate = (found is not null ? entry : other!)["sampling_rate"]!.GetValue<double>();
            Assert.Equal(lead.SamplingRate ?? group.SamplingRate ?? rate, rate);
            var length = (found is not null ? entry : other!)["length"]!.GetValue<int>();
            Assert.Equal(Length(expected, lead, rate), length);
            var scale = found is not null ? 1 : Millivolt((string?)other!["unit"]);
            var (first, min, max) = found is not null ? ("first_mv", "min_mv", "max_mv") : ("first", "min", "max");
            var values = (found ?? other)![first]!.AsArray();
            for (var t = 0; t < values.Count; t++)
                Same(lead.At[t], values[t], scale, expected.Tolerance);
            Same(lead.Min ?? double.NaN, (found ?? other)![min], scale, expected.Tolerance);
            Same(lead.Max ?? double.NaN, (found ?? other)![max], scale, expected.Tolerance);
        }
    }

    /// <summary>A discontinuous recording is longer by its gaps.</summary>
    private static int Length(ExpectedFile expected, ExpectedLead lead, double rate)
    {
        var onsets = expected.RecordOnsets;
        return onsets.Count == 0 ? lead.Length : (int)Math.Round(onsets[^1] * rate) + (lead.Length / onsets.Count);
    }

    private static JsonNode? Named(JsonArray channels, string expected) => channels.FirstOrDefault(channel =>
    {
        var name = channel!["name"]!.GetValue<string>();
        return name.Equals(expected, StringComparison.OrdinalIgnoreCase) || name.Equals(
            expected.Replace("ECG L", "", StringComparison.Ordinal).Replace("ECG ", "", StringComparison.Ordinal),
            StringComparison.OrdinalIgnoreCase);
    });

    private static void Same(double expected, JsonNode? found, double scale, double tolerance)
    {
        if (double.IsNaN(expected))
            Assert.Null(found);
        else
            // Samples are 32-bit floats: beyond 16 mV their own rounding is more than a tolerance of 1e-6 mV.
            Assert.Equal(expected, found!.GetValue<double>() * scale, Math.Max(tolerance, Math.Abs(expected) * 1e-7));
    }

    private static double Millivolt(string? unit) => unit switch { "uV" => 1e-3, "nV" => 1e-6, "V" => 1e3, _ => 1 };
}
