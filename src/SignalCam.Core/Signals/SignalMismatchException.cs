using SignalCam.Abstractions;

namespace SignalCam.Core.Signals;

/// <summary>A recording cannot be converted to the required layout. The message states what is missing and what is present.</summary>
public sealed class SignalMismatchException : SignalCamException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was required and what is present.</param>
    /// <param name="missingLeads">
    /// The required leads that the recording cannot provide; empty if its length does not fit.
    /// </param>
    /// <param name="innerException">The cause, if any.</param>
    public SignalMismatchException(string message, IReadOnlyList<string>? missingLeads = null, Exception? innerException = null)
        : base(message, innerException) =>
        MissingLeads = missingLeads ?? [];

    /// <summary>The required leads that the recording cannot provide; empty if its length does not fit.</summary>
    public IReadOnlyList<string> MissingLeads { get; }
}
