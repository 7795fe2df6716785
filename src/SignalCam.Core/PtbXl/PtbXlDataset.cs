using System.Globalization;
using System.Text;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Wfdb;

namespace SignalCam.Core.PtbXl;

/// <summary>
/// PTB-XL (Wagner et al. 2020, doi 10.1038/s41597-020-0495-6), or any folder in its layout: `ptbxl_database.csv`, `scp_statements.csv` and
/// the WFDB recordings that the table names. Not every recording has to be there; one that is missing is an error when it is read.
/// </summary>
/// <remarks>Immutable; safe for concurrent callers.</remarks>
public sealed class PtbXlDataset : IStatementDataset, IVersionedDataset
{
    private readonly PtbXlEntry[] _entries;

    private PtbXlDataset(string folder, int samplingRate, PtbXlStatementTable statements, PtbXlEntry[] entries)
    {
        Folder = folder;
        SamplingRate = samplingRate;
        Statements = statements;
        _entries = entries;
    }

    /// <inheritdoc/>
    public string Name => "ptb-xl";

    /// <summary>The folder, as a full path.</summary>
    public string Folder { get; }

    /// <summary>Samples per second of the recordings that <see cref="ReadAsync"/> reads: 100 or 500.</summary>
    public int SamplingRate { get; }

    /// <summary>What the codes mean.</summary>
    public PtbXlStatementTable Statements { get; }

    /// <summary>All entries, in the order of `ptbxl_database.csv`.</summary>
    public IReadOnlyList<PtbXlEntry> Entries => _entries;

    IReadOnlyList<EcgEntry> IEcgDataset.Entries => _entries;

    IEcgDataset IVersionedDataset.FromCache(IEcgDataset cached) => new CachedPtbXl(cached, Statements);

    /// <summary>The dataset "ptb-xl": a folder, read by way of a cache where the options name one.</summary>
    internal static IEcgDataset Open(PtbXlFolderOptions options)
    {
        var dataset = Open(options.Folder, new PtbXlOptions { SamplingRate = options.SamplingRate });
        return options.Cache is null ? dataset : CachedDataset.Create(dataset, options.Cache);
    }

    /// <summary>Reads the two tables of a folder.</summary>
    /// <param name="folder">The folder that holds `ptbxl_database.csv`.</param>
    /// <param name="samplingRate">Samples per second of the recordings to read: 100 or 500.</param>
    /// <exception cref="EcgFormatException">
    /// The folder is not in PTB-XL's layout, or a table is malformed; the message says where and how.
    /// </exception>
    /// <exception cref="PluginException">There are no recordings of this sampling rate.</exception>
    public static PtbXlDataset Open(string folder, int samplingRate = 100) =>
        Open(folder, new PtbXlOptions { SamplingRate = samplingRate });

    /// <summary>Reads the two tables of a folder, as the options say.</summary>
    internal static PtbXlDataset Open(string folder, PtbXlOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        CheckedOptions.Require(options);

        var expected = $"a folder in the layout of PTB-XL, with {options.DatabaseFile}, {options.StatementsFile} and the recordings that "
            + "the former names";
        folder = Path.GetFullPath(folder);
        if (!Directory.Exists(folder))
            throw new EcgFormatException(folder, null, File.Exists(folder) ? "a file" : "no such folder", expected);
        var missing = new[] { options.DatabaseFile, options.StatementsFile }.Where(f => !File.Exists(Path.Combine(folder, f))).ToList();
        if (missing.Count > 0)
            throw new EcgFormatException(folder, null, $"no {string.Join(" and no ", missing)}", expected);

        var statements = PtbXlStatementTable.Read(Path.Combine(folder, options.StatementsFile));
        var entries = PtbXlTable.Read(Path.Combine(folder, options.DatabaseFile), statements);
        return new PtbXlDataset(folder, options.SamplingRate, statements, entries);
    }

    /// <summary>Reads one recording, in millivolt, with the usual spelling of the leads (aVR where the file says AVR).</summary>
    /// <param name="entry">One of <see cref="Entries"/>.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="EcgFormatException">
    /// The recording is missing or corrupt, or has another sampling rate; the message names it.
    /// </exception>
    /// <exception cref="ArgumentException">The entry is of another dataset.</exception>
    public ValueTask<EcgSignal> ReadAsync(EcgEntry entry, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        cancellationToken.ThrowIfCancellationRequested();
        if (entry is not PtbXlEntry row)
            throw new ArgumentException($"entry {entry.Id} is none of PTB-XL's", nameof(entry));
        var relative = (SamplingRate == 100 ? row.FilenameLr : row.FilenameHr)
            ?? throw new EcgFormatException(
                Folder, null, $"no file name for {What()}", $"one in column {(SamplingRate == 100 ? "filename_lr" : "filename_hr")}");
        var path = Path.Combine(Folder, relative.Replace('/', Path.DirectorySeparatorChar));
        EcgSignal signal;
        try
        {
            // Read on the caller's thread: for two files of a few kilobytes, handing each read to another one takes longer than the reads.
            signal = WfdbReader.ReadSignal(path);
        }
        catch (EcgFormatException e) when (!File.Exists(path + ".hea"))
        {
            throw new EcgFormatException(path + ".hea", null, "no such file", What(), e);
        }
        return signal.SamplingRate == SamplingRate
            ? ValueTask.FromResult(signal)
            : throw new EcgFormatException(
                path + ".hea", "line 1", string.Create(CultureInfo.InvariantCulture, $"{signal.SamplingRate} Hz"), What());

        string What() => string.Create(CultureInfo.InvariantCulture, $"the {SamplingRate} Hz recording of ecg_id {row.Id}");
    }

    /// <inheritdoc/>
    /// <remarks>Names, sizes and times of all files of recordings.</remarks>
    public string FindVersion()
    {
        var text = new StringBuilder().Append(SamplingRate);
        foreach (var entry in _entries)
        {
            var name = SamplingRate == 100 ? entry.FilenameLr : entry.FilenameHr;
            text.Append('\n').Append(name);
            foreach (var extension in name is null ? [] : new[] { ".hea", ".dat" })
            {
                var file = new FileInfo(Path.Combine(Folder, name + extension));
                if (file.Exists)
                    text.Append(' ').Append(file.Length).Append(' ').Append(file.LastWriteTimeUtc.Ticks);
            }
        }
        return text.ToString();
    }
}
