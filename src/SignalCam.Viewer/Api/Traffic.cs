using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using SignalCam.Viewer.Explanations;
using SignalCam.Viewer.Problems;

namespace SignalCam.Viewer.Api;

/// <summary>
/// How many requests of a kind run at once, of all clients and of each; others wait, and too many of those are turned away.
/// </summary>
internal static class Traffic
{
    public const string Uploads = "uploads";
    public const string Explanations = "explanations";
    public const string Measurements = "measurements";

    // An upload is only received here, within a budget of bytes for all; what costs time and memory takes turns.
    private const int UploadsAtOnce = 1024;
    private const int WaitingExplanations = 64;
    private const int OfOneClient = 2;
    private const int WaitingOfOneClient = 16;

    public static void Configure(RateLimiterOptions options)
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.OnRejected = (rejected, _) => rejected.HttpContext.RequestServices.GetRequiredService<ProblemHandler>().WriteAsync(
            rejected.HttpContext, ViewerProblem.Busy.With("too many requests of this kind are waiting already; try again in a moment"));
        options.AddPolicy(Uploads, _ => RateLimitPartition.GetConcurrencyLimiter(Uploads, _ => Limit(UploadsAtOnce, 0)));
        // What takes seconds is bounded for each client, and for all of them together below.
        options.AddPolicy(Explanations, context => IsSlow(context)
            ? RateLimitPartition.GetConcurrencyLimiter(Client(context), _ => Limit(OfOneClient, WaitingOfOneClient))
            : RateLimitPartition.GetNoLimiter("quick"));
        options.AddPolicy(Measurements,
            context => RateLimitPartition.GetConcurrencyLimiter(Client(context), _ => Limit(OfOneClient, WaitingOfOneClient)));
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => IsExplanation(context) && IsSlow(context)
            ? RateLimitPartition.GetConcurrencyLimiter("slow", _ => Limit(Environment.ProcessorCount, WaitingExplanations))
            : RateLimitPartition.GetNoLimiter("quick"));
    }

    /// <summary>
    /// Whether a request makes the server compute an explanation: such a one has to come from the viewer's own pages or from no browser.
    /// </summary>
    public static bool IsExplanation(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/api/recordings")
        && context.Request.Path.Value!.Contains("/explanation", StringComparison.Ordinal);

    private static string Client(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "unknown";

    private static ConcurrencyLimiterOptions Limit(int atOnce, int waiting) =>
        new() { PermitLimit = atOnce, QueueLimit = waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst };

    /// <summary>The compiled scorer takes about a millisecond; what needs the network takes up to seconds.</summary>
    private static bool IsSlow(HttpContext context)
    {
        var query = context.Request.Query;
        var models = context.RequestServices.GetRequiredService<ViewerModels>();
        var model = models.All.FirstOrDefault(m => m.Name.Equals(
            query.TryGetValue("model", out var name) ? name.ToString() : models.Default, StringComparison.OrdinalIgnoreCase));
        return model is not null && model.IsSlow(query.TryGetValue("explainer", out var explainer) ? explainer.ToString() : "cam");
    }
}
