using SignalCam.Abstractions;

namespace SignalCam.Core.Signals;

/// <summary>A recording cannot be brought to the layout that is wanted. The message states what is missing and what is there.</summary>
public sealed class SignalMismatchException : SignalCamException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was wanted and what is there.</param>
    /// <param name="missingLeads">
    /// The wanted leads that the recording can give no samples for; empty when its length is what does not fit.
    /// </param>
    /// <param name="innerException">The cause, if any.</param>
    public SignalMismatchException(string message, IReadOnlyList<string>? missingLeads = null, Exception? innerException = null)
        : base(message, innerException) =>
        MissingLeads = missingLeads ?? [];

    /// <summary>The wanted leads that the recording can give no samples for; empty when its length is what does not fit.</summary>
    public IReadOnlyList<string> MissingLeads { get; }
}
