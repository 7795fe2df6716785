using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using SignalCam.Core.Measurements;
using SignalCam.Formats;
using SignalCam.Viewer.Explanations;
using SignalCam.Viewer.Problems;
using SignalCam.Viewer.Recordings;
using SignalCam.Viewer.Uploads;

namespace SignalCam.Viewer.Api;

/// <summary>Opens recordings and gives what there is of each.</summary>
internal static class RecordingEndpoints
{
    public static void MapRecordings(this RouteGroupBuilder api)
    {
        var recordings = api.MapGroup("/recordings").WithTags("Recordings");
        recordings.MapPost("", Upload)
            .WithName("openRecordings")
            .WithSummary("Opens recordings from files")
            .WithDescription(
                "multipart/form-data with a part for each file: WFDB headers (.hea) with their signal files, DICOM, SCP-ECG, HL7 aECG, "
                + "MUSE and Philips XML, EDF, ISHNE, tables and arrays, or zips of such. A table that names no time or unit needs the "
                + "fields `rate` (samples per second) and `unit` (mV, uV or V); the problem incomplete-table says which. "
                + "Recordings are kept in memory alone and go some time after they were last looked at.")
            .Accepts<UploadForm>("multipart/form-data")
            .Produces<UploadAnswer>(StatusCodes.Status201Created)
            .ProducesProblems(400, 403, 408, 413, 415, 422, 429)
            .RequireRateLimiting(Traffic.Uploads);
        recordings.MapGet("/{id}", (string id, RecordingStore store) => RecordingAnswer.Of(Find(id, store)))
            .WithName("getRecording").WithSummary("What is known of a recording").ProducesProblems(404);
        recordings.MapDelete("/{id}", Delete)
            .WithName("forgetRecording").WithSummary("Forgets a recording").ProducesProblems(403, 404);
        recordings.MapGet("/{id}/signal", (string id, RecordingStore store) => SignalAnswer.Of(Find(id, store).Signal, "mV"))
            .WithName("getSignal").WithSummary("The samples as recorded, in millivolt").ProducesProblems(404);
        recordings.MapGet("/{id}/prepared", Prepared)
            .WithName("getPrepared")
            .WithSummary("What a model sees of a recording: adapted, after its preprocessing, and the trend that is taken away")
            .ProducesProblems(400, 404, 422);
        recordings.MapGet("/{id}/measurements",
            (string id, RecordingStore store) => MeasurementsAnswer.Of(EcgMeasurements.Of(Find(id, store).Signal)))
            .WithName("getMeasurements").WithSummary("Rate, intervals and axes, measured by software").ProducesProblems(403, 404, 429)
            .RequireRateLimiting(Traffic.Measurements);
        api.MapGet("/examples", () => ExampleRecordings.All.Select(RecordingAnswer.Of).ToArray())
            .WithTags("Recordings").WithName("listExamples").WithSummary("Synthetic recordings that are always there");
    }

    /// <summary>A recording or an example by its id.</summary>
    /// <exception cref="ViewerProblemException">There is none.</exception>
    public static StoredRecording Find(string id, RecordingStore store) => ExampleRecordings.Find(id) ?? store.Find(id)
        ?? throw ViewerProblem.NoSuchRecording.With(
            "there is no recording with this id, or none any more: recordings are kept in memory for a time only");

    private static async Task<Created<UploadAnswer>> Upload(
        HttpRequest request, UploadReader reader, UploadTurns turns, EcgFileReader formats, RecordingStore store,
        IOptions<ViewerOptions> options, TimeProvider time)
    {
        var limits = options.Value;
        using var patience = new CancellationTokenSource(limits.MaxUploadTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(request.HttpContext.RequestAborted, patience.Token);
        try
        {
            // Bytes are received beside those of all others; a turn is taken only when all are there, so that a slow sender keeps nobody
            // waiting.
            using var received = await reader.ReceiveAsync(request, either.Token);
            using var turn = await turns.TakeAsync(either.Token);
            var upload = await UploadReader.UnpackAsync(received, either.Token);
            var (opened, refused) = new UploadedRecordings(formats, upload, limits, either.Token).Read();
            var answers = opened.Select(o => RecordingAnswer.Of(store.Add(o.Name, RecordingSource.Upload, o.Recording))).ToArray();
            return TypedResults.Created(
                answers.Length == 1 ? $"/api/recordings/{answers[0].Id}" : null, new UploadAnswer(answers, refused));
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            throw ViewerProblem.TooSlow.With($"it took longer than {limits.MaxUploadTime.TotalSeconds} seconds");
        }
    }

    private static NoContent Delete(string id, RecordingStore store) =>
        store.Remove(id)
            ? TypedResults.NoContent()
            : throw ViewerProblem.NoSuchRecording.With("there is no recording with this id that could be forgotten");

    private static PreparedAnswer Prepared(string id, RecordingStore store, ViewerModels models, string? model = null)
    {
        var recording = Find(id, store);
        var chosen = models.Get(model);
        var view = chosen.View(recording.Recording);
        return new PreparedAnswer(
            chosen.Name,
            SignalAnswer.Of(view.View.Signal, "mV", view.View.Stretch.Start),
            SignalAnswer.Of(view.View.Inputs[0].Prepared, "a.u.", view.View.Inputs[0].Start),
            view.Trend is null ? null : SignalAnswer.Of(view.Trend, "mV", view.View.Inputs[0].Start));
    }

    /// <summary>The form as OpenAPI describes it.</summary>
    private sealed record UploadForm(IFormFileCollection Files, double? Rate, string? Unit);
}
