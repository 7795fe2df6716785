using SignalCam.Abstractions;
using SignalCam.Core.Folders;
using SignalCam.Core.Labels;
using SignalCam.Core.Metrics;
using SignalCam.Core.PtbXl;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Folders;

public sealed class CodeMapTests
{
    [SkippableFact]
    public void The_embedded_statements_are_those_of_PTB_XL_and_give_the_same_tasks()
    {
        var real = PtbXlStatementTable.Read(Path.Combine(TestData.PtbXl(), "scp_statements.csv"));
        Assert.Equal(real, EmbeddedTable.Statements.Take(real.Count));
        Assert.All(PtbXlTasks.Names, name => Assert.Equal(PtbXlTasks.Create(name, real).Classes,
            PtbXlTasks.Create(name, EmbeddedTable.Statements).Classes));
    }

    [Fact]
    public void Every_class_of_the_built_in_map_is_a_statement_of_PTB_XL_or_one_of_its_classes()
    {
        var map = CodeMap.Open(CodeMap.SnomedCt)!;
        var table = TableText.Parse("map", EmbeddedTable.Read("snomed-ct.csv"));
        foreach (var (_, fields) in table.Rows)
            Assert.All(map.Apply([fields[0]], []), name => Assert.True(EmbeddedTable.Statements.TryGet(name, out _), name));
        Assert.Equal(79, table.Rows.Count);
    }

    [Fact]
    public void The_challenge_s_map_names_the_26_diagnoses_and_joins_those_that_are_scored_as_the_same()
    {
        var map = CodeMap.Open(CodeMap.Challenge2021)!;
        var unmapped = new List<string>();
        Assert.Equal(["RBBB", "LBBB", "PAC", "PVC"], map.Apply(["713427006", "59118001", "164909002", "63593006", "17338001"], unmapped));
        Assert.Empty(unmapped);
        var names = TableText.Parse("map", EmbeddedTable.Read("challenge-2021.csv")).Rows.Select(r => r.Fields[1]).Distinct();
        Assert.Equal((26, 26), (ChallengeScore.Official.Diagnoses, ChallengeScore.Official.CountAmong(names)));
    }

    [Fact]
    public void A_class_that_is_meant_for_a_code_alone_does_not_come_with_others()
    {
        var map = CodeMap.Open(CodeMap.SnomedCt)!;
        Assert.Equal(["SR", "NORM"], map.Apply(["426783006"], []));
        Assert.Equal(["SR", "LVH"], map.Apply(["426783006", "164873001"], []));
    }

    [Fact]
    public void A_code_that_is_wider_than_any_statement_counts_for_its_class_and_for_no_statement()
    {
        var entry = new EcgEntry { Id = "x", Statements = [new Statement("MI", 100)] };
        var target = new float[5];
        Assert.True(PtbXlTasks.Create(PtbXlTasks.Super, EmbeddedTable.Statements).TryGetTarget(entry, target));
        Assert.Equal([0, 1, 0, 0, 0], target);
        Assert.True(PtbXlTasks.Create(PtbXlTasks.NormalAbnormal, EmbeddedTable.Statements).TryGetTarget(entry, target.AsSpan(0, 1)));
        Assert.Equal(1, target[0]);
        Assert.False(PtbXlTasks.Create(PtbXlTasks.Diag, EmbeddedTable.Statements).TryGetTarget(entry, new float[44]));
    }

    [Fact]
    public void A_map_without_its_columns_or_with_another_condition_is_refused()
    {
        using var folder = TestData.Folder();
        var file = folder["map.csv"];
        File.WriteAllText(file, "from,to\na,b\n");
        Assert.Contains("no column code", Assert.Throws<EcgFormatException>(() => CodeMap.Open(file)).Message, StringComparison.Ordinal);
        File.WriteAllText(file, "code,class,when\na,b,often\n");
        Assert.Equal($"{file}, line 2, column when: found 'often', expected 'alone' or nothing",
            Assert.Throws<EcgFormatException>(() => CodeMap.Open(file)).Message);
    }
}
