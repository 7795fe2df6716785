namespace SignalCam.Abstractions;

/// <summary>The base of this SDK's own errors.</summary>
public abstract class SignalCamException : Exception
{
    /// <summary>Creates the error.</summary>
    protected SignalCamException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>A file does not hold what its format promises: states which file, where, what was found and what was expected.</summary>
public abstract class FileFormatException : SignalCamException
{
    /// <summary>Creates the error.</summary>
    /// <param name="file">The file's path or name.</param>
    /// <param name="position">"line 3", "byte 1024", or null for the file as a whole.</param>
    /// <param name="found">What is there.</param>
    /// <param name="expected">What should be there.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    protected FileFormatException(string file, string? position, string found, string expected, Exception? innerException = null)
        : base($"{file}{(position is null ? "" : $", {position}")}: found {found}, expected {expected}", innerException)
    {
        File = file;
        Position = position;
        Found = found;
        Expected = expected;
    }

    /// <summary>The file's path or name.</summary>
    public string File { get; }

    /// <summary>"line 3", "byte 1024", or null for the file as a whole.</summary>
    public string? Position { get; }

    /// <summary>What is there.</summary>
    public string Found { get; }

    /// <summary>What should be there.</summary>
    public string Expected { get; }
}

/// <summary>A recording or a dataset's table cannot be read.</summary>
public sealed class EcgFormatException : FileFormatException
{
    /// <inheritdoc cref="FileFormatException(string, string?, string, string, Exception?)"/>
    public EcgFormatException(string file, string? position, string found, string expected, Exception? innerException = null)
        : base(file, position, found, expected, innerException)
    {
    }

    /// <summary>
    /// Names of the properties of <see cref="EcgReadOptions"/> that give what the file does not say, such as "SamplingRate": with them it
    /// can be read. Empty if no option helps.
    /// </summary>
    public IReadOnlyList<string> MissingOptions { get; init; } = [];
}

/// <summary>A model file or a checkpoint cannot be read.</summary>
public sealed class ModelFormatException : FileFormatException
{
    /// <inheritdoc cref="FileFormatException(string, string?, string, string, Exception?)"/>
    public ModelFormatException(string file, string? position, string found, string expected, Exception? innerException = null)
        : base(file, position, found, expected, innerException)
    {
    }
}

/// <summary>A plug-in is not there, or its options do not fit.</summary>
public sealed class PluginException : SignalCamException
{
    /// <summary>Creates the error.</summary>
    public PluginException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>
/// A model cannot do what is asked of it: it has no layer graph to compile, or its architecture lacks what an explainer needs. The
/// message states what is missing.
/// </summary>
public sealed class ModelNotSupportedException : SignalCamException
{
    /// <summary>Creates the error.</summary>
    public ModelNotSupportedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>
/// A model gave a logit, a probability or a map that is not a finite number. There is not an answer then: least of all "absent".
/// </summary>
public sealed class NonFiniteScoreException : SignalCamException
{
    /// <summary>Creates the error.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="class">The class.</param>
    /// <param name="what">What is not a finite number, with its value: "logit NaN".</param>
    public NonFiniteScoreException(string model, string @class, string what)
        : base($"model '{model}', class '{@class}': found {what}, expected a finite number")
    {
        Model = model;
        Class = @class;
    }

    /// <summary>The model's name.</summary>
    public string Model { get; }

    /// <summary>The class.</summary>
    public string Class { get; }
}

/// <summary>A recording cannot be trusted, and the model's options say to refuse it then.</summary>
public sealed class RecordingRefusedException : SignalCamException
{
    /// <summary>Creates the error.</summary>
    /// <param name="findings">What was found; at least one is <see cref="FindingSeverity.Unusable"/>.</param>
    public RecordingRefusedException(IReadOnlyList<EcgFinding> findings)
        : base($"the recording cannot be believed: {string.Join(" ", Unusable(findings).Select(f => f.Sentence))}")
    {
        Findings = findings;
    }

    /// <summary>All that was found, warnings among it.</summary>
    public IReadOnlyList<EcgFinding> Findings { get; }

    private static IEnumerable<EcgFinding> Unusable(IReadOnlyList<EcgFinding> findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        return findings.Where(f => f.Severity == FindingSeverity.Unusable);
    }
}

/// <summary>A device is not there, or no name of one.</summary>
public sealed class DeviceException : SignalCamException
{
    /// <summary>Creates the error.</summary>
    public DeviceException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
