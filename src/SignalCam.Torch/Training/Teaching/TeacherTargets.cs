using System.Numerics.Tensors;
using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Core.Scoring;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Training.Data;

namespace SignalCam.Torch.Training.Teaching;

/// <summary>
/// Distillation (Hinton et al. 2015, arXiv:1503.02531): training targets become a blend of the labels and the predictions of larger,
/// trained networks for the same recordings. Cross entropy is linear in the target, so this equals a weighted sum of both losses.
/// </summary>
internal static class TeacherTargets
{
    private const int BatchSize = 128;

    /// <summary>The recordings with blended targets.</summary>
    /// <param name="recordings">Prepared recordings and their labels.</param>
    /// <param name="teachers">The teachers; their mean probability is used, calibrated if a teacher's file has a calibration.</param>
    /// <param name="weight">The teachers' share of the target, 0 to 1.</param>
    /// <param name="task">The task that defines the classes.</param>
    /// <param name="preprocessing">The preprocessing of the recordings.</param>
    /// <exception cref="TrainingException">A teacher lacks a class or uses another preprocessing; the message names both
    /// sides.</exception>
    public static LabeledRecordings Blend(
        LabeledRecordings recordings, IReadOnlyList<EcgModel> teachers, double weight, IEcgTask task,
        IReadOnlyList<ComponentSpec> preprocessing)
    {
        var sum = new float[recordings.Count * recordings.ClassCount];
        foreach (var teacher in teachers)
            Add(recordings, teacher, ClassesOf(teacher, task), sum, preprocessing);
        TensorPrimitives.Multiply(sum, (float)(weight / teachers.Count), sum);
        TensorPrimitives.MultiplyAdd(recordings.AllTargets, (float)(1 - weight), sum, sum);
        return recordings.WithTargets(sum);
    }

    private static void Add(LabeledRecordings recordings, EcgModel teacher, int[] columns, float[] sum,
        IReadOnlyList<ComponentSpec> preprocessing)
    {
        RequireSameInput(teacher, recordings.Layout, preprocessing);
        for (var start = 0; start < recordings.Count; start += BatchSize)
        {
            var count = Math.Min(BatchSize, recordings.Count - start);
            var output = teacher.Run(recordings.Samples(start, count).ToArray(), count);
            var probabilities = ClassRules.Calibrated(teacher.Manifest, output.Logits, output.Probabilities);
            for (var i = 0; i < count; i++)
                for (var c = 0; c < columns.Length; c++)
                    sum[(start + i) * columns.Length + c] += probabilities[i * output.ClassCount + columns[c]];
        }
    }

    /// <summary>Ensures that a teacher takes recordings with this shape and preprocessing.</summary>
    /// <exception cref="TrainingException">It does not; the message states both.</exception>
    public static void RequireSameInput(EcgModel teacher, SignalLayout recordings, IReadOnlyList<ComponentSpec> preprocessing)
    {
        if (!teacher.Input.Equals(recordings))
            throw new TrainingException($"the teacher takes {teacher.Input}, the recordings have {recordings}");
        if (!JsonNode.DeepEquals(
            PluginOptions.Write(new { preprocessing }), PluginOptions.Write(new { preprocessing = teacher.Manifest.Preprocessing })))
            throw new TrainingException("the teacher prepares recordings otherwise than this training: "
                + $"found {PluginOptions.Write(new { teacher.Manifest.Preprocessing })}, expected "
                + $"{PluginOptions.Write(new { preprocessing })}");
    }

    /// <summary>
    /// The index of each of the task's classes among the teacher's: under its name, or as "task/class" where the teacher learned several
    /// tasks.
    /// </summary>
    /// <exception cref="TrainingException">The teacher lacks a class; the message lists those it has.</exception>
    public static int[] ClassesOf(EcgModel teacher, IEcgTask task)
    {
        var names = teacher.Manifest.Classes.ToList();
        return [.. task.Classes.Select(name => Math.Max(names.IndexOf(name), names.IndexOf($"{task.Name}/{name}")) is >= 0 and var index
            ? index
            : throw new TrainingException($"the teacher knows no class '{name}' of task {task.Name}; it has: {string.Join(", ", names)}"))];
    }
}
