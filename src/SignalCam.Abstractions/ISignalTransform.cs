namespace SignalCam.Abstractions;

/// <summary>
/// A deterministic preprocessing step, applied to training, validation, test and live recordings alike.
/// A model file names its transforms with their options, so that scored recordings are prepared in the same way.
/// </summary>
/// <remarks>Implementations are stateless after construction and thread-safe.</remarks>
public interface ISignalTransform
{
    /// <summary>The name it is looked up by (case-insensitive), such as "detrend".</summary>
    string Name { get; }

    /// <summary>Returns the transformed recording; the input is not changed.</summary>
    EcgSignal Apply(EcgSignal signal);
}
