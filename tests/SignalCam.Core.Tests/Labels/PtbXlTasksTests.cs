using SignalCam.Abstractions;
using SignalCam.Core.Labels;
using SignalCam.Core.PtbXl;

namespace SignalCam.Core.Tests.Labels;

public class PtbXlTasksTests
{
    private static readonly PtbXlStatementTable Table = new(
    [
        new("IMI", "", true, false, false, "MI", "IMI"),
        new("AMI", "", true, false, false, "MI", "AMI"),
        new("NORM", "", true, false, false, "NORM", "NORM"),
        new("NDT", "", true, true, false, "STTC", "STTC"),
        new("1AVB", "", true, false, false, "CD", "_AVB"),
        new("LVH", "", true, false, false, "HYP", "LVH"),
        new("abq", "", false, true, false, null, null),
        new("SR", "", false, false, true, null, null),
    ]);

    [Theory]
    [InlineData("normal-abnormal", "abnormal")]
    [InlineData("super", "NORM MI STTC CD HYP")]
    [InlineData("sub", "AMI IMI LVH NORM STTC _AVB")]
    [InlineData("diag", "1AVB AMI IMI LVH NDT NORM")]
    [InlineData("form", "NDT abq")]
    [InlineData("rhythm", "SR")]
    [InlineData("all", "1AVB AMI IMI LVH NDT NORM SR abq")]
    public void Classes_have_a_fixed_order(string name, string classes)
    {
        var task = PtbXlTasks.Create(name.ToUpperInvariant(), Table);
        Assert.Equal(name, task.Name);
        Assert.Equal(classes, string.Join(' ', task.Classes));
        Assert.Equal(name == "normal-abnormal" ? TaskKind.Binary : TaskKind.Multilabel, task.Kind);
    }

    [Fact]
    public void An_unknown_task_lists_those_there_are() =>
        Assert.Equal(
            "no task is called 'superb'; there are: normal-abnormal, super, sub, diag, form, rhythm, all",
            Assert.Throws<PluginException>(() => PtbXlTasks.Create("superb", Table)).Message);

    [Fact]
    public void A_task_for_which_there_is_no_statement_is_refused()
    {
        var diagnostic = new PtbXlStatementTable(Table.Where(s => s.IsDiagnostic && !s.IsForm));
        Assert.Contains("task form has no class",
            Assert.Throws<PluginException>(() => PtbXlTasks.Create("form", diagnostic)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("super", "IMI AMI SR", "01000")]
    [InlineData("super", "NORM NDT LVH", "10101")]
    [InlineData("sub", "IMI AMI", "110000")]
    [InlineData("diag", "NDT", "000010")]
    [InlineData("form", "NDT SR", "10")]
    [InlineData("all", "SR NDT ??? abq", "00001011")]
    [InlineData("super", "SR abq", null)]
    [InlineData("rhythm", "NORM", null)]
    public void Every_class_of_a_listed_statement_applies_whatever_its_likelihood(string name, string codes, string? expected)
    {
        Assert.Equal(expected, Target(PtbXlTasks.Create(name, Table), codes));
        Assert.Equal(expected, Target(PtbXlTasks.Create(name, Table), codes.Replace(" ", "=15 ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("NORM", "0", "0")]
    [InlineData("NORM SR", "0", "0")]
    [InlineData("IMI", "1", "1")]
    [InlineData("NORM IMI", "1", "1")]
    [InlineData("SR", null, "1")]
    [InlineData("", null, "1")]
    public void Normal_is_exactly_NORM_and_the_policies_differ_in_what_has_no_diagnosis(string codes, string? benchmark, string? paper)
    {
        Assert.Equal(benchmark, Target(PtbXlTasks.Create("normal-abnormal", Table, LabelPolicy.Benchmark), codes));
        Assert.Equal(paper, Target(PtbXlTasks.Create("normal-abnormal", Table, LabelPolicy.Paper), codes));
    }

    [Theory]
    [InlineData(NormalWithOther.Abnormal, "1")]
    [InlineData(NormalWithOther.Normal, "0")]
    [InlineData(NormalWithOther.Drop, null)]
    public void NORM_with_another_class_is_what_the_policy_says(NormalWithOther policy, string? expected)
    {
        var task = PtbXlTasks.Create("normal-abnormal", Table, new LabelPolicy { NormalWithOther = policy });
        Assert.Equal(expected, Target(task, "NORM IMI"));
        Assert.Equal("1", Target(task, "IMI LVH"));
        Assert.Equal("0", Target(task, "NORM"));
    }

    [Fact]
    public void Statements_below_the_minimum_likelihood_do_not_count_and_unknown_ones_do_unless_told_otherwise()
    {
        var known = new LabelPolicy { MinimumLikelihood = 50 };
        var task = PtbXlTasks.Create("super", Table, known);
        Assert.Equal("10000", Target(task, "NORM=50 IMI=49.9"));
        Assert.Equal("11000", Target(task, "NORM=50 IMI=0"));
        Assert.Null(Target(task, "IMI=15"));
        var strict = PtbXlTasks.Create("super", Table, known with { UnknownLikelihoodCounts = false });
        Assert.Equal("10000", Target(strict, "NORM=50 IMI=0"));
        // NORM becomes the only class once the infarction is too unlikely.
        Assert.Equal("0", Target(PtbXlTasks.Create("normal-abnormal", Table, known), "NORM=80 IMI=15"));
    }

    [Fact]
    public void A_kept_recording_without_a_statement_has_a_target_of_zeros() =>
        Assert.Equal("00000", Target(PtbXlTasks.Create("super", Table, LabelPolicy.Paper), "SR"));

    [Fact]
    public void What_a_target_held_before_does_not_matter()
    {
        float[] target = [9, 9, 9, 9, 9];
        Assert.True(PtbXlTasks.Create("super", Table).TryGetTarget(Entry("LVH"), target));
        Assert.Equal([0f, 0, 0, 0, 1], target);
    }

    [Fact]
    public void A_target_of_another_length_is_refused() =>
        Assert.Contains("task super has 5 classes, the target 4 values",
            Assert.Throws<ArgumentException>(() => PtbXlTasks.Create("super", Table).TryGetTarget(Entry("LVH"), new float[4])).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData(-1)]
    [InlineData(101)]
    [InlineData(double.NaN)]
    public void A_minimum_likelihood_that_is_no_percentage_is_refused(double likelihood) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LabelPolicy { MinimumLikelihood = likelihood });

    [Fact]
    public void A_census_counts_classes_and_says_why_entries_were_dropped()
    {
        var policy = new LabelPolicy { MinimumLikelihood = 50, NormalWithOther = NormalWithOther.Drop };
        EcgEntry[] entries = [Entry("NORM"), Entry("IMI AMI"), Entry("IMI LVH"), Entry("SR"), Entry("IMI=15"), Entry("NORM LVH")];
        var binary = LabelCensus.Take(PtbXlTasks.Create("normal-abnormal", Table, policy), entries);
        Assert.Equal((6, 3, 1, 0), (binary.Total, binary.Labelled, binary.NoClass, binary.SeveralClasses));
        Assert.Equal([new("abnormal", 2)], binary.Classes);
        Assert.Equal(
            [new(LabelOutcome.NoStatement, 1), new(LabelOutcome.TooUnlikely, 1), new(LabelOutcome.NormalWithOther, 1)], binary.Dropped);

        var super = LabelCensus.Take(PtbXlTasks.Create("super", Table, policy), entries);
        Assert.Equal((4, 0, 2), (super.Labelled, super.NoClass, super.SeveralClasses));
        Assert.Equal([new("NORM", 2), new("MI", 2), new("STTC", 0), new("CD", 0), new("HYP", 2)], super.Classes);
    }

    [Fact]
    public void A_census_of_anybodys_task_is_taken_through_the_interface()
    {
        var census = LabelCensus.Take(
            new OldOrYoung(), [new EcgEntry { Id = "1", Age = 80 }, new EcgEntry { Id = "2", Age = 20 }, new EcgEntry { Id = "3" }]);
        Assert.Equal((3, 2, 1), (census.Total, census.Labelled, census.NoClass));
        Assert.Equal([new(LabelOutcome.NoStatement, 1)], census.Dropped);
    }

    private static string? Target(IEcgTask task, string codes)
    {
        var target = new float[task.Classes.Count];
        return task.TryGetTarget(Entry(codes), target) ? string.Concat(target) : null;
    }

    private static EcgEntry Entry(string codes) => new()
    {
        Id = "1",
        Statements = [.. codes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(c => c.Split('='))
            .Select(c => new Statement(c[0], c.Length > 1 ? double.Parse(c[1]) : 100))],
    };

    private sealed class OldOrYoung : IEcgTask
    {
        public string Name => "old";

        public IReadOnlyList<string> Classes => ["old"];

        public TaskKind Kind => TaskKind.Binary;

        public bool TryGetTarget(EcgEntry entry, Span<float> target)
        {
            target[0] = entry.Age >= 50 ? 1 : 0;
            return entry.Age is not null;
        }
    }
}
