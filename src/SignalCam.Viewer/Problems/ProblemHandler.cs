using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using SignalCam.Abstractions;

namespace SignalCam.Viewer.Problems;

/// <summary>
/// Turns errors into problem details. What a request is to blame for is answered and not logged, because a message may hold the name of
/// somebody's file; everything else is left to the host, which logs it and answers 500 without details.
/// </summary>
internal sealed class ProblemHandler(IProblemDetailsService answers) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (Of(exception) is not { } found)
            return false;
        await WriteAsync(context, found);
        return true;
    }

    /// <summary>Answers a request with a problem.</summary>
    public ValueTask WriteAsync(HttpContext context, ViewerProblemException found)
    {
        context.Response.StatusCode = found.Problem.Status;
        var details = new ProblemDetails
        {
            Type = found.Problem.Type,
            Title = found.Problem.Title,
            Status = found.Problem.Status,
            Detail = found.Message,
        };
        foreach (var (member, value) in found.Members)
            details.Extensions[member] = value;
        return answers.WriteAsync(new ProblemDetailsContext { HttpContext = context, ProblemDetails = details });
    }

    /// <summary>Gives the framework's own answers, such as those of its routing, a type and a reason of the viewer's.</summary>
    public static void Complete(ProblemDetailsContext context)
    {
        var details = context.ProblemDetails;
        var found = details.Status switch
        {
            StatusCodes.Status404NotFound when details.Detail is null =>
                ViewerProblem.NoSuchPath.With("see /openapi/v1.json for the available paths"),
            StatusCodes.Status405MethodNotAllowed =>
                ViewerProblem.NotAllowed.With($"{context.HttpContext.Request.Method} is not supported here; see /openapi/v1.json"),
            StatusCodes.Status415UnsupportedMediaType when details.Detail is null =>
                ViewerProblem.NotAnUpload.With("expected multipart/form-data with a part for each file"),
            _ => null,
        };
        if (found is not null)
            (details.Type, details.Title, details.Detail) = (found.Problem.Type, found.Problem.Title, found.Message);
    }

    private static ViewerProblemException? Of(Exception exception) => exception switch
    {
        ViewerProblemException found => found,
        // Kestrel's own limits, a parameter that is no number, a body that ends early.
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } bad => ViewerProblem.TooLarge.With(bad.Message),
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } bad => ViewerProblem.TooSlow.With(bad.Message),
        BadHttpRequestException bad => ViewerProblem.BadValue.With(bad.Message),
        EcgFormatException broken => ViewerProblem.BrokenRecording.With(broken.Message),
        ModelFormatException => null,
        SignalCamException refused => ViewerProblem.NotExplainable.With(refused.Message),
        _ => null,
    };
}
