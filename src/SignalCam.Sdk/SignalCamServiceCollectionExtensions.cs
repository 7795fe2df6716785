using Microsoft.Extensions.DependencyInjection.Extensions;
using SignalCam.Sdk;
using SignalCam.Torch;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds SignalCam SDK to a host.</summary>
public static class SignalCamServiceCollectionExtensions
{
    /// <summary>
    /// Adds every built-in plug-in: <see cref="SignalCamComponents"/> with detrend and the scalers, the augmentations, the published CNN
    /// and the heads. May be called more than once; what the host registered first wins.
    /// </summary>
    public static ISignalCamBuilder AddSignalCam(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(_ => new SignalCamComponents());
        return new SignalCamBuilder(services);
    }
}
