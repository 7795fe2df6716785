using SignalCam.Abstractions;

namespace SignalCam.Distributed.Brokers;

/// <summary>The broker refuses an operation permanently: retrying does not help.</summary>
public sealed class BrokerRefusedException : SignalCamException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The refused operation and the broker.</param>
    /// <param name="innerException">The cause, if any.</param>
    public BrokerRefusedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
