using System.Globalization;
using SignalCam.Abstractions;
using SignalCam.Core.Wfdb;

namespace SignalCam.Core.Synthetic;

/// <summary>Writes a synthetic set in the layout of PTB-XL 1.0.3, so that whatever reads PTB-XL reads it too.</summary>
public static class SyntheticDataset
{
    private static readonly string[] FileLeads = [.. SignalLayout.StandardLeads.Select(l => l.ToUpperInvariant())];

    /// <summary>
    /// Writes ptbxl_database.csv, scp_statements.csv, records100 (and records500 on request) and ground_truth.json, which
    /// <see cref="SyntheticGroundTruth"/> reads. The database is written last: where it is, the set is complete.
    /// </summary>
    /// <param name="folder">Made where it is not there. An earlier synthetic set in it is replaced.</param>
    /// <param name="options">Size and seed; null for the defaults.</param>
    /// <param name="progress">Receives the number of recordings written so far.</param>
    /// <param name="cancellationToken">Stops between two recordings and leaves the set without its database.</param>
    /// <exception cref="IOException">The folder holds a database that is not a synthetic one, or cannot be written.</exception>
    /// <exception cref="PluginException">An option is not allowed.</exception>
    public static Task WriteAsync(
        string folder, SyntheticDatasetOptions? options = null, IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options = PluginOptions.Check("dataset", "synthetic", options);
        return Task.Run(() => Write(folder, options, progress, cancellationToken), cancellationToken);
    }

    private static async Task Write(
        string folder, SyntheticDatasetOptions options, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var database = Path.Combine(folder, "ptbxl_database.csv");
        if (File.Exists(database) && !File.Exists(Path.Combine(folder, SyntheticGroundTruth.FileName)))
            throw new IOException(
                $"{database} is not of a synthetic set, which would come with {SyntheticGroundTruth.FileName}: it is not overwritten");
        Directory.CreateDirectory(folder);
        File.Delete(database);

        var plan = SyntheticPlan.Draw(options);
        var rates = options.HighRate ? new[] { 100, 500 } : [100];
        foreach (var path in plan.SelectMany(r => rates.Select(rate => SyntheticTables.RecordPath(r.Id, rate))))
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, path))!);

        var findings = new IReadOnlyList<SyntheticFinding>[plan.Length];
        var written = 0;
        await Parallel.ForAsync(0, plan.Length, cancellationToken, (i, _) =>
        {
            foreach (var rate in rates)
            {
                var recording = plan[i].Generate(rate);
                WriteRecording(folder, SyntheticTables.RecordPath(plan[i].Id, rate), recording.Signal);
                findings[i] = recording.Findings;
            }
            progress?.Report(Interlocked.Increment(ref written));
            return ValueTask.CompletedTask;
        }).ConfigureAwait(false);

        SyntheticGroundTruth.Write(folder, plan.Select((r, i) => (r.Id.ToString(CultureInfo.InvariantCulture), findings[i])));
        SyntheticTables.WriteStatements(Path.Combine(folder, "scp_statements.csv"));
        SyntheticTables.WriteDatabase(database, plan);
    }

    private static void WriteRecording(string folder, string path, EcgSignal signal)
    {
        // PTB-XL's headers have AVR, AVL and AVF.
        var named = new EcgSignal(signal.Samples.ToArray(), new SignalLayout(FileLeads, signal.Length, signal.SamplingRate));
        var full = Path.Combine(folder, path);
        WfdbWriter.Write(Path.GetDirectoryName(full)!, Path.GetFileName(full), named);
    }
}
