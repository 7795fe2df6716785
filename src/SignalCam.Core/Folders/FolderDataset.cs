using System.Text;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.PtbXl;

namespace SignalCam.Core.Folders;

/// <summary>
/// "folder": recordings of any format in a folder, with labels from a table or from their headers. A recording without a label is not an
/// entry; it is counted in <see cref="Remarks"/>.
/// </summary>
/// <remarks>Immutable; thread-safe. Recordings are read on request, unchanged: leads, rate and length may
/// differ.</remarks>
internal class FolderDataset : IVersionedDataset, IDescribedDataset, IDisposable
{
    private readonly FolderContent _content;
    private readonly IRecordingFileReader _reader;
    private readonly EcgReadOptions _reading;
    private readonly IEcgDataset? _cached;
    private readonly string _name;

    private FolderDataset(FolderContent content, FolderDatasetOptions options, IRecordingFileReader reader)
    {
        _content = content;
        _reader = reader;
        _reading = new EcgReadOptions
        {
            SamplingRate = options.Reading.SamplingRate,
            Leads = options.Reading.Leads,
            Unit = options.Reading.Unit,
            Lenient = options.Reading.Lenient,
            BridgeGaps = options.Reading.BridgeGaps,
        };
        _name = options.Name ?? (Path.GetFileName(Path.TrimEndingDirectorySeparator(content.Folder)) is { Length: > 0 } name ? name
            : BuiltInDatasets.Folder);
        Remarks = [.. content.Census.Remarks()];
    }

    private FolderDataset(FolderDataset original, IEcgDataset cached)
    {
        (_content, _reader, _reading, _name, Remarks) = (original._content, original._reader, original._reading, original._name,
            original.Remarks);
        _cached = cached;
    }

    /// <inheritdoc/>
    /// <remarks>With the folder's own name in it: folds of one folder do not apply to another.</remarks>
    public string Name => $"{BuiltInDatasets.Folder}:{_name}";

    /// <inheritdoc/>
    public IReadOnlyList<EcgEntry> Entries => _content.Entries;

    public IReadOnlyList<string> Remarks { get; }

    public IReadOnlyList<string>? ClassOrder => _content.ClassOrder;

    public bool HasDrawnFolds => _content.Census.Draw is not null;

    public bool HasMixedLayouts => true;

    /// <summary>Opens a folder.</summary>
    /// <param name="options">The options; validated.</param>
    /// <param name="reader">Reads the files.</param>
    /// <returns>A dataset that defines its statements if one of them is PTB-XL's; read through a cache if the options name
    /// one.</returns>
    /// <exception cref="EcgFormatException">The folder or a table is missing or malformed; the message states where and how.</exception>
    public static IEcgDataset Open(FolderDatasetOptions options, IRecordingFileReader reader)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(reader);
        var content = FolderContent.Open(options, reader);
        var known = content.Entries.Any(e => e.Statements.Any(s => EmbeddedTable.Statements.TryGet(s.Code, out _)));
        var dataset = known ? new WithStatements(content, options, reader) : new FolderDataset(content, options, reader);
        return options.Cache is null ? dataset : CachedDataset.Create(dataset, options.Cache);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> UnknownCodesOf(EcgEntry entry) => Own(entry).UnknownCodes;

    /// <inheritdoc/>
    /// <exception cref="EcgFormatException">The file is missing or corrupt; the message names it.</exception>
    /// <exception cref="ArgumentException">The entry belongs to another dataset.</exception>
    public ValueTask<EcgSignal> ReadAsync(EcgEntry entry, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        cancellationToken.ThrowIfCancellationRequested();
        return _cached is not null
            ? _cached.ReadAsync(entry, cancellationToken)
            // On the caller's thread: formats read their files synchronously.
            : ValueTask.FromResult(_reader.Read(Own(entry).File, _reading, cancellationToken).Signal);
    }

    /// <inheritdoc/>
    /// <remarks>Names, sizes and times of all files of recordings.</remarks>
    public string FindVersion()
    {
        var text = new StringBuilder();
        foreach (var entry in _content.Entries)
            foreach (var part in FolderFiles.PartsOf(entry.File))
                if (new FileInfo(part) is { Exists: true } file)
                    text.Append('\n').Append(part).Append(' ').Append(file.Length).Append(' ').Append(file.LastWriteTimeUtc.Ticks);
        return text.ToString();
    }

    IEcgDataset IVersionedDataset.FromCache(IEcgDataset cached) => Cached(cached);

    public void Dispose() => (_cached as IDisposable)?.Dispose();

    private protected virtual FolderDataset Cached(IEcgDataset cached) => new(this, cached);

    private static FolderEntry Own(EcgEntry entry) =>
        entry as FolderEntry ?? throw new ArgumentException($"entry {entry.Id} is of another dataset", nameof(entry));

    /// <summary>A folder dataset whose codes are, at least in part, PTB-XL's statements.</summary>
    private sealed class WithStatements : FolderDataset, IStatementDataset
    {
        public WithStatements(FolderContent content, FolderDatasetOptions options, IRecordingFileReader reader)
            : base(content, options, reader)
        {
        }

        private WithStatements(FolderDataset original, IEcgDataset cached)
            : base(original, cached)
        {
        }

        public PtbXlStatementTable Statements => EmbeddedTable.Statements;

        private protected override FolderDataset Cached(IEcgDataset cached) => new WithStatements(this, cached);
    }
}
