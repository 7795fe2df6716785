using SignalCam.Abstractions;
using SignalCam.Core.PtbXl;

namespace SignalCam.Core.Datasets;

/// <summary>A part of a dataset's recordings that has a name, for the record.</summary>
/// <param name="Name">What the part is called where it is written down, such as "validated_by_human".</param>
/// <param name="Contains">Whether a recording is in it.</param>
public sealed record RecordingFilter(string Name, Func<EcgEntry, bool> Contains)
{
    /// <summary>
    /// PTB-XL's recordings whose statements a person has validated (column validated_by_human): all of folds 9 and 10, two thirds of the others.
    /// No recording of another dataset.
    /// </summary>
    public static RecordingFilter ValidatedByHuman { get; } = new("validated_by_human", entry => entry is PtbXlEntry { ValidatedByHuman: true });
}
