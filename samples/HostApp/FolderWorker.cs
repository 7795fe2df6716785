using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Core.Wfdb;

namespace HostApp;

public sealed class FolderOptions
{
    /// <summary>Where the WFDB recordings are, folders below it included.</summary>
    public string Folder { get; set; } = "";
}

/// <summary>Classifies every WFDB recording of a folder, a batch at a time, and writes a line of JSON for each as soon as it is there.</summary>
public sealed partial class FolderWorker(
    IEcgClassifier classifier, IOptions<FolderOptions> options, IHostApplicationLifetime lifetime, ILogger<FolderWorker> logger) : BackgroundService
{
    private readonly string _folder = options.Value.Folder;
    private readonly Queue<string> _read = [];
    private int _leftOut;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var files = new Queue<string>(Directory.EnumerateFiles(_folder, "*.hea", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
        var (count, done) = (files.Count, 0);
        try
        {
            while (files.Count > 0)
            {
                try
                {
                    await foreach (var result in classifier.ClassifyAsync(ReadAsync(files, stoppingToken), explain: true, stoppingToken))
                    {
                        Console.WriteLine(JsonSerializer.Serialize(Report.Of(NameOf(_read.Dequeue()), result, classifier.Input.SamplingRate), JsonSerializerOptions.Web));
                        done++;
                    }
                }
                catch (EcgStreamException e)
                {
                    // One recording the model cannot take: go on with the rest of its batch, which was read but not classified.
                    LeaveOut(_read.Dequeue(), e.InnerException ?? e);
                    files = new Queue<string>(_read.Concat(files));
                    _read.Clear();
                }
            }
        }
        catch (SignalCamException e)
        {
            LogFailed(e);
            Environment.ExitCode = 1;
        }
        finally
        {
            LogDone(done, count, _leftOut);
            lifetime.StopApplication();
        }
    }

    /// <summary>Reads on only as the classifier asks for more, so memory does not grow with the folder.</summary>
    private async IAsyncEnumerable<EcgSignal> ReadAsync(Queue<string> files, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (files.TryDequeue(out var file))
        {
            EcgSignal recording;
            try
            {
                recording = await WfdbReader.ReadSignalAsync(file, cancellationToken: cancellationToken);
            }
            catch (EcgFormatException e)
            {
                LeaveOut(file, e);
                continue;
            }
            _read.Enqueue(file);
            yield return recording;
        }
    }

    private void LeaveOut(string file, Exception why)
    {
        _leftOut++;
        LogLeftOut(NameOf(file), why.Message);
    }

    private string NameOf(string file) => Path.ChangeExtension(Path.GetRelativePath(_folder, file), null);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Recording} left out: {Why}")]
    private partial void LogLeftOut(string recording, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "Classification failed")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Done} of {Count} recordings classified, {LeftOut} left out")]
    private partial void LogDone(int done, int count, int leftOut);
}
