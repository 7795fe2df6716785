namespace SignalCam.Abstractions;

/// <summary>The base class of this SDK's exceptions.</summary>
public abstract class SignalCamException : Exception
{
    /// <summary>Creates the exception.</summary>
    protected SignalCamException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>A file does not hold what its format promises: states which file, where, what was found and what was expected.</summary>
public abstract class FileFormatException : SignalCamException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="file">The file's path or name.</param>
    /// <param name="position">"line 3", "byte 1024", or null for the file as a whole.</param>
    /// <param name="found">What was found.</param>
    /// <param name="expected">What was expected.</param>
    /// <param name="innerException">The cause, if any.</param>
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

    /// <summary>What was found.</summary>
    public string Found { get; }

    /// <summary>What was expected.</summary>
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
    /// Names of the properties of <see cref="EcgReadOptions"/> that supply what the file does not state, such as "SamplingRate", and make
    /// it readable. Empty if no option helps.
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

/// <summary>A plug-in is unknown, or its options are invalid.</summary>
public sealed class PluginException : SignalCamException
{
    /// <summary>Creates the exception.</summary>
    public PluginException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>
/// A model does not support an operation: it has no layer graph to compile, or its architecture lacks what an explainer needs. The
/// message states what is missing.
/// </summary>
public sealed class ModelNotSupportedException : SignalCamException
{
    /// <summary>Creates the exception.</summary>
    public ModelNotSupportedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>
/// A model computed a logit, a probability or a map value that is not finite. There is then no answer, in particular not "absent".
/// </summary>
public sealed class NonFiniteScoreException : SignalCamException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="class">The class.</param>
    /// <param name="what">What is not finite, with its value: "logit NaN".</param>
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

/// <summary>A recording is unusable, and the model's options require it to be refused.</summary>
public sealed class RecordingRefusedException : SignalCamException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="findings">The findings; at least one is <see cref="FindingSeverity.Unusable"/>.</param>
    public RecordingRefusedException(IReadOnlyList<EcgFinding> findings)
        : base($"the recording is unusable: {string.Join(" ", Unusable(findings).Select(f => f.Sentence))}")
    {
        Findings = findings;
    }

    /// <summary>All findings, including warnings.</summary>
    public IReadOnlyList<EcgFinding> Findings { get; }

    private static IEnumerable<EcgFinding> Unusable(IReadOnlyList<EcgFinding> findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        return findings.Where(f => f.Severity == FindingSeverity.Unusable);
    }
}

/// <summary>A device is unavailable, or its name is invalid.</summary>
public sealed class DeviceException : SignalCamException
{
    /// <summary>Creates the exception.</summary>
    public DeviceException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
