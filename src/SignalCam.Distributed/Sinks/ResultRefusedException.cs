using SignalCam.Abstractions;

namespace SignalCam.Distributed.Sinks;

/// <summary>
/// A sink cannot store what a result holds, and never will. The collector finds out which result it is, sends it to the dead-letter queue
/// with this reason, and stores the others. A sink that throws it has stored none of the results that it was given.
/// </summary>
public sealed class ResultRefusedException : SignalCamException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What cannot be stored, and why.</param>
    /// <param name="innerException">The cause, if any.</param>
    public ResultRefusedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
