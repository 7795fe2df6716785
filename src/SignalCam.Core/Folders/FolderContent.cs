using System.Globalization;
using SignalCam.Abstractions;

namespace SignalCam.Core.Folders;

/// <summary>The entries of a folder: joins recordings and labels, maps codes, and reads or draws folds.</summary>
internal sealed class FolderContent
{
    private readonly FolderDatasetOptions _options;
    private readonly FolderFiles _files;
    private readonly CodeMap? _map;

    private FolderContent(FolderDatasetOptions options, IRecordingFileReader reader)
    {
        _options = options;
        _files = FolderFiles.Find(options.Folder, reader, options.Labels, CodeMap.IsName(options.Map ?? CodeMap.None) ? null : options.Map,
            options.Folds, options.Cache);
        _map = CodeMap.Open(options.Map ?? (options.Labels is null ? CodeMap.SnomedCt : null));
        var entries = Join(Rows());
        if (entries.Length == 0)
            throw new EcgFormatException(
                options.Labels ?? _files.Root, null, _files.Paths.Count == 0 ? "no recording"
                    : $"{_files.Paths.Count} recordings, none with a label",
                options.Labels is null ? "WFDB headers with a comment '# Dx: CODES', or a label table (option labels)"
                    : $"rows that name recordings in {_files.Root}");
        Entries = WithFolds(entries);
        RequirePatientsApart();
        Census.WithoutPatient = Entries.Count(e => e.PatientId is null);
        Census.WithoutFold = Entries.Count(e => e.Fold is null);
    }

    public string Folder => _files.Root;

    public FolderEntry[] Entries { get; }

    public FolderCensus Census { get; } = new();

    /// <summary>The classes in the table's order; null for a column of codes and for headers.</summary>
    public IReadOnlyList<string>? ClassOrder { get; private set; }

    /// <exception cref="EcgFormatException">The folder or a table is missing or malformed, or a patient is in two folds.</exception>
    public static FolderContent Open(FolderDatasetOptions options, IRecordingFileReader reader) => new(options, reader);

    private IReadOnlyList<LabelRow> Rows()
    {
        if (_options.Labels is null)
            return HeaderLabels.Read(_files);
        var table = LabelTable.Open(_options.Labels, _options.Columns);
        Census.UnusedColumns = table.Unused;
        if (table.Classes.Count > 0)
            ClassOrder = Mapped(table.Classes);
        return table.Read();
    }

    private FolderEntry[] Join(IReadOnlyList<LabelRow> rows)
    {
        var taken = new Dictionary<string, LabelRow>(StringComparer.Ordinal);
        var entries = new List<FolderEntry>(rows.Count);
        foreach (var row in rows)
        {
            if (Find(row) is not { } path)
            {
                Census.LabelsWithoutRecording.Add(row.Recording);
                continue;
            }
            if (!taken.TryAdd(path, row))
                throw new EcgFormatException(
                    _options.Labels!, row.Position, $"'{row.Recording}', which is the file of '{taken[path].Recording}' too",
                        "a recording of its own for each row");
            if (row.IsLabelled)
                entries.Add(EntryOf(row, path));
            else
                Census.RecordingsWithoutLabel.Add(row.Recording);
        }
        Census.RecordingsWithoutLabel.AddRange(_files.Paths.Where(path => !taken.ContainsKey(path)).Select(FolderFiles.IdOf));
        return [.. entries];
    }

    private string? Find(LabelRow row)
    {
        var name = row.File ?? row.Recording;
        return _files.Named(name) switch
        {
            [] => null,
            [var path] => path,
            var several => throw new EcgFormatException(
                _options.Labels ?? _files.Root, row.Position, $"'{name}', of which there are several: {string.Join(", ", several.Take(3))}",
                    "the path of one, relative to the folder"),
        };
    }

    private FolderEntry EntryOf(LabelRow row, string path)
    {
        IReadOnlyList<string> codes = row.Codes, unknown = row.Unknown;
        if (_map is not null)
        {
            var unmapped = new List<string>();
            codes = _map.Apply(codes, unmapped);
            foreach (var code in unmapped)
                Census.CountUnmapped(code);
            unknown = Mapped(unknown);
        }
        return new FolderEntry
        {
            Id = row.Recording,
            File = Path.Combine(_files.Root, path),
            PatientId = row.Patient,
            Fold = row.Fold,
            Age = row.Age,
            Sex = row.Sex,
            Statements = [.. codes.Select(code => new Statement(code, 100))],
            UnknownCodes = unknown,
        };
    }

    private IReadOnlyList<string> Mapped(IReadOnlyList<string> codes) =>
        _map is null ? codes : [.. codes.SelectMany(code => _map.Apply([code], [])).Distinct(StringComparer.Ordinal)];

    private FolderEntry[] WithFolds(FolderEntry[] entries)
    {
        if (_options.Folds is { } file)
        {
            var folds = FoldTable.Read(file);
            return [.. entries.Select(e => e with { Fold = folds.TryGetValue(e.Id, out var fold) ? fold : null })];
        }
        if (entries.Any(e => e.Fold is not null))
            return entries;
        var drawn = FoldDraw.Draw(entries, _options.FoldCount, _options.FoldSeed);
        Census.Draw = string.Create(
            CultureInfo.InvariantCulture,
                $"{_options.FoldCount} folds were drawn by patient, alike in their codes (seed {_options.FoldSeed})");
        return [.. entries.Select((e, i) => e with { Fold = drawn[i] })];
    }

    private void RequirePatientsApart()
    {
        var shared = Entries.Where(e => e is { PatientId: not null, Fold: not null }).GroupBy(e => e.PatientId!, StringComparer.Ordinal)
            .Select(g => (Patient: g.Key, Folds: g.Select(e => e.Fold!.Value).Distinct().Order().ToArray()))
            .Where(p => p.Folds.Length > 1).OrderBy(p => p.Patient, StringComparer.Ordinal).ToArray();
        if (shared.Length > 0)
            throw new EcgFormatException(
                _options.Folds ?? _options.Labels ?? _files.Root, null,
                $"{shared.Length} patients in more than one fold, such as {shared[0].Patient} in {string.Join(" and ", shared[0].Folds)}",
                    "each patient in one fold");
    }
}
