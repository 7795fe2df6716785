using System.ComponentModel.DataAnnotations;
using SignalCam.Abstractions;

namespace SignalCam.Core.Augmentation;

/// <summary>Which way <see cref="TimeShift"/> moves a recording.</summary>
internal enum ShiftDirection
{
    /// <summary>To the right only, as ecgmentations 0.0.8 and so the EMBC 2025 paper do.</summary>
    Right,

    /// <summary>Either way, as ecgmentations 0.0.9 does.</summary>
    Both,
}

/// <summary>Options of <see cref="TimeShift"/>.</summary>
internal sealed class TimeShiftOptions : AugmentationOptions
{
    /// <summary>Largest shift as a fraction of the length, 0 to 1; 0.03 by default.</summary>
    [Range(0.0, 1.0)]
    public double Limit { get; set; } = 0.03;

    /// <summary>Which way; to the right only by default.</summary>
    public ShiftDirection Direction { get; set; }
}

/// <summary>"time-shift": moves all leads by trunc(N x U x limit) samples; zeros enter at the other end.</summary>
internal sealed class TimeShift : ProbabilisticAugmentation
{
    private readonly double _low;
    private readonly double _high;

    /// <summary>Creates the augmentation.</summary>
    /// <exception cref="PluginException">An option is not allowed.</exception>
    public TimeShift(TimeShiftOptions? options = null)
        : base((options = PluginOptions.Check("augmentation", "time-shift", options)).Probability)
    {
        _high = options.Limit;
        _low = options.Direction == ShiftDirection.Both ? -options.Limit : 0;
    }

    /// <inheritdoc/>
    public override string Name => "time-shift";

    /// <inheritdoc/>
    protected internal override void Run(Span<float> samples, SignalLayout layout, EcgRandom random)
    {
        var shift = (int)(layout.Length * random.Uniform(_low, _high));
        for (var lead = 0; lead < layout.LeadCount; lead++)
        {
            var values = samples.Slice(lead * layout.Length, layout.Length);
            if (shift >= 0)
            {
                values[..^shift].CopyTo(values[shift..]);
                values[..shift].Clear();
            }
            else
            {
                values[-shift..].CopyTo(values);
                values[^-shift..].Clear();
            }
        }
    }
}
