using System.Text.Json;
using SignalCam.Core.Labels;
using SignalCam.Core.PtbXl;
using SignalCam.Core.Tests.Metrics;
using SignalCam.Core.Tests.PtbXl;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Labels;

/// <summary>Tasks on real PTB-XL 1.0.3.</summary>
public class RealLabelsTests
{
    [SkippableFact]
    public void The_tasks_have_as_many_classes_as_published()
    {
        var statements = RealPtbXl.Open().Statements;
        Assert.Equal([1, 5, 23, 44, 19, 12, 71], PtbXlTasks.Names.Select(n => PtbXlTasks.Create(n, statements).Classes.Count));
    }

    [SkippableTheory]
    [InlineData(9, 914, 1269, 37, 41)]
    [InlineData(10, 912, 1286, 40, 51)]
    public void The_papers_target_has_the_papers_counts(int fold, int normal, int abnormal, int unlabelled, int normalWithOther)
    {
        var entries = RealPtbXl.Fold(fold);
        var statements = RealPtbXl.Open().Statements;
        var paper = LabelCensus.Take(PtbXlTasks.Create("normal-abnormal", statements, LabelPolicy.Paper), entries);
        Assert.Equal((normal + abnormal, normal, abnormal), (paper.Labelled, paper.NoClass, paper.Classes["abnormal"]));
        Assert.Empty(paper.Dropped);
        var strict = LabelCensus.Take(
            PtbXlTasks.Create("normal-abnormal", statements, new LabelPolicy { NormalWithOther = NormalWithOther.Drop }), entries);
        Assert.Equal([new(LabelOutcome.NoStatement, unlabelled), new(LabelOutcome.NormalWithOther, normalWithOther)], strict.Dropped);
        Assert.Equal((normal, abnormal - unlabelled - normalWithOther), (strict.NoClass, strict.Classes["abnormal"]));
    }

    [SkippableFact]
    public void The_papers_target_equals_that_of_the_reference_implementation_recording_by_recording()
    {
        var (entries, lines) = Fold9();
        var task = PtbXlTasks.Create("normal-abnormal", RealPtbXl.Open().Statements, LabelPolicy.Paper);
        var target = new float[1];
        Assert.All(entries.Zip(lines), pair =>
        {
            Assert.True(task.TryGetTarget(pair.First, target));
            Assert.Equal(float.Parse(pair.Second[1]), target[0]);
        });
    }

    [SkippableFact]
    public void The_super_task_drops_what_has_no_diagnostic_class_and_counts_as_published()
    {
        var dataset = RealPtbXl.Open();
        var census = LabelCensus.Take(PtbXlTasks.Create("super", dataset.Statements), dataset.Entries.Where(e => e.Fold <= 8));
        Assert.Equal([new("NORM", 7596), new("MI", 4379), new("STTC", 4186), new("CD", 3907), new("HYP", 2119)], census.Classes);
        Assert.Equal((17418, 334), (census.Total, census.Dropped[LabelOutcome.NoStatement]));
    }

    [SkippableFact]
    public void Normal_against_each_class_gives_the_figures_of_the_reference_implementation()
    {
        var (entries, lines) = Fold9();
        var result = NormalAgainstClass.Evaluate(entries, lines.Select(l => double.Parse(l[2])).ToArray(), RealPtbXl.Open().Statements);
        Assert.Equal(["MI", "STTC", "CD", "HYP"], result.Keys);
        using var summary = JsonDocument.Parse(File.ReadAllText(TestData.Shared("golden/fold9-summary.json")));
        foreach (var (superclass, metrics) in result)
            BinaryMetricsTests.AssertSame(summary.RootElement.GetProperty($"normal_vs_{superclass}"), metrics);
    }

    [SkippableFact]
    public void Normal_against_each_class_refuses_another_number_of_probabilities()
    {
        var entries = RealPtbXl.Fold(9);
        Assert.Throws<ArgumentException>(() => NormalAgainstClass.Evaluate(entries, [0.5], RealPtbXl.Open().Statements));
    }

    private static (IReadOnlyList<PtbXlEntry> Entries, List<string[]> Lines) Fold9()
    {
        var entries = RealPtbXl.Fold(9);
        var lines = File.ReadLines(TestData.Shared("golden/fold9-predictions.csv")).Skip(1).Select(l => l.Split(',')).ToList();
        Assert.Equal(lines.Select(l => l[0]), entries.Select(e => e.Id));
        return (entries, lines);
    }
}
