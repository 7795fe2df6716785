using System.Security.Cryptography;
using SignalCam.Abstractions;
using SignalCam.Core.Synthetic;
using SignalCam.Core.Wfdb;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Synthetic;

public class SyntheticDatasetTests
{
    private static readonly SyntheticDatasetOptions Small = new() { Records = 30, Seed = 4 };

    [Fact]
    public async Task The_set_has_the_layout_of_PTB_XL()
    {
        using var folder = TestData.Folder();
        await SyntheticDataset.WriteAsync(folder.Path, new SyntheticDatasetOptions { Records = 12, HighRate = true });
        Assert.Equal(["ground_truth.json", "ptbxl_database.csv", "scp_statements.csv"],
            Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
        Assert.Equal(24, Directory.GetFiles(folder["records100/00000"]).Length);
        Assert.Equal(24, Directory.GetFiles(folder["records500/00000"]).Length);
        Assert.Equal("00012_hr.dat", Directory.GetFiles(folder["records500/00000"]).Select(Path.GetFileName).Order().Skip(22).First());

        var signal = WfdbReader.ReadSignal(folder["records100/00000/00003_lr"]);
        Assert.Equal((1000, 100.0), (signal.Length, signal.SamplingRate));
        Assert.Equal((5000, 500.0), (WfdbReader.ReadSignal(folder["records500/00000/00003_hr"]).Length,
            WfdbReader.ReadSignal(folder["records500/00000/00003_hr"]).SamplingRate));
        Assert.StartsWith("00003_lr 12 100 1000\n00003_lr.dat 16 1000",
            File.ReadAllText(folder["records100/00000/00003_lr.hea"]), StringComparison.Ordinal);
        Assert.Contains(" AVR\n", File.ReadAllText(folder["records100/00000/00003_lr.hea"]), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task The_tables_have_the_columns_of_the_real_ones()
    {
        var real = TestData.PtbXl();
        using var folder = TestData.Folder();
        await SyntheticDataset.WriteAsync(folder.Path, Small);
        foreach (var table in new[] { "ptbxl_database.csv", "scp_statements.csv" })
            Assert.Equal(File.ReadLines(Path.Combine(real, table)).First(), File.ReadLines(folder[table]).First());

        // What the set says of a statement is what PTB-XL says of it.
        var ofReal = File.ReadLines(Path.Combine(real, "scp_statements.csv")).ToDictionary(l => l.Split(',')[0], Meaning);
        Assert.All(File.ReadLines(folder["scp_statements.csv"]), l => Assert.Equal(ofReal[l.Split(',')[0]], Meaning(l)));
        static string Meaning(string line) => string.Join(",", line.Split(',')[2..7]);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_files_and_another_seed_others()
    {
        using var first = TestData.Folder("first");
        using var second = TestData.Folder("second");
        await SyntheticDataset.WriteAsync(first.Path, Small);
        await SyntheticDataset.WriteAsync(second.Path, Small);
        Assert.Equal(Digests(first), Digests(second));
        await SyntheticDataset.WriteAsync(second.Path, new SyntheticDatasetOptions { Records = 30, Seed = 5 });
        Assert.NotEqual(Digests(first), Digests(second));

        static string[] Digests(TemporaryFolder folder) =>
            [.. Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Order()
                .Select(f => Path.GetRelativePath(folder.Path, f) + " " + Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f))))];
    }

    [Fact]
    public async Task Files_and_the_set_in_memory_hold_the_same_recordings_entries_and_ground_truth()
    {
        using var folder = TestData.Folder();
        await SyntheticDataset.WriteAsync(folder.Path, Small);
        var truth = SyntheticGroundTruth.Read(folder.Path);
        var inMemory = new SyntheticEcgDataset(Small);
        var rows = File.ReadLines(folder["ptbxl_database.csv"]).Skip(1).ToArray();
        Assert.Equal(30, inMemory.Entries.Count);
        Assert.Equal(30, rows.Length);
        foreach (var entry in inMemory.Entries)
        {
            var expected = await inMemory.ReadAsync(entry);
            var actual = WfdbReader.ReadSignal(folder[$"records100/00000/{int.Parse(entry.Id):00000}_lr"]);
            Assert.Equal(expected.Samples.ToArray(), actual.Samples.ToArray());

            var findings = inMemory.FindingsOf(entry);
            Assert.Equal(findings.Select(f => (f.Statement, f.Strength)), truth[entry.Id].Select(f => (f.Statement, f.Strength)));
            Assert.Equal(findings.SelectMany(f => f.Intervals), truth[entry.Id].SelectMany(f => f.Intervals));
            Assert.Equal(findings.SelectMany(f => f.Leads), truth[entry.Id].SelectMany(f => f.Leads));

            var row = rows[int.Parse(entry.Id) - 1];
            Assert.StartsWith($"{entry.Id},{entry.PatientId}.0,", row, StringComparison.Ordinal);
            Assert.Contains($",{entry.Fold},records100/", row, StringComparison.Ordinal);
            Assert.All(entry.Statements,
                s => Assert.Contains(FormattableString.Invariant($"'{s.Code}': {s.Likelihood:0.0}"), row, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void No_patient_is_in_two_folds_and_every_fold_has_its_share_of_every_class()
    {
        var set = new SyntheticEcgDataset();
        Assert.Equal(1000, set.Entries.Count);
        Assert.All(set.Entries.GroupBy(e => e.PatientId), patient => Assert.Single(patient.Select(e => e.Fold).Distinct()));
        Assert.InRange(set.Entries.GroupBy(e => e.PatientId).Count(p => p.Count() > 1), 80, 180);
        string[] Classes(EcgEntry e) =>
            [.. e.Statements.Select(s => SyntheticStatement.Of(s.Code)).Where(s => s.Is("diagnostic")).Select(s => s.Class).Distinct()];
        Assert.All(Enumerable.Range(1, 10), fold => Assert.InRange(set.Entries.Count(e => e.Fold == fold), 90, 110));
        foreach (var (name, expected) in new[] { ("NORM", 42), ("MI", 22), ("STTC", 17), ("CD", 15), ("HYP", 11) })
            Assert.All(Enumerable.Range(1, 10), fold =>
                Assert.InRange(set.Entries.Count(e => e.Fold == fold && Classes(e).Contains(name)), expected - 9, expected + 9));
        Assert.InRange(set.Entries.Count(e => Classes(e).Length == 2), 40, 120);
    }

    [Fact]
    public void Entries_say_NORM_just_where_nothing_is_planted()
    {
        var set = new SyntheticEcgDataset(new SyntheticDatasetOptions { Records = 60 });
        foreach (var entry in set.Entries)
        {
            var diagnoses = entry.Statements.Select(s => s.Code).Where(c => SyntheticStatement.Of(c).Is("diagnostic"));
            var planted = set.FindingsOf(entry).Select(f => f.Statement).ToArray();
            Assert.Equal(planted.Length == 0 ? ["NORM"] : planted, diagnoses);
            Assert.All(set.FindingsOf(entry), f => Assert.Equal(SyntheticStatement.Of(f.Statement).Class, f.Class));
        }
    }

    [Fact]
    public async Task A_database_that_is_not_synthetic_is_not_overwritten()
    {
        using var folder = TestData.Folder();
        File.WriteAllText(folder["ptbxl_database.csv"], "precious");
        var error = await Assert.ThrowsAsync<IOException>(() => SyntheticDataset.WriteAsync(folder.Path, Small));
        Assert.Contains("not overwritten", error.Message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(folder["ptbxl_database.csv"]));
    }

    [Fact]
    public async Task Progress_counts_to_the_end_and_a_cancelled_set_has_no_database()
    {
        using var folder = TestData.Folder();
        var reported = new List<int>();
        await SyntheticDataset.WriteAsync(folder.Path, Small, new Reporter(n => { lock (reported) reported.Add(n); }));
        Assert.Equal(Enumerable.Range(1, 30), reported.Order());

        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            SyntheticDataset.WriteAsync(
                folder.Path, new SyntheticDatasetOptions { Records = 500 }, new Reporter(_ => stop.Cancel()), stop.Token));
        Assert.False(File.Exists(folder["ptbxl_database.csv"]));
    }

    [Fact]
    public async Task Wrong_options_and_broken_ground_truth_are_named()
    {
        using var folder = TestData.Folder();
        var options = await Assert.ThrowsAsync<PluginException>(
            () => SyntheticDataset.WriteAsync(folder.Path, new SyntheticDatasetOptions { Records = 0 }));
        Assert.Contains("Records is 0", options.Message, StringComparison.Ordinal);
        Assert.Contains("no such file",
            Assert.Throws<EcgFormatException>(() => SyntheticGroundTruth.Read(folder.Path)).Message, StringComparison.Ordinal);
        File.WriteAllText(folder["ground_truth.json"], "{\n\"1\": [{\"class\": 3}]}");
        Assert.Equal("line 2", Assert.Throws<EcgFormatException>(() => SyntheticGroundTruth.Read(folder.Path)).Position);
    }

    private sealed class Reporter(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}
