namespace SignalCam.Abstractions;

/// <summary>Turns the metadata of a recording into the target of a classifier.</summary>
public interface IEcgTask
{
    /// <summary>The name it is looked up by (case-insensitive), such as "normal-abnormal".</summary>
    string Name { get; }

    /// <summary>Names of the outputs, in order. A binary task has one: the positive class.</summary>
    IReadOnlyList<string> Classes { get; }

    /// <summary>How the outputs relate to each other.</summary>
    TaskKind Kind { get; }

    /// <summary>Writes the target of an entry: 1 where a class applies, otherwise 0.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="target">One value per class of <see cref="Classes"/>.</param>
    /// <returns>False when the entry has no label for this task and must be left out.</returns>
    bool TryGetTarget(EcgEntry entry, Span<float> target);
}

/// <summary>How the outputs of a task relate to each other.</summary>
public enum TaskKind
{
    /// <summary>One output: the probability of the positive class (sigmoid).</summary>
    Binary,

    /// <summary>Exactly one class applies (softmax).</summary>
    Multiclass,

    /// <summary>Any number of classes apply (a sigmoid each).</summary>
    Multilabel,
}
