using SignalCam.Abstractions;

namespace SignalCam.Torch.Architectures;

/// <summary>A named way to build a <see cref="Backbone"/>: the plug-in kind "architecture".</summary>
public interface IEcgArchitecture
{
    /// <summary>The name it is looked up by (case-insensitive), such as "signal-cnn".</summary>
    string Name { get; }

    /// <summary>Builds a backbone with fresh weights, drawn from torch's generator.</summary>
    /// <param name="input">Leads, samples per lead and rate of the signals it will see.</param>
    /// <exception cref="ArgumentException">The input does not fit the architecture; the message names both.</exception>
    Backbone Create(SignalLayout input);
}
