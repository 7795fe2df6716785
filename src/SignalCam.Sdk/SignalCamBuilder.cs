using Microsoft.Extensions.DependencyInjection;

namespace SignalCam.Sdk;

/// <summary>The builder returned by AddSignalCam, to which plug-ins and models are added.</summary>
public interface ISignalCamBuilder
{
    /// <summary>The host's services.</summary>
    IServiceCollection Services { get; }
}

internal sealed class SignalCamBuilder(IServiceCollection services) : ISignalCamBuilder
{
    public IServiceCollection Services { get; } = services;
}
