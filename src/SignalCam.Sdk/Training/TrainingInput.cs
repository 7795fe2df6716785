using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using SignalCam.Abstractions;
using SignalCam.Core.Signals;

namespace SignalCam.Sdk.Training;

/// <summary>The layout that recordings are brought to before a network learns from them; the model file states it.</summary>
/// <remarks>What is null is that of the model that the training starts from, or else 100 Hz, the twelve standard leads and 10
/// seconds.</remarks>
public sealed class TrainingInput
{
    /// <summary>Leads in their order. Default null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Leads { get; init; }

    /// <summary>Samples per second. Default null.</summary>
    [Range(1.0, 100_000.0)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? SamplingRate { get; init; }

    /// <summary>Length in seconds. Default null.</summary>
    [Range(0.01, 86_400.0)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Seconds { get; init; }

    /// <summary>
    /// What may be done to a recording of another length: <see cref="LengthPolicy.Crop"/>, <see cref="LengthPolicy.Pad"/> or both. Default
    /// <see cref="LengthPolicy.Exact"/>: it is refused.
    /// </summary>
    public LengthPolicy Length { get; init; } = LengthPolicy.Exact;

    /// <summary>The layout.</summary>
    /// <param name="model">The input of the model that the training starts from; null for none.</param>
    /// <exception cref="PluginException">A value is out of its range, or recordings are to be slid over.</exception>
    internal SignalLayout LayoutFor(SignalLayout? model)
    {
        const double usualRate = 100, usualSeconds = 10;
        if (PluginOptions.FindProblems(this) is { Count: > 0 } problems)
            throw new PluginException($"the input of a training does not fit: {string.Join(" ", problems)}");
        if (Length.HasFlag(LengthPolicy.Slide))
            throw new PluginException(
                "the input of a training does not fit: Length is Slide, allowed are Exact, Crop and Pad: a recording is learned "
                + "from as a whole");
        var rate = SamplingRate ?? model?.SamplingRate ?? usualRate;
        var seconds = Seconds ?? (model is null ? usualSeconds : model.Length / model.SamplingRate);
        return new SignalLayout(Leads ?? model?.Leads ?? SignalLayout.StandardLeads, Math.Max(1, (int)Math.Round(rate * seconds)), rate);
    }
}
