using SignalCam.Viewer.Problems;

namespace SignalCam.Viewer;

/// <summary>What browsers are told, and which requests of theirs are not answered.</summary>
internal static class SecurityHeaders
{
    /// <summary>
    /// Scripts, styles and data come from this host alone; nothing is inline, nothing is framed, no form is sent anywhere.
    /// </summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action "
        + "'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

    /// <summary>Adds the headers to every answer, errors included.</summary>
    public static void UseSecurityHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        // Whoever answers an error clears the headers first: they are set at the last moment.
        context.Response.OnStarting(() =>
        {
            Set(context.Response.Headers, context.Request.Path.StartsWithSegments("/api"));
            return Task.CompletedTask;
        });
        return next(context);
    });

    /// <summary>Turns away what another site's page sends.</summary>
    public static void UseCrossSiteGuard(this WebApplication app) => app.Use((context, next) => IsCrossSite(context.Request)
        ? throw ViewerProblem.CrossSite.With(
            "only the viewer's own pages, and programs other than browsers, may change anything or ask for explanations")
        : next(context));

    private static void Set(IHeaderDictionary headers, bool isApi)
    {
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        // Recordings stay out of the browser's cache; pages are asked for anew so that they fit the program.
        headers.CacheControl = isApi ? "no-store" : "no-cache";
    }

    /// <summary>
    /// Somebody else's page may make a browser send a form here, without the answer being readable: it must not have an effect.
    /// </summary>
    private static bool IsCrossSite(HttpRequest request)
    {
        // Another site's page may link to a recording; it may not make the server explain one.
        if ((HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && !Api.Traffic.IsExplanation(request.HttpContext))
            return false;
        if (request.Headers.TryGetValue("Sec-Fetch-Site", out var site) && site != "same-origin" && site != "none")
            return true;
        return request.Headers.Origin.ToString() is { Length: > 0 } origin
            && !origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }
}
