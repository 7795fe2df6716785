using System.ComponentModel.DataAnnotations;
using System.Globalization;
using SignalCam.Abstractions;

namespace Ward1;

/// <summary>Options of the dataset "ward1-csv".</summary>
public sealed class CsvDatasetOptions
{
    /// <summary>The folder with index.csv.</summary>
    [Required]
    public string Folder { get; set; } = "";

    /// <summary>Samples per second. Default 100.</summary>
    [Range(1, 10_000)]
    public double SamplingRate { get; set; } = 100;
}

/// <summary>
/// A folder with index.csv (id,patient,fold,label) and ID.csv for each recording: a line of lead names, then a line of millivolts for
/// each sample.
/// </summary>
public sealed class CsvDataset(CsvDatasetOptions options) : IEcgDataset
{
    /// <summary>The entry's metadata that <see cref="LabelTask"/> reads.</summary>
    public const string Label = "label";

    public string Name => "ward1-csv";

    public IReadOnlyList<EcgEntry> Entries { get; } =
    [
        .. File.ReadLines(Path.Combine(options.Folder, "index.csv")).Skip(1).Select(line => line.Split(',')).Select(cells => new EcgEntry
        {
            Id = cells[0],
            PatientId = cells[1],
            Fold = int.Parse(cells[2], CultureInfo.InvariantCulture),
            Metadata = new Dictionary<string, string> { [Label] = cells[3] },
        }),
    ];

    public async ValueTask<EcgSignal> ReadAsync(EcgEntry entry, CancellationToken cancellationToken = default)
    {
        var path = Path.Combine(options.Folder, entry.Id + ".csv");
        if (!File.Exists(path))
            throw new EcgFormatException(path, null, "no such file", "a recording");
        var lines = await File.ReadAllLinesAsync(path, cancellationToken);
        var (leads, length) = (lines[0].Split(','), lines.Length - 1);
        var samples = new float[leads.Length * length];
        for (var t = 0; t < length; t++)
        {
            var cells = lines[t + 1].Split(',');
            for (var lead = 0; lead < leads.Length; lead++)
                samples[lead * length + t] = lead < cells.Length && float.TryParse(cells[lead], CultureInfo.InvariantCulture, out var value)
                    ? value
                    : throw new EcgFormatException(path, $"line {t + 2}", lines[t + 1], $"{leads.Length} numbers of millivolts");
        }
        return new EcgSignal(samples, new SignalLayout(leads, length, options.SamplingRate));
    }
}
