namespace SignalCam.Abstractions;

/// <summary>A figure of how well probabilities match targets: the plug-in kind "metric".</summary>
/// <remarks>Implementations are stateless and thread-safe.</remarks>
public interface IEcgMetric
{
    /// <summary>The name it is looked up by (case-insensitive), such as "roc-auc".</summary>
    string Name { get; }

    /// <summary>Computes the figure.</summary>
    /// <param name="targets">(recording, class): 1 where a class applies, otherwise 0; at least one recording.</param>
    /// <param name="probabilities">(recording, class), each from 0 to 1.</param>
    /// <param name="task">Names and kind of the classes.</param>
    /// <returns>The figure; null if it does not exist for these recordings, such as a ROC-AUC without positives.</returns>
    double? Compute(ReadOnlySpan<float> targets, ReadOnlySpan<float> probabilities, IEcgTask task);
}
