using SignalCam.Abstractions;
using SignalCam.Core.Inference;
using SignalCam.Core.Models;
using SignalCam.Core.Preprocessing;

namespace SignalCam.Core.Scoring;

/// <summary>The compiled scorer as a backend: made from a model file alone, in managed code.</summary>
internal sealed class CompiledBackend : IScoringBackend
{
    private readonly CompiledScorer _scorer;

    /// <summary>Compiles a model file.</summary>
    /// <exception cref="ModelNotSupportedException">The file has no layer graph, or one that cannot be compiled.</exception>
    /// <exception cref="ModelFormatException">A weight is missing or of another shape.</exception>
    /// <param name="file">The model.</param>
    /// <param name="preprocessor">Its preprocessing.</param>
    /// <param name="withFeatures">Whether to give the pooled features as well, where the graph says which they are.</param>
    public CompiledBackend(ModelFile file, Preprocessor preprocessor, bool withFeatures = false)
    {
        _scorer = CompiledScorer.Create(file, preprocessor);
        FeatureCount = withFeatures ? _scorer.FeatureCount : 0;
    }

    public string Name => "compiled";

    /// <summary>Features that it gives of a recording.</summary>
    public int FeatureCount { get; }

    public bool TakesBatches => false;

    public ReadOnlySpan<float> Biases => _scorer.Biases;

    public bool HasCam(CamKind kind) => _scorer.CellCount(kind) > 0;

    public BackendOutput Run(ReadOnlySpan<float> prepared, int count, CamKind? cam)
    {
        var (classes, size) = (_scorer.Classes.Count, prepared.Length / count);
        var cells = cam is { } kind ? _scorer.CellCount(kind) : 0;
        var output = new BackendOutput(
            new float[count * classes], new float[count * classes], cells > 0 ? new float[count * classes * cells] : [], cells)
        {
            Features = FeatureCount > 0 ? new float[count * FeatureCount] : [],
        };
        for (var i = 0; i < count; i++)
            _scorer.RunPrepared(
                prepared.Slice(i * size, size), cam, output.Logits.AsSpan(i * classes, classes),
                output.Probabilities.AsSpan(i * classes, classes), output.Cells.AsSpan(i * classes * cells, classes * cells),
                output.Features.AsSpan(i * FeatureCount, FeatureCount));
        return output;
    }

    public void Dispose()
    {
        // Managed memory alone.
    }
}
