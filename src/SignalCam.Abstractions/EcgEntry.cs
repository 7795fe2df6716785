namespace SignalCam.Abstractions;

/// <summary>A recording as its dataset describes it, before reading it.</summary>
public record EcgEntry
{
    /// <summary>Identifies the recording within its dataset (PTB-XL: the ecg_id).</summary>
    public required string Id { get; init; }

    /// <summary>Identifies the patient within the dataset; null if that is not known. No patient may be in two splits.</summary>
    public string? PatientId { get; init; }

    /// <summary>The fold that the dataset's authors assigned (PTB-XL: 1 to 10); null if there is none.</summary>
    public int? Fold { get; init; }

    /// <summary>Age in years; null if unknown.</summary>
    public double? Age { get; init; }

    /// <summary>Sex as the dataset states it; null if unknown.</summary>
    public Sex? Sex { get; init; }

    /// <summary>The statements about the recording (PTB-XL: SCP-ECG codes with their likelihood).</summary>
    public IReadOnlyList<Statement> Statements { get; init; } = [];

    /// <summary>Anything else the dataset knows, by name.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}

/// <summary>A statement about a recording.</summary>
/// <param name="Code">SCP-ECG code, or a code of the dataset's own vocabulary.</param>
/// <param name="Likelihood">0 to 100 percent. In PTB-XL 0 means that the likelihood is unknown, not that the statement is absent.</param>
public readonly record struct Statement(string Code, double Likelihood);

/// <summary>Sex of a patient.</summary>
public enum Sex
{
    /// <summary>Male.</summary>
    Male,

    /// <summary>Female.</summary>
    Female,
}
