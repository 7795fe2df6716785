using SignalCam.Abstractions;
using SignalCam.Core.Wfdb;
using SignalCam.Viewer.Problems;

namespace SignalCam.Viewer.Uploads;

/// <summary>A recording of an upload.</summary>
internal sealed record OpenedRecording(string Name, EcgSignal Signal);

/// <summary>A file of an upload that could not be opened, and why.</summary>
internal sealed record RefusedFile(string Name, string Reason);

/// <summary>Finds the recordings among uploaded files: WFDB headers with their signal files, and tables.</summary>
internal static class UploadedRecordings
{
    private static readonly string[] s_tables = [".csv", ".tsv"];

    /// <summary>Reads all recordings. One that cannot be read is refused by name as long as another can.</summary>
    /// <exception cref="ViewerProblemException">
    /// There is none, or none that can be read; or a table leaves open how it is to be read.
    /// </exception>
    public static async Task<(List<OpenedRecording> Opened, List<RefusedFile> Refused)> ReadAsync(Upload upload, ViewerOptions options, CancellationToken cancellationToken)
    {
        var opened = new List<OpenedRecording>();
        var problems = new List<(string Name, ViewerProblemException Problem)>();
        var segments = new HashSet<string>(StringComparer.Ordinal);
        // Whole recordings name their segments, whose headers are then no recordings of their own.
        foreach (var (name, header) in Headers(upload.Files, problems).OrderByDescending(h => h.Header.IsMultiSegment).ToList())
        {
            if (segments.Contains(name))
                continue;
            foreach (var segment in header.Segments)
                segments.Add(Beside(name, segment.Name + ".hea"));
            await TryAsync(name, async () => await ReadWfdbAsync(name, header, upload.Files, options, cancellationToken));
        }
        foreach (var name in upload.Files.Names.Where(n => s_tables.Contains(Path.GetExtension(n), StringComparer.OrdinalIgnoreCase)))
            await TryAsync(name, () => Task.FromResult(new CsvRecording(name, upload.Answers, options, cancellationToken).Read(Content(upload.Files, name))));

        if (opened.Count == 0)
            throw Refusal(upload.Files, problems);
        return (opened, [.. problems.Select(p => new RefusedFile(p.Name, p.Problem.Message))]);

        async Task TryAsync(string name, Func<Task<EcgSignal>> read)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var signal = await read();
                RecordingLimits.Check(name, signal, options);
                opened.Add(new OpenedRecording(Path.GetFileNameWithoutExtension(name), signal));
            }
            catch (ViewerProblemException e) when (e.Problem != ViewerProblem.IncompleteTable)
            {
                problems.Add((name, e));
            }
            catch (Exception e) when (e is SignalCamException or ArgumentException)
            {
                problems.Add((name, ViewerProblem.BrokenRecording.With(e.Message)));
            }
        }
    }

    private static IEnumerable<(string Name, WfdbHeader Header)> Headers(UploadedFiles files, List<(string, ViewerProblemException)> problems)
    {
        foreach (var name in files.Names.Where(n => n.EndsWith(".hea", StringComparison.OrdinalIgnoreCase)))
        {
            WfdbHeader header;
            try
            {
                using var text = new MemoryStream(Content(files, name), writable: false);
                header = WfdbHeader.Read(text, name);
            }
            catch (EcgFormatException e)
            {
                problems.Add((name, ViewerProblem.BrokenRecording.With(e.Message)));
                continue;
            }
            yield return (name, header);
        }
    }

    private static Task<EcgSignal> ReadWfdbAsync(string name, WfdbHeader header, UploadedFiles files, ViewerOptions options, CancellationToken cancellationToken)
    {
        RecordingLimits.Check(header, options);
        return WfdbReader.ReadSignalAsync(
            header,
            file => files.TryGet(Beside(name, file), out var content) ? new MemoryStream(content, writable: false) : null,
            new WfdbReadOptions { MaxValues = options.MaxSamples },
            cancellationToken);
    }

    private static ViewerProblemException Refusal(UploadedFiles files, List<(string Name, ViewerProblemException Problem)> problems)
    {
        if (problems.Count == 0)
            return ViewerProblem.NothingToOpen.With(
                $"found {(files.Names.Count == 0 ? "no file" : string.Join(", ", files.Names.Take(8)))}; expected a WFDB header (.hea) with its signal file, a table (.csv, .tsv), or a zip of such");
        var first = problems[0].Problem;
        var refusal = first.Problem.With(problems.Count == 1 ? first.Message : $"none of the {problems.Count} recordings can be opened; the first: {first.Message}");
        refusal.Members["refused"] = problems.Select(p => new RefusedFile(p.Name, p.Problem.Message)).ToArray();
        return refusal;
    }

    private static byte[] Content(UploadedFiles files, string name) => files.TryGet(name, out var content) ? content : [];

    /// <summary>A file in the same folder of the same archive.</summary>
    private static string Beside(string name, string file) => name[..(name.LastIndexOf('/') + 1)] + file;
}
