using SignalCam.Viewer.Explanations;
using SignalCam.Viewer.Recordings;

namespace SignalCam.Viewer;

/// <summary>
/// Scores the first example as soon as the program listens, so that the first visitor does not wait for weights and code to be loaded.
/// </summary>
internal sealed partial class WarmUp(ViewerModels models, ILogger<WarmUp> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() =>
    {
        try
        {
            models.Get(null).Explain(ExampleRecordings.All[0].Recording, null, "cam", stoppingToken);
            LogReady(models.Default);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program ends; nobody visits it any more.
        }
        catch (SignalCam.Abstractions.SignalCamException e)
        {
            // The page and the health check say the same to whoever asks.
            LogNotReady(models.Default, e);
        }
    }, stoppingToken);

    [LoggerMessage(Level = LogLevel.Information, Message = "Model {Model} is ready")]
    private partial void LogReady(string model);

    [LoggerMessage(Level = LogLevel.Error, Message = "Model {Model} cannot be used")]
    private partial void LogNotReady(string model, Exception exception);
}
