using SignalCam.Abstractions;

namespace SignalCam.Core.Datasets;

/// <summary>A selection of folds cannot be used: it is misspelt, empty, overlaps another, or shares patients with another.</summary>
public sealed class DatasetSplitException : SignalCamException
{
    /// <summary>Creates the exception.</summary>
    public DatasetSplitException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    internal DatasetSplitException(string message, IReadOnlyList<string> patients)
        : base(message) => Patients = patients;

    /// <summary>The patients that are in more than one part of a split, sorted; empty if that is not what is wrong.</summary>
    public IReadOnlyList<string> Patients { get; } = [];
}
