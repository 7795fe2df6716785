using SignalCam.Abstractions;

namespace SignalCam.Distributed.Messages;

/// <summary>A message violates its format.</summary>
internal sealed class MessageFormatException : SignalCamException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was found at which byte, and what was expected.</param>
    /// <param name="innerException">The cause, if any.</param>
    public MessageFormatException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
