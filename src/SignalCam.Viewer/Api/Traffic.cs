using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using SignalCam.Viewer.Explanations;
using SignalCam.Viewer.Problems;

namespace SignalCam.Viewer.Api;

/// <summary>How many requests of a kind run at once; others wait, and too many of those are turned away.</summary>
internal static class Traffic
{
    public const string Uploads = "uploads";
    public const string Explanations = "explanations";

    // An upload holds its bytes, those it unpacks to and its samples: two at once bound the memory that all of them can take.
    private const int UploadsAtOnce = 2;
    private const int WaitingUploads = 256;
    private const int WaitingExplanations = 64;

    public static void Configure(RateLimiterOptions options)
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.OnRejected = (rejected, _) => rejected.HttpContext.RequestServices.GetRequiredService<ProblemHandler>().WriteAsync(
            rejected.HttpContext, ViewerProblem.Busy.With("too many requests of this kind are waiting already; try again in a moment"));
        options.AddPolicy(Uploads, _ => RateLimitPartition.GetConcurrencyLimiter(Uploads, _ => Limit(UploadsAtOnce, WaitingUploads)));
        options.AddPolicy(Explanations, context => IsSlow(context)
            ? RateLimitPartition.GetConcurrencyLimiter("slow", _ => Limit(Environment.ProcessorCount, WaitingExplanations))
            : RateLimitPartition.GetNoLimiter("quick"));
    }

    private static ConcurrencyLimiterOptions Limit(int atOnce, int waiting) => new() { PermitLimit = atOnce, QueueLimit = waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst };

    /// <summary>The compiled scorer takes about a millisecond; what needs the network takes up to seconds.</summary>
    private static bool IsSlow(HttpContext context)
    {
        var query = context.Request.Query;
        var models = context.RequestServices.GetRequiredService<ViewerModels>();
        var model = models.All.FirstOrDefault(m => m.Name.Equals(query.TryGetValue("model", out var name) ? name.ToString() : models.Default, StringComparison.OrdinalIgnoreCase));
        return model is not null && model.IsSlow(query.TryGetValue("explainer", out var explainer) ? explainer.ToString() : "cam");
    }
}
