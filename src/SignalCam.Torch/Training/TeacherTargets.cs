using System.Numerics.Tensors;
using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Calibration;
using SignalCam.Core.Datasets;
using SignalCam.Core.Models;
using SignalCam.Torch.Evaluation;
using SignalCam.Torch.Networks;

namespace SignalCam.Torch.Training;

/// <summary>
/// Distillation (Hinton et al. 2015, arXiv:1503.02531): training targets become a blend of the labels and of what larger, trained
/// networks say of the same recordings. Cross entropy is linear in the target, so this equals a weighted sum of both losses.
/// </summary>
internal static class TeacherTargets
{
    private const int BatchSize = 128;

    /// <summary>
    /// The recordings with blended targets. A recording is judged by the teachers that have not learned from it, by what their files say of their
    /// folds: what a network says of recordings that it has learned from is in part their labels again, wrong ones included. Where all have, all judge.
    /// </summary>
    /// <param name="recordings">Prepared recordings and their labels.</param>
    /// <param name="teachers">The teachers; of those that judge a recording, the mean probability counts.</param>
    /// <param name="weight">The teachers' share of the target, 0 to 1.</param>
    /// <param name="task">Whose classes the targets are.</param>
    /// <param name="preprocessing">What was done to the recordings.</param>
    /// <param name="dataset">The name of the dataset that the recordings are of; null where that is not known, so that all teachers judge.</param>
    /// <exception cref="TrainingException">A teacher lacks a class or prepares recordings otherwise; the message names both sides.</exception>
    public static LabeledRecordings Blend(
        LabeledRecordings recordings, IReadOnlyList<EcgModel> teachers, double weight, IEcgTask task, IReadOnlyList<ComponentSpec> preprocessing, string? dataset = null)
    {
        var judged = Judged(recordings.Entries, [.. teachers.Select(t => LearnedFrom(t, dataset))]);
        var (sum, judges) = (new float[recordings.Count * recordings.ClassCount], new int[recordings.Count]);
        foreach (var (teacher, indices) in teachers.Zip(judged))
        {
            RequireAlike(recordings, teacher, preprocessing);
            Add(recordings, indices, teacher, ClassesOf(teacher, task), sum);
            foreach (var i in indices)
                judges[i]++;
        }
        for (var i = 0; i < recordings.Count; i++)
        {
            var target = sum.AsSpan(i * recordings.ClassCount, recordings.ClassCount);
            TensorPrimitives.Multiply(target, (float)(weight / judges[i]), target);
            TensorPrimitives.MultiplyAdd(recordings.Targets(i), (float)(1 - weight), target, target);
        }
        return recordings.WithTargets(sum);
    }

    private static FoldSet? LearnedFrom(EcgModel teacher, string? dataset)
    {
        var provenance = ModelProvenance.Of(teacher.Manifest);
        return string.Equals(provenance.Dataset, dataset, StringComparison.OrdinalIgnoreCase) ? provenance.Train : null;
    }

    /// <summary>For each teacher the indices of the recordings that it judges.</summary>
    private static List<int>[] Judged(IReadOnlyList<EcgEntry> entries, FoldSet?[] learned)
    {
        List<int>[] judged = [.. learned.Select(_ => new List<int>())];
        for (var i = 0; i < entries.Count; i++)
        {
            var seenByAll = learned.All(HasSeen);
            for (var t = 0; t < learned.Length; t++)
                if (seenByAll || !HasSeen(learned[t]))
                    judged[t].Add(i);

            bool HasSeen(FoldSet? folds) => folds?.Contains(entries[i].Fold) == true;
        }
        return judged;
    }

    private static void RequireAlike(LabeledRecordings recordings, EcgModel teacher, IReadOnlyList<ComponentSpec> preprocessing)
    {
        if (!teacher.Input.Equals(recordings.Layout))
            throw new TrainingException($"the teacher takes {teacher.Input}, the recordings have {recordings.Layout}");
        if (!JsonNode.DeepEquals(PluginOptions.Write(new { preprocessing }), PluginOptions.Write(new { preprocessing = teacher.Manifest.Preprocessing })))
            throw new TrainingException("the teacher prepares recordings otherwise than this training: "
                + $"found {PluginOptions.Write(new { teacher.Manifest.Preprocessing })}, expected {PluginOptions.Write(new { preprocessing })}");
    }

    private static void Add(LabeledRecordings recordings, List<int> indices, EcgModel teacher, int[] columns, float[] sum)
    {
        foreach (var batch in indices.Chunk(BatchSize))
        {
            var samples = new float[batch.Length * recordings.SamplesPerRecording];
            for (var i = 0; i < batch.Length; i++)
                recordings.Samples(batch[i]).CopyTo(samples.AsSpan(i * recordings.SamplesPerRecording));
            var output = teacher.Run(samples, batch.Length);
            var probabilities = CalibratedScores.Probabilities(teacher.Manifest, output);
            for (var i = 0; i < batch.Length; i++)
                for (var c = 0; c < columns.Length; c++)
                    sum[batch[i] * columns.Length + c] += probabilities[i * output.ClassCount + columns[c]];
        }
    }

    /// <summary>Where each of the task's classes is among the teacher's: under its name, or as "task/class" where the teacher learned several tasks.</summary>
    private static int[] ClassesOf(EcgModel teacher, IEcgTask task)
    {
        var names = teacher.Manifest.Classes.ToList();
        return [.. task.Classes.Select(name => Math.Max(names.IndexOf(name), names.IndexOf($"{task.Name}/{name}")) is >= 0 and var index
            ? index
            : throw new TrainingException($"the teacher knows no class '{name}' of task {task.Name}; it has: {string.Join(", ", names)}"))];
    }
}
