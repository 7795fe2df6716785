using System.Numerics.Tensors;
using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Core.Scoring;
using SignalCam.Torch.Architectures;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Training.Data;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace SignalCam.Torch.Training.Teaching;

/// <summary>
/// Consistent teaching (Beyer et al. 2022, arXiv:2106.05237): the teachers score the batch that the student sees, after windowing,
/// augmentation and mixup, so that the targets match the student's input. Their mean probability, calibrated if a teacher's file has a
/// calibration, is blended with the batch's targets as in <see cref="TeacherTargets"/>.
/// </summary>
/// <remarks>Used by one thread at a time, the loader's, so that it runs beside the student's step. Owns the teachers.</remarks>
internal sealed class ConsistentTeachers : IDisposable
{
    private readonly (EcgModel Model, int[] Columns)[] _teachers;
    private readonly TrainingOptions _options;
    private readonly Device _device;

    /// <summary>Takes ownership of the teachers.</summary>
    /// <param name="teachers">The teachers, at least one.</param>
    /// <param name="options">Their share of each target, the type they compute in and torch's number of threads.</param>
    /// <param name="task">The task that defines the classes.</param>
    /// <param name="recordings">The shape of the whole recordings.</param>
    /// <param name="preprocessing">The preprocessing of the recordings.</param>
    /// <exception cref="TrainingException">
    /// A teacher lacks a class, uses another preprocessing, or does not support the precision; the message names both sides.
    /// </exception>
    public ConsistentTeachers(
        IReadOnlyList<EcgModel> teachers, TrainingOptions options, IEcgTask task, SignalLayout recordings,
        IReadOnlyList<ComponentSpec> preprocessing)
    {
        foreach (var teacher in teachers)
        {
            TeacherTargets.RequireSameInput(teacher, recordings, preprocessing);
            if (options.TeacherPrecision != TrainingPrecision.Float32 && !teacher.Network.Backbone.TakesBfloat16)
                throw new TrainingException(
                    $"{nameof(TrainingOptions.TeacherPrecision)} is bfloat16, but the teacher's {teacher.Network.Backbone.GetName()} "
                    + $"computes in float32 only ({nameof(Backbone.TakesBfloat16)} is false)");
        }
        _teachers = [.. teachers.Select(teacher => (teacher, TeacherTargets.ClassesOf(teacher, task)))];
        _options = options;
        _device = TorchDevice.Select(options.Device, options.AllowDeviceFallback);
    }

    /// <summary>The checksums of the teachers' weights, which determine the result of the training like its options.</summary>
    public JsonArray Checksums =>
        [.. _teachers.Select(teacher => JsonValue.Create(WeightChecksum.Of(NetworkState.Copy(teacher.Model.Network))))];

    /// <summary>The batch with its targets blended with the teachers' predictions.</summary>
    /// <param name="batch">Samples (recording, lead, time) as the student will see them.</param>
    /// <param name="layout">Their shape: whole recordings, or windows.</param>
    /// <exception cref="NonFiniteScoreException">A teacher computed a value that is not finite.</exception>
    public Batch Teach(Batch batch, SignalLayout layout)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        // Each thread has a number of its own, and the last bits depend on it.
        set_num_threads(_options.EffectiveTorchThreads);
        var samples = DeviceTransfer.ToDevice(batch.Samples, [batch.Count, layout.LeadCount, layout.Length], _device);
        var signals = _options.TeacherPrecision == TrainingPrecision.Bfloat16 ? samples.to(bfloat16) : samples;
        var targets = new float[batch.Targets.Length];
        TensorPrimitives.Multiply(batch.Targets, (float)(1 - _options.TeacherWeight), targets);
        var share = (float)(_options.TeacherWeight / _teachers.Length);
        foreach (var (teacher, columns) in _teachers)
            Add(teacher, columns, signals, share, targets);
        return batch with { Targets = targets };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (teacher, _) in _teachers)
            teacher.Dispose();
    }

    private static void Add(EcgModel teacher, int[] columns, Tensor signals, float share, float[] targets)
    {
        var logits = teacher.Network.Forward(signals);
        var own = Values(teacher.Network.Head.Probabilities(logits));
        var probabilities = ClassRules.Calibrated(teacher.Manifest, Values(logits), own);
        var classes = teacher.Manifest.Classes.Count;
        for (var i = 0; i < targets.Length; i++)
            targets[i] += share * probabilities[i / columns.Length * classes + columns[i % columns.Length]];
    }

    private static float[] Values(Tensor tensor) => tensor.contiguous().cpu().data<float>().ToArray();
}
