using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SignalCam.Distributed.Diagnostics;

/// <summary>Reports the collector to the host's health checks.</summary>
public sealed class CollectorHealthCheck(CollectorStatus status) : IHealthCheck
{
    /// <summary>
    /// Healthy with a connection to the broker and sinks that take results; else the registration's failure status with the reason.
    /// </summary>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var data = new Dictionary<string, object>
        {
            ["received"] = status.Received,
            ["stored"] = status.Stored,
            ["refused"] = status.Refused,
        };
        return Task.FromResult(status.Problem is { } problem
            ? new HealthCheckResult(context.Registration.FailureStatus, problem, data: data)
            : HealthCheckResult.Healthy($"{status.Received} results received, {status.Stored} of them new", data));
    }
}
