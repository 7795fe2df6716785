using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Sdk;

namespace HostApp;

public sealed class FolderOptions
{
    /// <summary>Where the WFDB recordings are, folders below it included.</summary>
    public string Folder { get; set; } = "";
}

/// <summary>Classifies every WFDB recording of a folder and writes a line of JSON for each as soon as it is there.</summary>
public sealed partial class FolderWorker(
    IEcgClassifier classifier, IOptions<FolderOptions> options, IHostApplicationLifetime lifetime,
    ILogger<FolderWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Their names alone: each is read when its turn comes.
        var recordings = RecordingSource.FromFolder(options.Value.Folder).ToList();
        var (done, leftOut) = (0, 0);
        try
        {
            await foreach (var result in classifier.ClassifyAsync(recordings, new ClassifyOptions { Explain = true }, stoppingToken))
                if (result.Answer is { } answer)
                {
                    Console.WriteLine(JsonSerializer.Serialize(Report.Of(answer), JsonSerializerOptions.Web));
                    done++;
                }
                else
                {
                    leftOut++;
                    LogLeftOut(result.Id, result.Error!.Message);
                }
        }
        catch (SignalCamException e)
        {
            LogFailed(e);
            Environment.ExitCode = 1;
        }
        finally
        {
            LogDone(done, recordings.Count, leftOut);
            lifetime.StopApplication();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Recording} left out: {Why}")]
    private partial void LogLeftOut(string recording, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "Classification failed")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Done} of {Count} recordings classified, {LeftOut} left out")]
    private partial void LogDone(int done, int count, int leftOut);
}
