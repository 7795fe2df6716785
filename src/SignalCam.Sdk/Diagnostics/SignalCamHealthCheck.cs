using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SignalCam.Sdk.Diagnostics;

/// <summary>Reports <see cref="SignalCamDiagnostics"/> to ASP.NET Core's and the generic host's health checks.</summary>
public sealed class SignalCamHealthCheck(SignalCamDiagnostics diagnostics) : IHealthCheck
{
    /// <summary>
    /// Healthy with torch, device and models as data; else the registration's failure status with what does not work, or is not there yet,
    /// and what to do.
    /// </summary>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var status = diagnostics.GetStatus();
        var data = new Dictionary<string, object>
        {
            ["torch"] = status.Torch?.ToString() ?? "not loaded",
            ["device"] = status.Device ?? "",
        };
        foreach (var model in status.Models)
            data[$"model {model.Name}"] =
                $"{model.Source}, {(model.IsLoaded ? $"loaded, {model.Backend}, {model.Reloads} reloads" : "not loaded yet")}";
        return Task.FromResult(status.Problems.Count == 0
            ? HealthCheckResult.Healthy(status.ToString(), data)
            : new HealthCheckResult(context.Registration.FailureStatus, string.Join(" ", status.Problems), data: data));
    }
}
