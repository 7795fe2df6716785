using SignalCam.Abstractions;

namespace SignalCam.Distributed.Brokers;

/// <summary>The broker is there but will not do what was asked: trying again does not help.</summary>
public sealed class BrokerRefusedException : SignalCamException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What was refused, by which broker.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public BrokerRefusedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
