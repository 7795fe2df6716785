using SignalCam.Abstractions;
using SignalCam.Core.Explanation;

namespace SignalCam.Torch.Explainers;

/// <summary>Shows where a model's evidence for a class lies: the plug-in kind "explainer".</summary>
/// <remarks>
/// An explainer computes raw maps; the SDK does scoring, selection of classes, resampling and post-processing. Implementations are
/// stateless and thread-safe; they do not change the model.
/// </remarks>
public interface IEcgExplainer
{
    /// <summary>The name it is looked up by (case-insensitive), such as "occlusion"; also what <see cref="HeatMap.Method"/> says.</summary>
    string Name { get; }

    /// <summary>How its raw maps are processed to heat maps. Default: linear resampling and nothing else.</summary>
    MapSteps Steps => new();

    /// <summary>The classes to explain by default. Default all.</summary>
    ClassChoice Classes => ClassChoice.All;

    /// <summary>Explains prepared recordings, several in one pass.</summary>
    /// <param name="batch">The recordings, each with the class to explain.</param>
    /// <returns>One map for each recording.</returns>
    /// <exception cref="ModelNotSupportedException">
    /// The model's architecture lacks what the explainer needs; the message states what.
    /// </exception>
    IReadOnlyList<RawMap> Explain(ClassBatch batch);
}

/// <summary>Base class of the built-in explainers.</summary>
/// <param name="name">The name.</param>
/// <param name="options">The processing of raw maps, and the classes.</param>
/// <param name="published">The processing in the method's publication.</param>
internal abstract class BuiltInExplainer(string name, ExplainerOptions options, params MapPostProcessing[] published) : IEcgExplainer
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public MapSteps Steps { get; } = options.Steps(published);

    /// <inheritdoc/>
    public ClassChoice Classes { get; } = options.Choice;

    /// <inheritdoc/>
    public abstract IReadOnlyList<RawMap> Explain(ClassBatch batch);
}
