using System.Text.Json.Serialization;

namespace SignalCam.Core.Metrics;

/// <summary>How often each class was taken for which.</summary>
/// <param name="Classes">Names of the classes.</param>
/// <param name="Counts">Recordings by [true class][predicted class].</param>
public sealed record ConfusionMatrix(
    [property: JsonPropertyName("classes")] IReadOnlyList<string> Classes,
    [property: JsonPropertyName("counts")] int[][] Counts)
{
    /// <summary>Counts.</summary>
    /// <param name="actual">The true class of each recording, an index into <paramref name="classes"/>.</param>
    /// <param name="predicted">The predicted class of each recording.</param>
    /// <param name="classes">Names of the classes.</param>
    /// <exception cref="ArgumentException">No recording, unequal lengths, or an index that is no class.</exception>
    public static ConfusionMatrix Compute(ReadOnlySpan<int> actual, ReadOnlySpan<int> predicted, IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        MetricInput.CheckLength(actual.Length, predicted.Length);
        var counts = new int[classes.Count][];
        for (var c = 0; c < counts.Length; c++)
            counts[c] = new int[classes.Count];
        for (var i = 0; i < actual.Length; i++)
            counts[Check(actual[i], i, classes.Count, nameof(actual))][Check(predicted[i], i, classes.Count, nameof(predicted))]++;
        return new ConfusionMatrix(classes, counts);
    }

    /// <summary>Recordings of a class, called so or not.</summary>
    public int Actual(int index) => Counts[index].Sum();

    /// <summary>Recordings called a class, rightly or not.</summary>
    public int Predicted(int index) => Counts.Sum(row => row[index]);

    private static int Check(int index, int i, int classes, string name) =>
        (uint)index < (uint)classes
            ? index
            : throw new ArgumentException($"class {index} of recording {i} is none of the {classes} classes", name);
}
