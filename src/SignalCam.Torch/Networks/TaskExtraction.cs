using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Labels;
using SignalCam.Core.Models;

namespace SignalCam.Torch.Networks;

/// <summary>
/// Takes one task out of a model that learned several at once (task "joint"): the same backbone, and the head's outputs of that task.
/// </summary>
internal static class TaskExtraction
{
    /// <summary>Makes the model of one task. Its logits are those that the whole model gives for the task's classes.</summary>
    /// <param name="file">A model of the task "joint" with a head that has one row of weights for each class, such as "multilabel".</param>
    /// <param name="task">One of the tasks that it learned, such as "super".</param>
    /// <param name="components">The plug-ins that the file names.</param>
    /// <exception cref="ArgumentException">The model did not learn this task; the message lists those it did.</exception>
    /// <exception cref="NotSupportedException">The head has weights that are not one row for each class.</exception>
    public static ModelFile Extract(ModelFile file, string task, NetworkComponents components)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(components);
        var (all, prefix) = (file.Manifest, task + "/");
        var rows = Enumerable.Range(0, all.Classes.Count)
            .Where(row => all.Classes[row].StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).ToArray();
        if (rows.Length == 0)
            throw new ArgumentException(
                $"the model of task '{all.Task}' did not learn '{task}'; it has "
                + $"{string.Join(", ", all.Classes.Select(c => c.Split('/')[0]).Distinct())}", nameof(task));
        var kind = task.Equals(PtbXlTasks.NormalAbnormal, StringComparison.OrdinalIgnoreCase) ? TaskKind.Binary : TaskKind.Multilabel;
        var manifest = all with
        {
            Task = all.Classes[rows[0]].Split('/')[0],
            TaskKind = kind,
            Classes = [.. rows.Select(row => all.Classes[row][prefix.Length..])],
            Head = components.Heads.Resolve(new ComponentSpec(Heads.BuiltInHeads.NameFor(kind))),
            LabelPolicy = PolicyOf(all, task),
            Calibration = all.Calibration is { } calibration ? [.. rows.Select(row => calibration[row])] : null,
            Thresholds = [.. rows.Select(row => all.Thresholds[row])],
            Training = all.Training is null ? null : WithSource(all.Training, all.Task),
        };
        using var network = NetworkCheck.Create(file, all.Name ?? all.Task, components);
        var ofHead = network.Head.state_dict().Keys.ToHashSet();
        using var part = EcgModel.CreateNetwork(manifest, components);
        return new ModelFile(
            manifest,
            [.. file.Weights.Select(weight => ofHead.Contains(weight.Name) ? Rows(weight, rows, all.Classes.Count) : weight)],
            graph: part.FindGraph(manifest.Leads.Count, out _));
    }

    private static JsonObject WithSource(JsonObject training, string task)
    {
        var copy = training.DeepClone().AsObject();
        copy["extracted_from_task"] = task;
        return copy;
    }

    private static NamedTensor Rows(NamedTensor weight, int[] rows, int classes)
    {
        if (weight.Shape.Length == 0 || weight.Shape[0] != classes)
            throw new ModelNotSupportedException(
                $"the head's '{weight.Name}' has shape [{string.Join(", ", weight.Shape)}], not one row for each of {classes} classes");
        var (values, size) = (weight.ToSingles(), (int)(weight.Count / classes));
        return new NamedTensor(weight.Name, [rows.Length, .. weight.Shape.Skip(1)],
            (float[])[.. rows.SelectMany(row => values[(row * size)..((row + 1) * size)])]);
    }

    /// <summary>The policy of one of the joined tasks, as the joint task's options state it.</summary>
    private static JsonObject? PolicyOf(ModelManifest joint, string task) =>
        (joint.LabelPolicy?["tasks"] as JsonArray)?.OfType<JsonObject>()
            .FirstOrDefault(spec => task.Equals(
                spec["name"]?.GetValue<string>(), StringComparison.OrdinalIgnoreCase))?["options"]?.DeepClone() as JsonObject;
}
