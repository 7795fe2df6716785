using SignalCam.Abstractions;

namespace SignalCam.Core.Onnx;

/// <summary>A model cannot be written as ONNX: states what is missing, or which part has no counterpart there.</summary>
public sealed class OnnxExportException : SignalCamException
{
    /// <summary>Creates the exception.</summary>
    public OnnxExportException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
