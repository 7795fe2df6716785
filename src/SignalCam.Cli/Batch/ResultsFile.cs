using System.Text;
using SignalCam.Abstractions;

namespace SignalCam.Cli.Batch;

/// <summary>
/// A results file that grows recording by recording. A run that ends early leaves whole recordings and at most one torn one, which a run
/// that continues it does again.
/// </summary>
internal sealed class ResultsFile : IDisposable
{
    private readonly FileStream _file;
    private readonly IResultsFormat _format;
    private bool _isFirst = true;

    private ResultsFile(FileStream file, IResultsFormat format) => (_file, _format) = (file, format);

    /// <summary>The format implied by a file's name.</summary>
    /// <exception cref="UsageException">It ends in neither .csv nor .json.</exception>
    public static IResultsFormat FormatOf(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".csv" => new CsvResults(),
        ".json" => new JsonResults(),
        var other => throw new UsageException($"--out: found '{other}' as the end of {path}, expected .csv or .json"),
    };

    /// <summary>Begins a file.</summary>
    /// <exception cref="UsageException">It already exists and may not be replaced.</exception>
    public static ResultsFile Create(string path, bool mayReplace)
    {
        var format = FormatOf(path);
        OutputFile.Prepare(path);
        if (File.Exists(path) && !mayReplace)
            throw new UsageException($"--out: {path} already exists; --resume continues it, --overwrite replaces it");
        var results = new ResultsFile(Open(path, FileMode.Create), format);
        results.Append(format.Head);
        return results;
    }

    /// <summary>Continues a file, or begins it if there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="modelSha256">SHA-256 of the model that answers now.</param>
    /// <param name="keep">
    /// Receives every recording that the file keeps. The last one is dropped, because it may be incomplete, and is scored again.
    /// </param>
    /// <exception cref="UsageException">Another model has answered.</exception>
    /// <exception cref="EcgFormatException">It is not a results file.</exception>
    public static ResultsFile Resume(string path, string modelSha256, Action<BatchRow> keep)
    {
        if (!File.Exists(path))
            return Create(path, mayReplace: false);
        var format = FormatOf(path);
        OutputFile.Prepare(path);
        var file = Open(path, FileMode.Open);
        try
        {
            var (end, pending) = (-1L, ((BatchRow Row, long End)?)null);
            foreach (var next in format.Read(new BufferedStream(file, 1 << 16), path))
            {
                if (next.Row.ModelSha256 is { } other && other != modelSha256)
                    throw new UsageException($"--resume: {path} has answers of the model {other}, not of {modelSha256}");
                if (pending is { } before)
                {
                    keep(before.Row);
                    end = before.End;
                }
                pending = next;
            }
            var results = new ResultsFile(file, format) { _isFirst = end < 0 };
            file.SetLength(Math.Max(end, 0));
            file.Position = file.Length;
            if (end < 0)
                results.Append(format.Head);
            return results;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Appends a recording.</summary>
    public void Write(EcgStreamAnswer result)
    {
        Append(_format.Write(result, _isFirst));
        _isFirst = false;
    }

    /// <summary>Completes the file after all recordings.</summary>
    public void Finish()
    {
        Append(_format.Foot);
        _file.Flush();
    }

    public void Dispose() => _file.Dispose();

    private void Append(string text) => _file.Write(Encoding.UTF8.GetBytes(text));

    // Nobody else writes to it meanwhile, and anybody may look.
    private static FileStream Open(string path, FileMode mode) => new(path, new FileStreamOptions
    {
        Mode = mode,
        Access = FileAccess.ReadWrite,
        Share = FileShare.Read,
        BufferSize = 1 << 16,
    });
}
