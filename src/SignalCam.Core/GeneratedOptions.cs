using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using SignalCam.Abstractions;
using SignalCam.Core.Explanation;
using SignalCam.Core.Preprocessing;
using SignalCam.Core.Quality;

namespace SignalCam.Core;

/// <summary>
/// Readers of the options that a model file names for its preprocessing, of checks, and of class activation maps, made at build time: a
/// trimmed program has no others.
/// </summary>
[JsonSerializable(typeof(PolynomialDetrendOptions))]
[JsonSerializable(typeof(FixedScaleOptions))]
[JsonSerializable(typeof(BandPassOptions))]
[JsonSerializable(typeof(HighPassOptions))]
[JsonSerializable(typeof(LowPassOptions))]
[JsonSerializable(typeof(NotchOptions))]
[JsonSerializable(typeof(MedianBaselineOptions))]
[JsonSerializable(typeof(ResampleOptions))]
[JsonSerializable(typeof(SelectLeadsOptions))]
[JsonSerializable(typeof(CamExplainerOptions))]
[JsonSerializable(typeof(SignalPresenceOptions))]
[JsonSerializable(typeof(AmplitudeOptions))]
[JsonSerializable(typeof(ClippingOptions))]
[JsonSerializable(typeof(NoiseOptions))]
[JsonSerializable(typeof(BurstNoiseOptions))]
[JsonSerializable(typeof(BaselineOptions))]
[JsonSerializable(typeof(MainsHumOptions))]
[JsonSerializable(typeof(BeatsOptions))]
[JsonSerializable(typeof(SamplingRateOptions))]
[JsonSerializable(typeof(LimbLeadsOptions))]
[JsonSerializable(typeof(ElectrodesOptions))]
internal sealed partial class GeneratedOptions : JsonSerializerContext
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255:The 'ModuleInitializer' attribute should not be used in libraries",
        Justification = "Nothing else runs before the first use of any options.")]
    internal static void Register() => PluginOptions.AddGenerated(Default);
}
