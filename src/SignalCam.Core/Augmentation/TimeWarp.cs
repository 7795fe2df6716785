using System.Buffers;
using System.ComponentModel.DataAnnotations;
using SignalCam.Abstractions;

namespace SignalCam.Core.Augmentation;

/// <summary>Options of <see cref="TimeWarp"/>.</summary>
internal sealed class TimeWarpOptions : AugmentationOptions
{
    /// <summary>Number of segments, 1 to 64; 4 by default.</summary>
    [Range(1, 64)]
    public int Steps { get; set; } = 4;

    /// <summary>The maximum movement of the borders, 0 to 1: up to limit / 2 / (steps + 1) of the length; 0.1 by default.</summary>
    [Range(0.0, 1.0)]
    public double Limit { get; set; } = 0.1;
}

/// <summary>
/// "time-warp": cuts the recording into equal segments, moves the borders between them by +-U x limit / 2 / (steps + 1) of the length,
/// and resamples each segment linearly to its new length. Length and end points stay.
/// </summary>
/// <remarks>A recording with fewer than two samples a segment is left as it is.</remarks>
internal sealed class TimeWarp : ProbabilisticAugmentation
{
    private readonly int _steps;
    private readonly double _limit;

    /// <summary>Creates the augmentation.</summary>
    /// <exception cref="PluginException">An option is not allowed.</exception>
    public TimeWarp(TimeWarpOptions? options = null)
        : base((options = PluginOptions.Check("augmentation", "time-warp", options)).Probability)
    {
        (_steps, _limit) = (options.Steps, options.Limit);
    }

    /// <inheritdoc/>
    public override string Name => "time-warp";

    /// <inheritdoc/>
    protected internal override void Run(Span<float> samples, SignalLayout layout, EcgRandom random)
    {
        var length = layout.Length;
        if (length < 2 * _steps)
            return;
        Span<int> moved = stackalloc int[_steps + 1];
        for (var i = 1; i < _steps; i++)
        {
            var distance = random.Uniform() * _limit / 2 / (_steps + 1);
            moved[i] = (int)(length * ((double)i / _steps + (random.Chance(0.5) ? distance : -distance)));
        }
        moved[_steps] = length;

        var rented = ArrayPool<float>.Shared.Rent(length);
        var original = rented.AsSpan(0, length);
        for (var lead = 0; lead < layout.LeadCount; lead++)
        {
            var values = samples.Slice(lead * length, length);
            values.CopyTo(original);
            for (var i = 0; i < _steps; i++)
                Resample(original[Border(i, length)..Border(i + 1, length)], values[moved[i]..moved[i + 1]]);
        }
        ArrayPool<float>.Shared.Return(rented);
    }

    private int Border(int step, int length) => (int)((long)length * step / _steps);

    /// <summary>Linear interpolation with first on first and last on last sample.</summary>
    private static void Resample(ReadOnlySpan<float> source, Span<float> target)
    {
        var ratio = target.Length > 1 ? (source.Length - 1.0) / (target.Length - 1) : 0;
        for (var i = 0; i < target.Length; i++)
        {
            var position = i * ratio;
            var left = Math.Min((int)position, source.Length - 2);
            target[i] = (float)(source[left] + (position - left) * (source[left + 1] - source[left]));
        }
    }
}
