using SignalCam.Abstractions;

namespace SignalCam.Core.Calibration;

/// <summary>Calibration or thresholds cannot, or must not, be fitted on these recordings: the message states why.</summary>
public sealed class CalibrationException : SignalCamException
{
    /// <summary>Creates the exception.</summary>
    public CalibrationException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
