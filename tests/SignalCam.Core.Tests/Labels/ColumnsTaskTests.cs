using SignalCam.Abstractions;
using SignalCam.Core.Labels;

namespace SignalCam.Core.Tests.Labels;

public sealed class ColumnsTaskTests
{
    [Fact]
    public void All_codes_are_classes_of_a_multilabel_task()
    {
        var task = Create(new(), "A B", "", "C");
        Assert.Equal((TaskKind.Multilabel, "A B C"), (task.Kind, string.Join(' ', task.Classes)));
        Assert.Equal([[1, 1, 0], [0, 0, 0], [0, 0, 1]], Targets(task, "A B", "", "C"));
    }

    [Fact]
    public void Named_classes_keep_their_order_and_other_codes_count_for_nothing()
    {
        var task = Create(new() { Classes = ["C", "A"] }, "A B", "B", "C");
        Assert.Equal([[0, 1], [0, 0], [1, 0]], Targets(task, "A B", "B", "C"));
        Assert.Equal("""{"classes":["C","A"],"exclusive":false}""", ((IResolvedTask)task).Options.ToJsonString());
    }

    [Fact]
    public void A_positive_class_makes_a_binary_task()
    {
        var task = Create(new() { Positive = "B" }, "A B", "A");
        Assert.Equal((TaskKind.Binary, "B"), (task.Kind, Assert.Single(task.Classes)));
        Assert.Equal([[1], [0]], Targets(task, "A B", "A"));
        Assert.Equal("""{"positive":"B","exclusive":false}""", ((IResolvedTask)task).Options.ToJsonString());
    }

    [Fact]
    public void Exclusive_classes_leave_out_recordings_with_none_and_refuse_those_with_several()
    {
        var task = Create(new() { Exclusive = true, Classes = ["A", "B"] }, "A", "B C", "C");
        Assert.Equal(TaskKind.Multiclass, task.Kind);
        Assert.Equal([[1, 0], [0, 1], null], Targets(task, "A", "B C", "C"));
        var error = Assert.Throws<PluginException>(() => Create(new() { Exclusive = true }, "A", "A B"));
        Assert.Equal("task 'columns': the classes are to exclude each other, but 1 recordings of dataset 'test' have several: 1",
            error.Message);
    }

    [Fact]
    public void Codes_that_no_recording_has_are_refused_with_those_there_are()
    {
        var error = Assert.Throws<PluginException>(() => Create(new() { Classes = ["X", "Y"] }, "A", "B"));
        Assert.Equal("task 'columns': no recording of dataset 'test' has X, Y; available codes: A, B", error.Message);
    }

    private static IEcgTask Create(ColumnsTaskOptions options, params string[] codes) =>
        new ColumnsTaskFactory(options).Create(new Coded(codes));

    private static IEnumerable<float[]?> Targets(IEcgTask task, params string[] codes) => new Coded(codes).Entries.Select(entry =>
    {
        var target = new float[task.Classes.Count];
        return task.TryGetTarget(entry, target) ? target : null;
    });

    private sealed class Coded(string[] codes) : IEcgDataset
    {
        public string Name => "test";

        public IReadOnlyList<EcgEntry> Entries { get; } = [.. codes.Select((c, i) => new EcgEntry
        {
            Id = $"{i}",
            Statements = [.. c.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(code => new Statement(code, 100))],
        })];

        public ValueTask<EcgSignal> ReadAsync(EcgEntry entry, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();
    }
}
