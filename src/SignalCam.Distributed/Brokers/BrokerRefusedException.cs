using SignalCam.Abstractions;

namespace SignalCam.Distributed.Brokers;

/// <summary>The broker is there but will not do what was asked: trying again does not help.</summary>
public sealed class BrokerRefusedException : SignalCamException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was refused, by which broker.</param>
    /// <param name="innerException">The cause, if any.</param>
    public BrokerRefusedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
