using SignalCam.Abstractions;

namespace SignalCam.Core.Augmentation;

/// <summary>The chains of augmentations of the two presets; make them with <see cref="AugmentationSequence"/>.</summary>
internal static class AugmentationPresets
{
    /// <summary>
    /// As published (doi 10.1109/EMBC58623.2025.11253260): shift to the right, amplitude, noise, and a sine or respiration, each with
    /// probability 0.5, so that one recording in sixteen stays untouched.
    /// </summary>
    public static IReadOnlyList<ComponentSpec> Paper =>
    [
        new("time-shift", PluginOptions.Write(new TimeShiftOptions())),
        new("amplitude-scale", PluginOptions.Write(new AmplitudeScaleOptions())),
        new("gaussian-noise", PluginOptions.Write(new GaussianNoiseOptions())),
        new("one-of", PluginOptions.Write(new OneOfOptions
        {
            Choices =
            [
                new("sine-pulse", PluginOptions.Write(new SinePulseOptions())),
                new("respiration-noise", PluginOptions.Write(new RespirationNoiseOptions())),
            ],
        })),
    ];

    /// <summary>Shift both ways, amplitude, and noise that keeps the relations between the leads.</summary>
    public static IReadOnlyList<ComponentSpec> Recommended =>
    [
        new("time-shift", PluginOptions.Write(new TimeShiftOptions { Limit = 0.1, Direction = ShiftDirection.Both })),
        new("amplitude-scale", PluginOptions.Write(new AmplitudeScaleOptions())),
        new("gaussian-noise", PluginOptions.Write(new GaussianNoiseOptions { Leads = LeadRelation.Consistent })),
    ];
}
