using SignalCam.Abstractions;
using SignalCam.Torch.Networks;

namespace SignalCam.Torch.Explainers;

/// <summary>Says where a model's evidence for each class lies: the plug-in kind "explainer".</summary>
/// <remarks>Implementations are stateless and safe for concurrent callers; they leave the model as it is.</remarks>
public interface IEcgExplainer
{
    /// <summary>The name it is looked up by (case-insensitive), such as "cam".</summary>
    string Name { get; }

    /// <summary>Scores and explains prepared recordings, several in one pass.</summary>
    /// <param name="model">The model, in evaluation mode.</param>
    /// <param name="samples">Recordings that went through the model's preprocessing: (recording, lead, time) in the shape of <see cref="EcgModel.Input"/>.</param>
    /// <param name="count">Number of recordings.</param>
    /// <param name="classes">Which classes to explain; null for <see cref="ClassChoice.All"/>.</param>
    /// <returns>One for each recording, with one map for each chosen class.</returns>
    /// <exception cref="NotSupportedException">The model's architecture lacks what the explainer needs; the message says what.</exception>
    /// <exception cref="PluginException">A chosen class is not there.</exception>
    IReadOnlyList<EcgExplanation> Explain(EcgModel model, float[] samples, int count, ClassChoice? classes = null);
}

/// <summary>A recording's scores and, for each explained class, where the evidence lies.</summary>
/// <param name="Logits">One per class of the model, as the network gives them.</param>
/// <param name="Probabilities">One per class of the model, calibrated where the model file has a calibration.</param>
/// <param name="Maps">One per explained class, in the model's order; by default every class has one.</param>
public sealed record EcgExplanation(IReadOnlyList<float> Logits, IReadOnlyList<float> Probabilities, IReadOnlyList<HeatMap> Maps);

/// <summary>What every explainer can do besides.</summary>
public static class EcgExplainerExtensions
{
    /// <summary>Prepares raw recordings and explains them.</summary>
    /// <param name="explainer">The explainer.</param>
    /// <param name="model">The model.</param>
    /// <param name="recordings">Raw recordings in millivolt.</param>
    /// <param name="classes">Which classes to explain; null for <see cref="ClassChoice.All"/>.</param>
    /// <exception cref="ArgumentException">A recording does not have the shape that the model takes.</exception>
    public static IReadOnlyList<EcgExplanation> Explain(
        this IEcgExplainer explainer, EcgModel model, IReadOnlyList<EcgSignal> recordings, ClassChoice? classes = null)
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
        return explainer.Explain(model, samples, recordings.Count, classes);
    }
}
