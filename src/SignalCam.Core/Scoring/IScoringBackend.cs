using SignalCam.Abstractions;
using SignalCam.Core.Explanation;

namespace SignalCam.Core.Scoring;

/// <summary>Computes logits and class activation maps of a model. Thread-safe.</summary>
internal interface IScoringBackend : IDisposable
{
    /// <summary>Its name in answers: "compiled", "torch cpu".</summary>
    string Name { get; }

    /// <summary>Whether several recordings in one pass cost less than one by one; otherwise each is scored separately, on any
    /// thread.</summary>
    bool TakesBatches { get; }

    /// <summary>The bias that is added to the mean of each class's exact map: one per class.</summary>
    ReadOnlySpan<float> Biases { get; }

    /// <summary>Whether it computes maps of this kind.</summary>
    bool HasCam(CamKind kind);

    /// <summary>Scores recordings that have been through the preprocessing.</summary>
    /// <param name="prepared">(recording, lead, time).</param>
    /// <param name="count">Number of recordings.</param>
    /// <param name="cam">The maps to compute as well; null for none.</param>
    BackendOutput Run(ReadOnlySpan<float> prepared, int count, CamKind? cam);
}

/// <summary>The output of a backend.</summary>
/// <param name="Logits">(recording, class).</param>
/// <param name="Probabilities">(recording, class), from the head, not calibrated.</param>
/// <param name="Cells">The maps (recording, class, cell); empty if none were requested.</param>
/// <param name="CellCount">Cells of each map; 0 where none were requested.</param>
internal sealed record BackendOutput(float[] Logits, float[] Probabilities, float[] Cells, int CellCount)
{
    /// <summary>The pooled features (recording, feature); empty if the backend was not made to give them.</summary>
    public float[] Features { get; init; } = [];
}

/// <summary>Extensions beyond managed code for one model file: another backend, and explainers that need the network.</summary>
internal interface IScoringExtension : IDisposable
{
    /// <summary>The backend; the extension owns it.</summary>
    IScoringBackend Backend { get; }

    /// <summary>An explainer bound to the model.</summary>
    /// <exception cref="PluginException">There is none with this name, or its options are invalid.</exception>
    IMapExplainer CreateExplainer(ComponentSpec spec);
}

/// <summary>An explainer bound to a model. Thread-safe.</summary>
internal interface IMapExplainer
{
    /// <summary>The steps from its raw maps to heat maps.</summary>
    MapSteps Steps { get; }

    /// <summary>The classes named by its options.</summary>
    ClassChoice Classes { get; }

    /// <summary>Explains one class of each recording.</summary>
    /// <param name="prepared">(recording, lead, time).</param>
    /// <param name="classes">The class of each recording.</param>
    /// <returns>One for each recording.</returns>
    /// <exception cref="ModelNotSupportedException">The model's architecture lacks what it needs.</exception>
    IReadOnlyList<RawMap> Explain(float[] prepared, int[] classes);
}
