using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SignalCam.Distributed.Diagnostics;

/// <summary>Reports the worker to the host's health checks.</summary>
public sealed class WorkerHealthCheck(WorkerStatus status) : IHealthCheck
{
    /// <summary>
    /// Healthy if connected to the broker; degraded while no jobs have been submitted for the worker's model file; without a
    /// connection the registration's failure status with the reason.
    /// </summary>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var data = new Dictionary<string, object>
        {
            ["model"] = status.Model is { } model ? $"{model} ({status.ModelSha256})" : "not loaded yet",
            ["scored"] = status.Scored,
            ["failed"] = status.Failed,
            ["in flight"] = status.InFlight,
            ["queued"] = status.QueuedMessages,
            ["oldest job"] = status.OldestJobAge,
        };
        return Task.FromResult(status.Problem is { } problem
            ? new HealthCheckResult(context.Registration.FailureStatus, $"no connection to the broker: {problem}", data: data)
            : status.Mismatch is { } mismatch ? HealthCheckResult.Degraded(mismatch, data: data)
            : HealthCheckResult.Healthy($"{status.Scored} recordings scored, {status.Failed} jobs failed", data));
    }
}
