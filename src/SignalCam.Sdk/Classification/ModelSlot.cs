using Microsoft.Extensions.Logging;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Core.Scoring;
using SignalCam.Sdk.Diagnostics;
using SignalCam.Sdk.Pretrained;

namespace SignalCam.Sdk.Classification;

/// <summary>
/// Holds the current model of a name: loads it at the first call, replaces it when its file changes, lets running calls end with theirs.
/// </summary>
internal sealed partial class ModelSlot : IDisposable
{
    private readonly string _name;
    private readonly ModelOptions _options;
    private readonly ModelSource _source;
    private readonly ModelLoader _loader;
    private readonly Telemetry _telemetry;
    private readonly ILogger _logger;
    private readonly Lock _loading = new();
    private readonly Timer? _watch;
    private LoadedModel? _current;
    private FileStamp _stamp;
    private FileStamp _lastSeen;
    private string? _problem;
    private int _reloads;
    private bool _disposed;

    public ModelSlot(string name, ModelOptions options, ModelLoader loader, Telemetry telemetry, ILogger logger)
    {
        (_name, _options, _source, _loader, _telemetry, _logger) = (name, options, options.Source, loader, telemetry, logger);
        if (!options.ReloadOnChange)
            return;
        // A timer keeps the context that it is made in, and would put what it does below the request that came first.
        using (ExecutionContext.SuppressFlow())
            // Asking again and again, not a file system watcher: those miss changes on network and container volumes.
            _watch = new Timer(_ => ReloadIfChanged(), null, options.ReloadInterval, options.ReloadInterval);
    }

    public ModelState State
    {
        get
        {
            var model = Volatile.Read(ref _current)?.Model;
            return new(_name, _source.ToString(), model is not null, Volatile.Read(ref _reloads), Volatile.Read(ref _problem),
                model?.Backend) { Sha256 = model?.Sha256, Manifest = model?.Manifest };
        }
    }

    /// <summary>The current model, counted in; the caller must let it go with <see cref="LoadedModel.Leave"/>.</summary>
    public LoadedModel Enter()
    {
        while (true)
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
            var model = Volatile.Read(ref _current) ?? LoadFirst();
            // Else it was replaced, and its last user left, since it was read.
            if (model.TryEnter())
                return model;
        }
    }

    public void Dispose()
    {
        _watch?.Dispose();
        lock (_loading)
        {
            if (_disposed)
                return;
            Volatile.Write(ref _disposed, true);
            Interlocked.Exchange(ref _current, null)?.Leave();
        }
    }

    /// <summary>Loads the file again if it is another than before and has been so for two looks; one at a time.</summary>
    private void ReloadIfChanged()
    {
        if (!_loading.TryEnter())
            return;
        try
        {
            var stamp = FileStamp.Of(_source.Path);
            var isStill = stamp == _lastSeen;
            _lastSeen = stamp;
            // A file that is other than at the last look may still be written to: wait for the next one.
            if (_disposed || _current is null || stamp == _stamp || !isStill)
                return;
            // Kept even if loading fails, so that a broken file is logged once.
            _stamp = stamp;
            Reload(_current.Model.Manifest);
        }
        finally
        {
            _loading.Exit();
        }
    }

    private void Reload(ModelManifest before)
    {
        try
        {
            var fresh = Load(before);
            Interlocked.Exchange(ref _current, fresh)!.Leave();
            Interlocked.Increment(ref _reloads);
            Volatile.Write(ref _problem, null);
            LogReloaded(_name, _source);
        }
        catch (ContractChangedException e)
        {
            Volatile.Write(ref _problem, e.Message);
            LogRefused(_name, _source, e.Change);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // If the new file cannot be loaded, the previous model stays in use.
            Volatile.Write(ref _problem, e.Message);
            LogNotReloaded(e, _name, _source);
        }
    }

    private LoadedModel LoadFirst()
    {
        lock (_loading)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_current is { } there)
                return there;
            var stamp = FileStamp.Of(_source.Path);
            try
            {
                var model = Load(null);
                _stamp = stamp;
                _problem = null;
                Volatile.Write(ref _current, model);
                LogLoaded(_name, _source, model.Model.Backend);
                return model;
            }
            catch (Exception e)
            {
                Volatile.Write(ref _problem, e.Message);
                throw;
            }
        }
    }

    /// <summary>Loads the model; one that replaces another must keep to its contract.</summary>
    private LoadedModel Load(ModelManifest? before) => _telemetry.Run("load model", SignalCamTelemetry.ModelTag, _name, () =>
    {
        var file = _source.Read();
        if (before is not null && !_options.AllowContractChange && Change(before, file.Manifest) is { } change)
            throw new ContractChangedException(_source, change);
        return new LoadedModel(_loader.Prepare(file, _options.ToScoring(_name), _options.Device, _options.Checks));
    });

    /// <summary>What callers would have to know of: null where nothing has changed but the weights.</summary>
    private static string? Change(ModelManifest before, ModelManifest after)
    {
        if (!before.Classes.SequenceEqual(after.Classes, StringComparer.Ordinal))
            return $"classes {string.Join(", ", after.Classes)} instead of {string.Join(", ", before.Classes)}";
        if ((before.Task, before.TaskKind) != (after.Task, after.TaskKind))
            return $"task {after.Task} ({after.TaskKind}) instead of {before.Task} ({before.TaskKind})";
        return before.Layout.Equals(after.Layout) ? null : $"input {after.Layout} instead of {before.Layout}";
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Model {Name} loaded from {Source}, scored by {Backend}")]
    private partial void LogLoaded(string name, ModelSource source, string backend);

    [LoggerMessage(Level = LogLevel.Information, Message = "Model {Name} replaced: {Source} has changed")]
    private partial void LogReloaded(string name, ModelSource source);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "Model {Name} stays as it was: {Source} has changed to {Change}, which AllowContractChange does not allow")]
    private partial void LogRefused(string name, ModelSource source, string change);

    [LoggerMessage(Level = LogLevel.Error, Message = "Model {Name} stays as it was: {Source} has changed but cannot be loaded")]
    private partial void LogNotReloaded(Exception exception, string name, ModelSource source);

    /// <summary>A changed file is another kind of model.</summary>
    private sealed class ContractChangedException(ModelSource source, string change)
        : SignalCamException($"{source} has changed to {change}; the model before it stays in use. AllowContractChange allows it.")
    {
        public string Change => change;
    }

    /// <summary>
    /// Tells one state of a file from the next; a file that is not there has a stamp too, and weights that are no file have always the
    /// same.
    /// </summary>
    private readonly record struct FileStamp(DateTime Written, long Length)
    {
        public static FileStamp Of(string? path)
        {
            if (path is null)
                return default;
            var file = new FileInfo(path);
            // Mounted configuration swaps a link's target, not the file.
            var target = file.LinkTarget is null ? file : (FileInfo?)file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
            return target.Exists ? new FileStamp(target.LastWriteTimeUtc, target.Length) : default;
        }
    }
}
