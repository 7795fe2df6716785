using Microsoft.Extensions.DependencyInjection;

namespace SignalCam.Sdk;

/// <summary>What AddSignalCam returns: the place where plug-ins and models are added.</summary>
public interface ISignalCamBuilder
{
    /// <summary>The host's services.</summary>
    IServiceCollection Services { get; }
}

internal sealed class SignalCamBuilder(IServiceCollection services) : ISignalCamBuilder
{
    public IServiceCollection Services { get; } = services;
}
