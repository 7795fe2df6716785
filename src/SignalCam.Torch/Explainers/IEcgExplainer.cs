using SignalCam.Abstractions;
using SignalCam.Torch.Networks;

namespace SignalCam.Torch.Explainers;

/// <summary>Says where in time a model's evidence for each class lies: the plug-in kind "explainer".</summary>
/// <remarks>Implementations are stateless and safe for concurrent callers; they leave the model as it is.</remarks>
public interface IEcgExplainer
{
    /// <summary>The name it is looked up by (case-insensitive), such as "cam".</summary>
    string Name { get; }

    /// <summary>Scores and explains prepared recordings.</summary>
    /// <param name="model">The model, in evaluation mode.</param>
    /// <param name="samples">Recordings that went through the model's preprocessing: (recording, lead, time) in the shape of <see cref="EcgModel.Input"/>.</param>
    /// <param name="count">Number of recordings.</param>
    /// <returns>One for each recording, with one map for each class.</returns>
    /// <exception cref="NotSupportedException">The model's architecture lacks what the explainer needs; the message says what.</exception>
    IReadOnlyList<EcgExplanation> Explain(EcgModel model, float[] samples, int count);
}

/// <summary>A recording's scores and, for each class, where in time the evidence lies.</summary>
/// <param name="Logits">One per class, as the network gives them.</param>
/// <param name="Probabilities">One per class, calibrated where the model file has a calibration.</param>
/// <param name="Maps">One per class. The same strip holds for all leads: it says when, not in which lead.</param>
public sealed record EcgExplanation(IReadOnlyList<float> Logits, IReadOnlyList<float> Probabilities, IReadOnlyList<HeatMap> Maps);

/// <summary>What every explainer can do besides.</summary>
public static class EcgExplainerExtensions
{
    /// <summary>Prepares raw recordings and explains them.</summary>
    /// <param name="explainer">The explainer.</param>
    /// <param name="model">The model.</param>
    /// <param name="recordings">Raw recordings in millivolt.</param>
    /// <exception cref="ArgumentException">A recording does not have the shape that the model takes.</exception>
    public static IReadOnlyList<EcgExplanation> Explain(this IEcgExplainer explainer, EcgModel model, IReadOnlyList<EcgSignal> recordings)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(recordings);
        if (recordings.Count == 0)
            return [];
        var size = model.Input.LeadCount * model.Input.Length;
        var samples = new float[recordings.Count * size];
        for (var i = 0; i < recordings.Count; i++)
            model.Prepare(recordings[i]).Samples.Span.CopyTo(samples.AsSpan(i * size));
        return explainer.Explain(model, samples, recordings.Count);
    }
}
