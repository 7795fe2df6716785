using SignalCam.Abstractions;
using SignalCam.Core.Labels;
using SignalCam.Core.Synthetic;

namespace SignalCam.Core.Tests.Labels;

public class JointTaskTests
{
    private static readonly PluginRegistry<IEcgTaskFactory> Tasks = BuiltInTasks.Register(new("task"));
    private static readonly SyntheticEcgDataset Dataset = new(new SyntheticDatasetOptions { Records = 60 });

    [Fact]
    public void Its_classes_are_those_of_each_task_in_turn_under_the_tasks_name()
    {
        var task = Create(new("joint"));
        var all = PtbXlTasks.Create("all", Dataset.Statements);
        Assert.Equal(
        [
            "normal-abnormal/abnormal", "super/NORM", "super/MI", "super/STTC", "super/CD", "super/HYP",
            .. all.Classes.Select(c => $"all/{c}"),
        ], task.Classes);
        Assert.Equal(("joint", TaskKind.Multilabel), (task.Name, task.Kind));
    }

    [Fact]
    public void A_target_is_the_targets_of_the_tasks_with_zeros_where_one_has_none()
    {
        IEcgTask[] parts = [.. new[] { "rhythm", "form" }.Select(name => PtbXlTasks.Create(name, Dataset.Statements))];
        var joint = Create(new("joint", PluginOptions.Write(new JointTaskOptions { Tasks = [new("rhythm"), new("form")] })));
        var target = new float[joint.Classes.Count];
        var outcomes = new HashSet<(bool, bool)>();
        foreach (var entry in Dataset.Entries)
        {
            float[] rhythm = new float[parts[0].Classes.Count], form = new float[parts[1].Classes.Count];
            var (hasRhythm, hasForm) = (parts[0].TryGetTarget(entry, rhythm), parts[1].TryGetTarget(entry, form));
            outcomes.Add((hasRhythm, hasForm));
            Array.Fill(target, 9);
            Assert.Equal(hasRhythm || hasForm, joint.TryGetTarget(entry, target));
            Assert.Equal([.. rhythm, .. form], target);
        }
        Assert.True(outcomes.Count > 1);
    }

    [Fact]
    public void An_entry_that_no_task_labels_is_left_out()
    {
        var joint = Create(new("joint", PluginOptions.Write(new JointTaskOptions { Tasks = [new("super"), new("form")] })));
        Assert.False(joint.TryGetTarget(new EcgEntry { Id = "1" }, new float[joint.Classes.Count]));
    }

    [Fact]
    public void Its_resolved_options_state_the_policies_of_the_tasks()
    {
        var resolved = Tasks.Resolve(new("joint")).Options!;
        Assert.Equal("keep", resolved["tasks"]![0]!["options"]!["unlabelled"]!.GetValue<string>());
        Assert.Equal("drop", resolved["tasks"]![1]!["options"]!["unlabelled"]!.GetValue<string>());
    }

    [Fact]
    public void It_cannot_join_itself_and_an_unknown_task_is_named()
    {
        Assert.Contains("'joint' cannot be one of the tasks that it joins", Refusal("JOINT"), StringComparison.Ordinal);
        Assert.Contains("no task is called 'superb'", Refusal("superb"), StringComparison.Ordinal);

        static string Refusal(
            string name) =>
                Assert.Throws<PluginException>(
                    () => Create(new("joint", PluginOptions.Write(new JointTaskOptions { Tasks = [new(name)] })))).Message;
    }

    private static IEcgTask Create(ComponentSpec spec) => Tasks.Create(spec).Create(Dataset);
}
