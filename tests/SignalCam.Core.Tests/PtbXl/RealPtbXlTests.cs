using System.Text.Json;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.PtbXl;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.PtbXl;

/// <summary>Real PTB-XL 1.0.3. Expected counts: Wagner et al. 2020 and counts made with other software from the same tables.</summary>
public class RealPtbXlTests
{
    [SkippableFact]
    public void The_statements_are_44_diagnostic_19_form_and_12_rhythm()
    {
        var statements = RealPtbXl.Open().Statements;
        Assert.Equal((71, 44, 19, 12),
            (statements.Count, statements.Count(s => s.IsDiagnostic), statements.Count(s => s.IsForm), statements.Count(s => s.IsRhythm)));
        Assert.Equal(23, statements.Where(s => s.IsDiagnostic).Select(s => s.DiagnosticSubclass).Distinct().Count());
    }

    [SkippableFact]
    public void The_first_row_is_read_to_the_letter()
    {
        var first = RealPtbXl.Open().Entries[0];
        Assert.Equal(("1", "15709", 3, 56.0, Sex.Female), (first.Id, first.PatientId, first.Fold, first.Age, first.Sex));
        Assert.Equal([new("NORM", 100), new("LVOLT", 0), new("SR", 0)], first.Statements);
        Assert.Equal(("CS-12   E", "sinusrhythmus periphere niederspannung", " , I-V1,  "),
            (first.Device, first.Report, first.StaticNoise));
    }

    [SkippableFact]
    public void A_person_validated_all_of_fold_9_and_two_thirds_of_the_training_folds()
    {
        var entries = RealPtbXl.Open().Entries;
        Assert.All(entries.Where(e => e.Fold == 9), e => Assert.True(e.ValidatedByHuman));
        Assert.Equal(0.67, entries.Where(e => e.Fold <= 8).Average(e => e.ValidatedByHuman ? 1 : 0), 0.02);
    }

    [SkippableFact]
    public async Task A_recording_has_twelve_leads_of_ten_seconds_in_the_usual_spelling()
    {
        var dataset = RealPtbXl.Open();
        var signal = await dataset.ReadAsync(dataset.Entries[0]);
        Assert.Equal(new SignalLayout(SignalLayout.StandardLeads, 1000, 100), signal.Layout);
        Assert.Equal(SignalLayout.StandardLeads, signal.Leads);
        // The header of 00001_lr gives the initial value -0.119 mV for I and 0.004 mV for aVF.
        Assert.Equal((-0.119f, 0.004f), (signal.Lead("I")[0], signal.Lead("aVF")[0]));
    }

    [SkippableFact]
    public async Task A_500_hertz_recording_is_read_where_it_is_there_and_named_where_it_is_not()
    {
        var dataset = PtbXlDataset.Open(TestData.PtbXl(), new PtbXlOptions { SamplingRate = 500 });
        var there = dataset.Entries.Where(e => File.Exists(Path.Combine(dataset.Folder, e.FilenameHr + ".hea"))).ToList();
        Skip.If(there.Count == 0, "this copy of PTB-XL has no 500 Hz recording");
        Assert.Equal(new SignalLayout(SignalLayout.StandardLeads, 5000, 500), (await dataset.ReadAsync(there[0])).Layout);
        var missing = dataset.Entries.FirstOrDefault(e => !File.Exists(Path.Combine(dataset.Folder, e.FilenameHr + ".hea")));
        Skip.If(missing is null, "this copy of PTB-XL lacks no 500 Hz recording");
        var error = await Assert.ThrowsAsync<EcgFormatException>(async () => await dataset.ReadAsync(missing));
        Assert.Equal($"the 500 Hz recording of ecg_id {missing.Id}", error.Expected);
    }

    [SkippableFact]
    public void Class_counts_of_training_and_validation_are_the_published_ones()
    {
        var overview = PtbXlOverview.Of(RealPtbXl.Open());
        Assert.Equal(["train", "validation", "test", "all"], overview.Splits.Select(s => s.Name));
        Assert.Equal([("NORM", 7596), ("MI", 4379), ("STTC", 4186), ("CD", 3907), ("HYP", 2119)],
            overview.Splits[0].Classes.Select(c => (c.Key, c.Value)));
        Assert.Equal([("NORM", 955), ("MI", 540), ("STTC", 528), ("CD", 495), ("HYP", 268)],
            overview.Splits[1].Classes.Select(c => (c.Key, c.Value)));
        Assert.Equal((2183, 914), (overview.Splits[1].Recordings, overview.Splits[1].ExactlyNormal));
    }

    [SkippableFact]
    public void Counts_of_the_whole_are_the_published_ones()
    {
        RealPtbXl.Fold(10);
        var overview = PtbXlOverview.Of(RealPtbXl.Open());
        Assert.Equal((21799, 18869), (overview.Recordings, overview.Patients));
        var all = overview.Splits[3];
        Assert.Equal([9514, 5469, 5235, 4898, 2649], all.Classes.Values);
        Assert.Equal((411, 5144), (all.Unlabelled, all.SeveralClasses));
        Assert.Equal((912, 51, 40), (overview.Splits[2].ExactlyNormal, overview.Splits[2].NormalWithOther, overview.Splits[2].Unlabelled));
    }

    /// <summary>Folds 1 to 9, counted with Python's csv and ast modules.</summary>
    [SkippableFact]
    public void Everything_else_that_the_tables_say_is_counted()
    {
        var dataset = RealPtbXl.Open();
        var overview = PtbXlOverview.Of([.. dataset.Entries.Where(e => e.Fold <= 9)], dataset.Statements);
        Assert.Equal((19601, 16965), (overview.Recordings, overview.Patients));
        Assert.Equal([2175, 2181, 2192, 2174, 2174, 2173, 2176, 2173, 2183], overview.Folds.Values);
        Assert.Equal((371, 394, 4636),
            (overview.Splits[3].Unlabelled, overview.Splits[3].NormalWithOther, overview.Splits[3].SeveralClasses));
        Assert.Equal((371, 4636), (overview.ClassesPerRecording[0], overview.ClassesPerRecording.Where(c => c.Key > 1).Sum(c => c.Value)));
        Assert.Equal(("NORM", 8157), (overview.ClassCombinations[0].Name, overview.ClassCombinations[0].Count));
        Assert.Equal(19601, overview.ClassCombinations.Sum(c => c.Count));
        Assert.Equal((71, 54917, 26096),
            (overview.Statements.Count, overview.Statements.Sum(s => s.Count), overview.Statements.Sum(s => s.UnknownLikelihood)));

        var missing = overview.MissingValues.ToDictionary(m => m.Name, m => m.Count);
        Assert.Equal(28, missing.Count);
        Assert.Equal((13326, 11255, 1255, 15, 0),
            (missing["height"], missing["weight"], missing["nurse"], missing["site"], missing["device"]));
        Assert.Equal((7514, 14549, 19510, 8804),
            (missing["heart_axis"], missing["infarction_stadium1"], missing["infarction_stadium2"], missing["validated_by"]));
        // One burst_noise, of ecg_id 1659, is a single space, which says as little as nothing.
        Assert.Equal(
            [
                new("baseline_drift", 19601 - 18239), new("static_noise", 19601 - 16657), new("burst_noise", 19601 - 19029),
                new("electrodes_problems", 19601 - 19574), new("extra_beats", 19601 - 17850), new("pacemaker", 19601 - 19339),
            ],
            overview.Quality);

        Assert.Equal([new("male", 10222), new("female", 9379), new("unknown", 0)], overview.Sexes);
        Assert.Equal(19601, overview.Ages.Sum(a => a.Count) + overview.Over89);
        Assert.Equal(new NamedCount("CS100    3", 6081), overview.Devices[0]);
        Assert.Equal(new NamedCount("0", 8453), overview.Sites[0]);
        Assert.Equal(
            [new("MID", 7016), new("LAD", 3370), new("ALAD", 1248), new("RAD", 204), new("ARAD", 113)], overview.HeartAxes.Take(5));
        Assert.Equal([new("unknown", 3098), new("Stadium III", 880)], overview.InfarctionStadium1.Take(2));
        Assert.Equal([new("Stadium III", 57), new("Stadium II", 19), new("Stadium I", 15)], overview.InfarctionStadium2);
        Assert.Equal(
            [new("second_opinion", 487), new("initial_autogenerated_report", 6629), new("validated_by_human", 13858)], overview.Validation);
        Assert.Equal((10, 19601), (overview.RecordingsPerPatient.Keys.Max(), overview.RecordingsPerPatient.Sum(r => r.Key * r.Value)));
        Assert.Equal(19601, overview.Years.Values.Sum());
    }

    [SkippableFact]
    public void The_overview_is_written_as_json_with_all_its_figures()
    {
        using var json = JsonDocument.Parse(PtbXlOverview.Of(RealPtbXl.Open()).ToJson());
        var train = json.RootElement.GetProperty("splits")[0];
        Assert.Equal(("train", 7596), (train.GetProperty("name").GetString(), train.GetProperty("classes").GetProperty("NORM").GetInt32()));
        Assert.Equal(71, json.RootElement.GetProperty("statements").GetArrayLength());
        Assert.Equal(typeof(PtbXlOverview).GetProperties().Length, json.RootElement.EnumerateObject().Count());
    }

    [SkippableFact]
    public void No_patient_is_in_two_parts_of_the_official_split()
    {
        var split = DatasetSplit.Official(RealPtbXl.Open().Entries);
        Assert.Equal(2183, split.Validation.Count);
        Assert.Equal(17418, split.Train.Count);
    }
}
