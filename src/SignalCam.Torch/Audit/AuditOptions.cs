using System.ComponentModel.DataAnnotations;
using SignalCam.Core.Explanation;

namespace SignalCam.Torch.Audit;

/// <summary>Settings of an audit. The defaults take a few minutes for 500 recordings on two cores.</summary>
public sealed class AuditOptions
{
    /// <summary>How recordings are perturbed for deletion and insertion.</summary>
    public PerturbationOptions Perturbation { get; set; } = new();

    /// <summary>Networks with fresh weights for parameter randomisation. Default 3.</summary>
    [Range(0, 100)]
    public int RandomNetworks { get; set; } = 3;

    /// <summary>Recordings for parameter randomisation and for sensitivity, spread evenly over all. Default 100.</summary>
    [Range(1, 1_000_000)]
    public int SubsetRecordings { get; set; } = 100;

    /// <summary>Disturbed copies of a recording for sensitivity. Default 4.</summary>
    [Range(0, 1000)]
    public int SensitivityDraws { get; set; } = 4;

    /// <summary>
    /// The maximum change of a sample for sensitivity, as a share of the prepared recording's standard deviation. Default 0.05.
    /// </summary>
    [Range(0.0, 10.0)]
    public double SensitivityRadius { get; set; } = 0.05;

    /// <summary>
    /// The tolerance of the pointing game around the truth, in seconds. Default 0.15, which is 1.5 % of a recording of 10 s;
    /// Zhang et al. (2018) allow 15 pixels, some 3 % of an image.
    /// </summary>
    [Range(0.0, 10.0)]
    public double PointingTolerance { get; set; } = 0.15;

    /// <summary>Seed of all random draws. Default 0.</summary>
    public ulong Seed { get; set; }
}
