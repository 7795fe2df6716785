using System.ComponentModel.DataAnnotations;

namespace SignalCam.Core.Preprocessing;

/// <summary>Options of the transform "band-pass".</summary>
public sealed class BandPassOptions : IValidatableObject
{
    /// <summary>The lower corner in hertz, with 3 dB attenuation (6 dB with <see cref="ZeroPhase"/>), 0.01 to 10,000. Default
    /// 0.5.</summary>
    [Range(0.01, 1e4)]
    public double Low { get; set; } = 0.5;

    /// <summary>The upper corner in hertz, above <see cref="Low"/> and below half of the sampling rate. Default 40.</summary>
    [Range(0.01, 1e4)]
    public double High { get; set; } = 40;

    /// <summary>
    /// Order of the underlying Butterworth low-pass, 1 to 10; the band-pass has twice as many poles. Default 2.
    /// </summary>
    [Range(1, 10)]
    public int Order { get; set; } = 2;

    /// <summary>Whether it runs forward and backward, which avoids a time shift and doubles the attenuation. Default true.</summary>
    public bool ZeroPhase { get; set; } = true;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!(Low < High))
            yield return new ValidationResult(FormattableString.Invariant($"it must be above Low, which is {Low}."), [nameof(High)]);
    }
}

/// <summary>Options of the transform "high-pass".</summary>
public sealed class HighPassOptions
{
    /// <summary>
    /// The corner in hertz, with 3 dB attenuation (6 dB with <see cref="ZeroPhase"/>), 0.01 to 10,000 and below half of the sampling rate.
    /// Default 0.5.
    /// </summary>
    [Range(0.01, 1e4)]
    public double Cutoff { get; set; } = 0.5;

    /// <summary>Order of the Butterworth filter, 1 to 10. Default 2.</summary>
    [Range(1, 10)]
    public int Order { get; set; } = 2;

    /// <summary>Whether it runs forward and backward, which avoids a time shift and doubles the attenuation. Default true.</summary>
    public bool ZeroPhase { get; set; } = true;
}

/// <summary>Options of the transform "low-pass".</summary>
public sealed class LowPassOptions
{
    /// <summary>
    /// The corner in hertz, with 3 dB attenuation (6 dB with <see cref="ZeroPhase"/>), 0.01 to 10,000 and below half of the sampling rate.
    /// Default 40.
    /// </summary>
    [Range(0.01, 1e4)]
    public double Cutoff { get; set; } = 40;

    /// <summary>Order of the Butterworth filter, 1 to 10. Default 2.</summary>
    [Range(1, 10)]
    public int Order { get; set; } = 2;

    /// <summary>Whether it runs forward and backward, which avoids a time shift and doubles the attenuation. Default true.</summary>
    public bool ZeroPhase { get; set; } = true;
}

/// <summary>Options of the transform "notch".</summary>
public sealed class NotchOptions
{
    /// <summary>
    /// The frequency in hertz to remove, 0.01 to 10,000 and below half of the sampling rate. Default 50; 60 in North America.
    /// </summary>
    [Range(0.01, 1e4)]
    public double Frequency { get; set; } = 50;

    /// <summary>Frequency divided by the width of the notch between the 3 dB points, 1 to 1000. Default 30.</summary>
    [Range(1.0, 1000.0)]
    public double Quality { get; set; } = 30;

    /// <summary>Whether it runs forward and backward, which avoids a time shift and doubles the attenuation. Default true.</summary>
    public bool ZeroPhase { get; set; } = true;
}
