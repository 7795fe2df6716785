using SignalCam.Abstractions;
using SignalCam.Formats;
using SignalCam.Sdk.Diagnostics;

var builder = WebApplication.CreateBuilder(args);

// The models are settings of the section SignalCam; without any, the pretrained weights distinguish normal from abnormal.
builder.Services.AddSignalCam(builder.Configuration);
builder.Services.AddHealthChecks().AddCheck<SignalCamHealthCheck>("signalcam");
builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.Converters.Add(new EcgAnswerJsonConverter()));
#if (HasPlugin)
builder.Services.AddSignalCam().AddPlugin<PLUGIN_CLASS>();
#endif

var app = builder.Build();
app.MapHealthChecks("/health");

// The files of one recording as a form: a DICOM file, or a WFDB header with its signal file. The first is read; the others are beside it.
app.MapPost("/classify", async (
    IFormFileCollection files, bool? explain, IEcgClassifier classifier, EcgFileReader reader, CancellationToken cancellationToken) =>
{
    if (files.Count == 0)
        return Results.Problem("found no file, expected those of a recording", statusCode: StatusCodes.Status400BadRequest);
    var contents = new Dictionary<string, ReadOnlyMemory<byte>>();
    foreach (var file in files)
    {
        using var content = new MemoryStream();
        await file.CopyToAsync(content, cancellationToken);
        contents[Path.GetFileName(file.FileName)] = content.ToArray();
    }
    try
    {
        var recording = reader.Read(Path.GetFileName(files[0].FileName), contents);
        return Results.Ok(classifier.Classify(recording, new ClassifyOptions { Explain = explain ?? false }, cancellationToken));
    }
    catch (SignalCamException e)
    {
        return Results.Problem(e.Message, statusCode: StatusCodes.Status422UnprocessableEntity);
    }
}).DisableAntiforgery();

app.Run();
