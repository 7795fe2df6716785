namespace SignalCam.Abstractions;

/// <summary>
/// A deterministic step of preprocessing, applied to training, validation, test and live recordings alike.
/// A model file names its transforms with their options, so that a scored recording goes through the same ones.
/// </summary>
/// <remarks>Implementations are stateless after construction and thread-safe.</remarks>
public interface ISignalTransform
{
    /// <summary>The name it is looked up by (case-insensitive), such as "detrend".</summary>
    string Name { get; }

    /// <summary>Returns the transformed recording; the given one stays as it is.</summary>
    EcgSignal Apply(EcgSignal signal);
}
