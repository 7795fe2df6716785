using SignalCam.Abstractions;
using SignalCam.Core.Datasets;

namespace SignalCam.Core.Tests.Datasets;

public class DatasetSplitTests
{
    [Theory]
    [InlineData("9", "9")]
    [InlineData("1-8", "1-8")]
    [InlineData("1,3-5", "1,3-5")]
    [InlineData(" 5 , 1 - 3,2,4", "1-5")]
    [InlineData("7-7", "7")]
    public void Folds_are_read_and_written_in_the_shortest_way(string text, string expected)
    {
        Assert.Equal(expected, FoldSet.Parse(text).ToString());
        Assert.Equal(FoldSet.Parse(expected), FoldSet.Parse(text));
    }

    [Theory]
    [InlineData("", "''")]
    [InlineData("1,,2", "''")]
    [InlineData("8-1", "'8-1'")]
    [InlineData("1-2-3", "'1-2-3'")]
    [InlineData("0-3", "'0-3'")]
    [InlineData("-3", "'-3'")]
    [InlineData("one", "'one'")]
    [InlineData("1-2000000000", "'1-2000000000'")]
    public void Anything_else_is_refused_with_the_part_that_is_wrong(string text, string part) =>
        Assert.Contains($"found {part}, expected a fold such as 9",
            Assert.Throws<DatasetSplitException>(() => FoldSet.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void An_entry_without_a_fold_is_in_no_set()
    {
        var folds = new FoldSet(1, 3);
        Assert.Equal([false, true, false, true], new int?[] { null, 1, 2, 3 }.Select(folds.Contains));
    }

    [Fact]
    public void Selecting_a_fold_that_is_not_there_lists_those_that_are()
    {
        EcgEntry[] entries = [Entry("a", 1, "p"), Entry("b", 2, "q"), Entry("c", null, "r")];
        Assert.Equal("no recording is in fold 10; there are folds 1-2",
            Assert.Throws<DatasetSplitException>(() => FoldSet.Parse("10").Select(entries)).Message);
        Assert.Equal("no recording is in fold 10; there are no folds",
            Assert.Throws<DatasetSplitException>(() => FoldSet.Parse("10").Select(entries[2..])).Message);
    }

    [Fact]
    public void The_official_split_is_folds_1_to_8_then_9_then_10_and_the_test_fold_may_be_absent()
    {
        EcgEntry[] entries = [Entry("a", 8, "p"), Entry("b", 9, "q"), Entry("c", 1, "p"), Entry("d", 10, "r"), Entry("e", null, "s")];
        var split = DatasetSplit.Official(entries);
        Assert.Equal("a c|b|d", string.Join(
            '|', new[] { split.Train, split.Validation, split.Test }.Select(part => string.Join(' ', part.Select(e => e.Id)))));
        Assert.Empty(DatasetSplit.Official(entries[..3]).Test);
    }

    [Fact]
    public void A_patient_in_two_parts_is_an_error_that_names_patients_and_folds()
    {
        EcgEntry[] entries =
        [
            Entry("a", 1, "p"), Entry("b", 9, "p"), Entry("c", 2, "q"), Entry("d", 2, "q"), Entry("e", 9, "t"), Entry("f", 10, "t"),
        ];
        var error = Assert.Throws<DatasetSplitException>(() => DatasetSplit.Official(entries));
        Assert.Equal("2 patients are in more than one part of the split: p (folds 1, 9), t (folds 9, 10)", error.Message);
        Assert.Equal(["p", "t"], error.Patients);
    }

    [Fact]
    public void Entries_of_unknown_patients_are_not_taken_for_one_patient() =>
        Assert.Single(DatasetSplit.Official([Entry("a", 1, null), Entry("b", 9, null)]).Train);

    [Fact]
    public void A_fold_in_two_parts_is_an_error_before_anything_is_looked_at() =>
        Assert.Equal(
            "fold 8 is in both training (1-8) and validation (8-9)",
            Assert.Throws<DatasetSplitException>(() => DatasetSplit.ByFolds([], FoldSet.Parse("1-8"), FoldSet.Parse("8,9"))).Message);

    private static EcgEntry Entry(string id, int? fold, string? patient) => new() { Id = id, Fold = fold, PatientId = patient };
}
