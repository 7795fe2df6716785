using SignalCam.Abstractions;
using SignalCam.Core.PtbXl;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Folders;

public sealed class FolderDatasetTests
{
    [Fact]
    public async Task Headers_give_labels_age_and_sex_and_the_built_in_map_makes_statements_of_their_codes()
    {
        using var temporary = TestData.Folder();
        var folder = new OwnFolder(temporary);
        var signal = folder.Record("a", "Age: 61", "Sex: Female", "Dx: 426783006");
        folder.Record("sub/b", "Age: NaN", "Sex: Unknown", "Dx: 164889003,713427006,9999");
        folder.Record("c", "Dx: 164865005");
        folder.Record("d", "Dx: Unknown");
        var dataset = folder.Open();
        Assert.Equal(["a", "c", "sub/b"], dataset.Entries.Select(e => e.Id));
        // Sinus rhythm and nothing else is a normal recording; myocardial infarction of no stated place is the class alone.
        Assert.Equal(["SR NORM", "MI", "AFIB CRBBB 9999"], dataset.Entries.Select(OwnFolder.Codes));
        Assert.Equal((61, Sex.Female), (dataset.Entries[0].Age, dataset.Entries[0].Sex));
        Assert.Equal(((double?)null, (Sex?)null), (dataset.Entries[2].Age, dataset.Entries[2].Sex));
        Assert.Contains("1 recording without a label, left out: d", OwnFolder.Remarks(dataset));
        Assert.Contains("1 code not in the map: 9999 (1 recording)", OwnFolder.Remarks(dataset));
        Assert.Equal(signal.Samples.ToArray(), (await dataset.ReadAsync(dataset.Entries[0])).Samples.ToArray());
        var statements = ((IStatementDataset)dataset).Statements;
        Assert.Equal(["NORM", "MI", "CD"], dataset.Entries.Select(e => Assert.Single(statements.SuperclassesOf(e.Statements))));
    }

    [Fact]
    public void A_table_of_class_columns_gives_labels_and_says_what_does_not_fit()
    {
        using var temporary = TestData.Folder();
        var folder = new OwnFolder(temporary);
        foreach (var name in (string[])["ecg-1", "ecg-2", "x/ecg-3", "alone"])
            folder.Record(name);
        var labels = folder.Write(
            "labels.csv", "ECG;Patient;Age;Sex;AF;Block;Device", "ecg-1;p1;70;M;1;0;A", "ecg-2;p1;;f;0;;B", "x/ecg-3;p2;41.5;Unknown;0;0;A",
                "gone;p3;1;m;1;1;A", "\"blank\";p4;;;;;A");
        folder.Record("blank");
        var dataset = folder.Open(o => (o.Labels, o.FoldCount) = (labels, 2));
        Assert.Equal(["ecg-1", "ecg-2", "x/ecg-3"], dataset.Entries.Select(e => e.Id));
        Assert.Equal(["AF", "", ""], dataset.Entries.Select(OwnFolder.Codes));
        Assert.Equal(["", "Block", ""], dataset.Entries.Select(e =>
            string.Join(' ', ((Core.Datasets.IDescribedDataset)dataset).UnknownCodesOf(e))));
        Assert.Equal([70, null, 41.5], dataset.Entries.Select(e => e.Age));
        Assert.Equal([Sex.Male, Sex.Female, null], dataset.Entries.Select(e => e.Sex));
        Assert.Equal(
            [
                "1 label without a recording: gone", "2 recordings without a label, left out: blank, alone",
                    "columns that are not used: Device",
                "2 folds were drawn by patient, alike in their codes (seed 1)",
            ],
            OwnFolder.Remarks(dataset));
        Assert.False(dataset is IStatementDataset);
    }

    [Fact]
    public void A_column_of_codes_and_column_names_of_ones_own_are_read_and_mapped()
    {
        using var temporary = TestData.Folder();
        var folder = new OwnFolder(temporary);
        folder.Record("a");
        folder.Record("b");
        var labels = folder.Write("labels.csv", "datei,klassen,falte,wer", "a.hea,VHF|LSB,3,7", "b.dat,SR;;SR,4,8");
        var map = folder.Write("map.csv", "code,class", "VHF,AFIB", "LSB,CLBBB", "LSB,left", "SR,");
        var dataset = folder.Open(o =>
        {
            (o.Labels, o.Map) = (labels, map);
            o.Columns = new() { Recording = "datei", Codes = "klassen", Fold = "FALTE", Patient = "wer" };
        });
        Assert.Equal([("a.hea", "AFIB CLBBB left", 3, "7"), ("b.dat", "", 4, "8")],
            dataset.Entries.Select(e => (e.Id, OwnFolder.Codes(e), e.Fold!.Value, e.PatientId!)));
        Assert.Empty(OwnFolder.Remarks(dataset));
    }

    [Theory]
    [InlineData("labels.csv, line 3, column AF: found 'maybe', expected 0, 1 or blank", "recording,AF", "a,1", "b,maybe")]
    [InlineData("labels.csv, line 3, column recording: found 'a' a second time (first in line 2), expected each recording once",
        "recording,AF", "a,1", "a,0")]
    [InlineData("labels.csv, line 3: found 'a.hea', which is the file of 'a' too, expected a recording of its own for each row",
        "recording,AF", "a,1", "a.hea,0")]
    [InlineData("labels.csv, line 2, column fold: found '1.5', expected a whole number from 1 to 1000", "recording,AF,fold", "a,1,1.5")]
    [InlineData("labels.csv, line 2, column age: found 'old', expected a number of years", "recording,AF,age", "a,1,old")]
    [InlineData("labels.csv, line 2, column sex: found '3', expected male, female, m, f or blank", "recording,AF,sex", "a,1,3")]
    [InlineData("labels.csv: found 1 patients in more than one fold, such as p in 1 and 2, expected each patient in one fold",
        "recording,AF,patient,fold", "a,1,p,1", "b,0,p,2")]
    [InlineData("labels.csv, line 1: found no labels among the columns recording, age, expected a column of codes (codes, labels, dx), or "
        + "columns with 0 and 1, one for each class", "recording,age", "a,1")]
    [InlineData("labels.csv, line 2: found 2 fields, expected 3, as in the first line", "recording,AF,x", "a,1")]
    [InlineData("labels.csv, line 2: found 'same', of which there are several: x/same.hea, y/same.hea, expected the path of one, relative "
        + "to the folder", "recording,AF", "same,1")]
    public void What_is_wrong_with_a_table_is_named_with_its_place(string message, params string[] lines)
    {
        using var temporary = TestData.Folder();
        var folder = new OwnFolder(temporary);
        foreach (var name in (string[])["a", "b", "x/same", "y/same"])
            folder.Record(name);
        var labels = folder.Write("labels.csv", lines);
        var error = Assert.Throws<EcgFormatException>(() => folder.Open(o =>
        {
            o.Labels = labels;
            if (lines[0] == "recording,AF")
                o.Columns = new() { Classes = ["AF"] };
        }));
        Assert.Equal(message, error.Message.Replace(temporary.Path + Path.DirectorySeparatorChar, "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cache_gives_the_same_recordings_of_several_layouts_and_keeps_what_is_known()
    {
        using var temporary = TestData.Folder();
        var folder = new OwnFolder(temporary);
        EcgSignal[] written = [folder.Record("a", "Dx: 426783006"), folder.Record("b", "Dx: 164889003")];
        File.WriteAllText(folder["c.hea"], "c 1 250 500\nc.dat 16 200 16 0 0 0 0 II\n# Dx: 164890007\n");
        File.WriteAllBytes(folder["c.dat"], new byte[1000]);
        var cache = folder["all.cache"];
        for (var i = 0; i < 2; i++)
        {
            var dataset = folder.Open(o => o.Cache = cache);
            using (dataset as IDisposable)
            {
                Assert.True(dataset is IStatementDataset and Core.Datasets.IDescribedDataset { HasDrawnFolds: true });
                for (var r = 0; r < 2; r++)
                    Assert.Equal(written[r].Samples.ToArray(), (await dataset.ReadAsync(dataset.Entries[r])).Samples.ToArray());
                Assert.Equal((500, 250.0), ((await dataset.ReadAsync(dataset.Entries[2])).Length,
                    (await dataset.ReadAsync(dataset.Entries[2])).SamplingRate));
            }
        }
        Assert.True(File.Exists(cache));
    }

    [SkippableFact]
    public void The_built_in_map_agrees_with_what_PTB_XL_says_of_the_recordings_that_both_have()
    {
        var external = TestData.Shared("formats/cinc2021");
        var ptbXl = PtbXlDataset.Open(TestData.PtbXl());
        using var temporary = TestData.Folder();
        foreach (var file in Directory.GetFiles(external, "HR*"))
            File.Copy(file, temporary[Path.GetFileName(file)]);
        var known = ptbXl.Entries.ToDictionary(e => int.Parse(e.Id, System.Globalization.CultureInfo.InvariantCulture), e =>
            ptbXl.Statements.SuperclassesOf(e.Statements));
        var dataset = new OwnFolder(temporary).Open();
        var statements = ((IStatementDataset)dataset).Statements;
        var compared = 0;
        foreach (var entry in dataset.Entries)
        {
            if (!known.TryGetValue(int.Parse(entry.Id[2..], System.Globalization.CultureInfo.InvariantCulture), out var classes))
                continue;
            // The Challenge has no code for NORM: only "sinus rhythm and nothing else" can be told.
            Assert.Equal(classes.Where(c => c != "NORM"), statements.SuperclassesOf(entry.Statements).Where(c => c != "NORM"));
            compared++;
        }
        Assert.True(compared >= 7, $"{compared} recordings are in both");
    }
}
