using Microsoft.Extensions.Logging;
using SignalCam.Abstractions;
using SignalCam.Core.Inference;
using SignalCam.Core.Signals;
using SignalCam.Sdk.Diagnostics;
using SignalCam.Sdk.Pretrained;
using SignalCam.Torch.Native;
using SignalCam.Torch.Networks;
using SignalCam.Torch;

namespace SignalCam.Sdk.Classification;

/// <summary>Holds the current model of a name: loads it at the first call, replaces it when its file changes, lets running calls end with theirs.</summary>
internal sealed partial class ModelSlot : IDisposable
{
    private readonly string _name;
    private readonly ModelSource _source;
    private readonly LengthPolicy _length;
    private readonly string _device;
    private readonly bool _allowFallback;
    private readonly SignalCamComponents _components;
    private readonly ScoringEngine _engine;
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

    public ModelSlot(string name, ModelOptions options, string device, bool allowFallback, SignalCamComponents components, Telemetry telemetry, ILogger logger)
    {
        _name = name;
        _source = options.Source;
        _length = options.Length;
        _engine = options.Engine;
        _device = device;
        _allowFallback = allowFallback;
        _components = components;
        _telemetry = telemetry;
        _logger = logger;
        // Asking again and again, not a file system watcher: those miss changes on network and container volumes.
        if (options.ReloadOnChange)
            _watch = new Timer(_ => ReloadIfChanged(), null, options.ReloadInterval, options.ReloadInterval);
    }

    public ModelState State
    {
        get
        {
            var model = Volatile.Read(ref _current);
            var engine = model is null ? default(ScoringEngine?) : model.Scorer is null ? ScoringEngine.Torch : ScoringEngine.Compiled;
            return new(_name, _source.ToString(), model is not null, Volatile.Read(ref _reloads), Volatile.Read(ref _problem), engine);
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
            try
            {
                var fresh = Load();
                Interlocked.Exchange(ref _current, fresh)!.Leave();
                Interlocked.Increment(ref _reloads);
                Volatile.Write(ref _problem, null);
                LogReloaded(_name, _source);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Whatever is wrong with the new file, the host goes on with the model it has.
                Volatile.Write(ref _problem, e.Message);
                LogNotReloaded(e, _name, _source);
            }
        }
        finally
        {
            _loading.Exit();
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
                var model = Load();
                _stamp = stamp;
                _problem = null;
                Volatile.Write(ref _current, model);
                var device = Device;
                LogLoaded(_name, _source, device);
                return model;
            }
            catch (Exception e)
            {
                Volatile.Write(ref _problem, e.Message);
                throw;
            }
        }
    }

    /// <summary>The device that is used, where the option may say "auto".</summary>
    private string Device => TorchDevice.Select(_device, _allowFallback).ToString();

    private LoadedModel Load()
    {
        using var activity = _telemetry.Start("load model", SignalCamTelemetry.ModelTag, _name);
        TorchRuntime.EnsureUsable();
        var model = _source.Load(_components, Device);
        try
        {
            return new LoadedModel(model, _length, Compile(model));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private CompiledScorer? Compile(EcgModel model)
    {
        if (_engine == ScoringEngine.Torch || (_engine == ScoringEngine.Auto && Device != "cpu"))
            return null;
        try
        {
            return CompiledScorer.Create(model.ToFile(), model.Preprocessor);
        }
        catch (NotSupportedException e) when (_engine == ScoringEngine.Auto)
        {
            LogNotCompiled(_name, e.Message);
            return null;
        }
        catch (NotSupportedException e)
        {
            throw new PluginException($"model '{_name}' cannot be compiled, which its option Engine asks for: {e.Message}", e);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Model {Name} is scored by TorchSharp: {Reason}")]
    private partial void LogNotCompiled(string name, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Model {Name} loaded from {Source} on {Device}")]
    private partial void LogLoaded(string name, ModelSource source, string device);

    [LoggerMessage(Level = LogLevel.Information, Message = "Model {Name} replaced: {Source} has changed")]
    private partial void LogReloaded(string name, ModelSource source);

    [LoggerMessage(Level = LogLevel.Error, Message = "Model {Name} stays as it was: {Source} has changed but cannot be loaded")]
    private partial void LogNotReloaded(Exception exception, string name, ModelSource source);

    /// <summary>Tells one state of a file from the next; a file that is not there has a stamp too, and weights that are no file have always the same.</summary>
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
