using System.Globalization;
using SignalCam.Abstractions;
using SignalCam.Core.Wfdb;
using SignalCam.Formats;
using SignalCam.Viewer.Problems;

namespace SignalCam.Viewer.Uploads;

/// <summary>A recording of an upload.</summary>
internal sealed record OpenedRecording(string Name, EcgRecording Recording);

/// <summary>A file of an upload that could not be opened, and why.</summary>
internal sealed record RefusedFile(string Name, string Reason);

/// <summary>Finds the recordings among uploaded files: WFDB headers with their signal files, and files of every other format.</summary>
internal sealed class UploadedRecordings(EcgFileReader reader, Upload upload, ViewerOptions options, CancellationToken cancellationToken)
{
    /// <summary>Files that somebody who sends them takes for recordings, even if nothing in them can be read.</summary>
    private static readonly string[] s_expected = [".csv", ".tsv", ".dcm", ".scp", ".edf", ".bdf", ".ecg", ".xml", ".npy", ".npz", ".h5"];

    private readonly List<OpenedRecording> _opened = [];
    private readonly List<(string Name, ViewerProblemException Problem)> _problems = [];

    /// <summary>Files that belong to a WFDB recording.</summary>
    private readonly HashSet<string> _parts = new(StringComparer.Ordinal);

    /// <summary>The files of each folder, by their names within it.</summary>
    private readonly Dictionary<string, Dictionary<string, ReadOnlyMemory<byte>>> _folders = new(StringComparer.Ordinal);

    private UploadedFiles Files => upload.Files;

    /// <summary>Reads all recordings. One that cannot be read is refused by name as long as another can.</summary>
    /// <exception cref="ViewerProblemException">
    /// There is none, or none that can be read; or a table leaves open how it is to be read.
    /// </exception>
    public (List<OpenedRecording> Opened, List<RefusedFile> Refused) Read()
    {
        foreach (var folder in Files.Names.GroupBy(FolderOf))
            _folders.Add(folder.Key, folder.ToDictionary(name => name[folder.Key.Length..], Content, StringComparer.Ordinal));
        ReadWfdb();
        foreach (var name in _folders.SelectMany(folder => folder.Value.Keys.Select(name => folder.Key + name)).ToList())
            if (!_parts.Contains(name))
                ReadOther(name);
        if (_opened.Count == 0)
            throw Refusal();
        return (_opened, [.. _problems.Select(p => new RefusedFile(p.Name, p.Problem.Message))]);
    }

    private void ReadWfdb()
    {
        var segments = new HashSet<string>(StringComparer.Ordinal);
        // Whole recordings name their segments, whose headers are then no recordings of their own.
        foreach (var (name, header) in Headers().OrderByDescending(h => h.Header.IsMultiSegment).ToList())
        {
            _parts.UnionWith(header.Signals.Select(signal => Beside(name, signal.FileName)));
            if (segments.Contains(name))
                continue;
            foreach (var segment in header.Segments)
                segments.Add(Beside(name, segment.Name + ".hea"));
            Try(name, () =>
            {
                RecordingLimits.Check(header, options);
                return Read(name);
            });
        }
    }

    private void ReadOther(string name)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // An upload may hold other files as well; they are no failures.
        if (!s_expected.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase)
            && reader.Find(PlainName(name), _folders[FolderOf(name)]) is null)
            return;
        Try(name, () => Read(name));
    }

    /// <summary>Reads a recording as every other door does, so that it gets the same answer and the same findings.</summary>
    private EcgRecording Read(string name)
    {
        var reading = new EcgReadOptions
        {
            SamplingRate = upload.Answers.Rate,
            Unit = upload.Answers.MillivoltPerUnit?.ToString(CultureInfo.InvariantCulture),
            MaxBytes = Math.Max(options.MaxUploadBytes, options.MaxUnpackedBytes),
            MaxValues = options.MaxSamples,
        };
        return reader.Read(PlainName(name), _folders[FolderOf(name)], reading, cancellationToken);
    }

    private void Try(string name, Func<EcgRecording> read)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var recording = read();
            RecordingLimits.Check(name, recording.Signal, options);
            _opened.Add(new OpenedRecording(Path.GetFileNameWithoutExtension(name), recording));
        }
        catch (EcgFormatException e) when (Needs(e) is { Length: > 0 } needs)
        {
            throw Incomplete(name, needs);
        }
        catch (ViewerProblemException e)
        {
            _problems.Add((name, e));
        }
        catch (Exception e) when (e is SignalCamException or ArgumentException)
        {
            _problems.Add((name, ViewerProblem.BrokenRecording.With(e.Message)));
        }
    }

    /// <summary>What the upload could answer; nothing where the file leaves more open than that.</summary>
    private static string[] Needs(EcgFormatException error) => error.MissingOptions.Contains(nameof(EcgReadOptions.Leads)) ? [] :
    [
        .. error.MissingOptions.Contains(nameof(EcgReadOptions.SamplingRate)) ? ["rate"] : Array.Empty<string>(),
        .. error.MissingOptions.Contains(nameof(EcgReadOptions.Unit)) ? ["unit"] : Array.Empty<string>(),
    ];

    private static ViewerProblemException Incomplete(string name, string[] needs)
    {
        var problem = ViewerProblem.IncompleteTable.With(
            $"{name}: the file does not give the {string.Join(" and the ", needs)}; send the field{(needs.Length > 1 ? "s" : "")} "
            + $"{string.Join(" and ", needs)} with it, or, for a table, name columns as in 'II (mV)' and 'time (s)'");
        problem.Members["needs"] = needs;
        return problem;
    }

    private IEnumerable<(string Name, WfdbHeader Header)> Headers()
    {
        foreach (var name in Files.Names.Where(n => n.EndsWith(".hea", StringComparison.OrdinalIgnoreCase)))
        {
            _parts.Add(name);
            WfdbHeader header;
            try
            {
                using var text = new MemoryStream(Bytes(name), writable: false);
                header = WfdbHeader.Read(text, name);
            }
            catch (EcgFormatException e)
            {
                _problems.Add((name, ViewerProblem.BrokenRecording.With(e.Message)));
                continue;
            }
            yield return (name, header);
        }
    }

    private ViewerProblemException Refusal()
    {
        if (_problems.Count == 0)
            return ViewerProblem.NothingToOpen.With(
                $"found {(Files.Names.Count == 0 ? "no file" : string.Join(", ", Files.Names.Take(8)))}; "
                + "expected a recording of a known format, a WFDB header (.hea) with its signal file, or a zip of such");
        var first = _problems[0].Problem;
        var refusal = first.Problem.With(
            _problems.Count == 1 ? first.Message : $"none of the {_problems.Count} recordings can be opened; the first: {first.Message}");
        refusal.Members["refused"] = _problems.Select(p => new RefusedFile(p.Name, p.Problem.Message)).ToArray();
        return refusal;
    }

    private byte[] Bytes(string name) => Files.TryGet(name, out var content) ? content : [];

    private ReadOnlyMemory<byte> Content(string name) => Bytes(name);

    private static string FolderOf(string name) => name[..(name.LastIndexOf('/') + 1)];

    private static string PlainName(string name) => name[FolderOf(name).Length..];

    /// <summary>A file in the same folder of the same archive.</summary>
    private static string Beside(string name, string file) => FolderOf(name) + file;
}
