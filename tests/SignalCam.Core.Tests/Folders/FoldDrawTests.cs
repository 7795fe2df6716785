using SignalCam.Abstractions;
using SignalCam.Core.Folders;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Folders;

public sealed class FoldDrawTests
{
    private const int Folds = 10;

    [Fact]
    public void No_patient_is_in_two_folds_and_every_class_is_in_all_of_them_alike()
    {
        var entries = Entries(2000);
        var folds = FoldDraw.Draw(entries, Folds, seed: 1);
        Assert.All(entries.Zip(folds).GroupBy(e => e.First.PatientId), patient => Assert.Single(patient.Select(e => e.Second).Distinct()));
        Assert.Equal(Enumerable.Range(1, Folds), folds.Distinct().Order());
        foreach (var code in (string[])["common", "seldom", "rare"])
        {
            int[] counts = [.. Enumerable.Range(1, Folds).Select(fold =>
                entries.Zip(folds).Count(e => e.Second == fold && e.First.Statements.Any(s => s.Code == code)))];
            // A patient has up to three recordings, which go together.
            Assert.True(counts.Max() - counts.Min() <= 3, $"{code}: {string.Join(' ', counts)}");
        }
    }

    [Fact]
    public void The_folds_depend_on_the_seed_and_not_on_the_order_of_the_recordings()
    {
        var entries = Entries(300);
        var folds = FoldDraw.Draw(entries, Folds, seed: 1);
        EcgEntry[] shuffled = [.. entries];
        new EcgRandom(5).Shuffle(shuffled.AsSpan());
        var again = FoldDraw.Draw(shuffled, Folds, seed: 1);
        Assert.Equal(entries.Zip(folds).ToDictionary(e => e.First.Id, e => e.Second),
            shuffled.Zip(again).ToDictionary(e => e.First.Id, e => e.Second));
        Assert.NotEqual(folds, FoldDraw.Draw(entries, Folds, seed: 2));
    }

    [Fact]
    public void Folds_that_were_written_are_read_again()
    {
        using var folder = TestData.Folder();
        var file = folder["folds.csv"];
        FoldTable.Write(file, [new EcgEntry { Id = "a,\"b\"", Fold = 3 }, new EcgEntry { Id = "none" },
            new EcgEntry { Id = "c", Fold = 10 }]);
        Assert.Equal(new Dictionary<string, int> { ["a,\"b\""] = 3, ["c"] = 10 }, FoldTable.Read(file));
        File.WriteAllText(file, "recording,fold\na,0\n");
        Assert.Equal($"{file}, line 2, column fold: found '0', expected a whole number from 1 to 1000",
            Assert.Throws<EcgFormatException>(() => FoldTable.Read(file)).Message);
    }

    /// <summary>Patients with one to three recordings; one class in half of the recordings, one in 5 %, one in 1 %.</summary>
    private static List<EcgEntry> Entries(int count)
    {
        var random = new EcgRandom(3);
        var entries = new List<EcgEntry>();
        for (var patient = 0; entries.Count < count; patient++)
            for (var recording = random.Below(3); recording >= 0 && entries.Count < count; recording--)
            {
                var codes = new List<Statement>();
                foreach (var (code, share) in new (string, double)[] { ("common", 0.5), ("seldom", 0.05), ("rare", 0.01) })
                    if (random.Chance(share))
                        codes.Add(new Statement(code, 100));
                entries.Add(new EcgEntry { Id = $"r{entries.Count}", PatientId = $"p{patient}", Statements = codes });
            }
        return entries;
    }
}
