using System.ComponentModel.DataAnnotations;
using System.Globalization;
using SignalCam.Abstractions;

namespace ThirdParty.Tests.Datasets;

// A folder with index.csv (id,patient,fold,label) and ID.csv for each recording: a line of lead names, then a line of millivolts for each
// sample. services.AddSignalCam().AddDataset<CsvDataset, CsvDatasetOptions>("csv");

public sealed class CsvDatasetOptions
{
    [Required]
    public string Folder { get; set; } = "";

    [Range(1, 10_000)]
    public double SamplingRate { get; set; } = 100;
}

public sealed class CsvDataset(CsvDatasetOptions options) : IEcgDataset
{
    public string Name => "csv";

    public IReadOnlyList<EcgEntry> Entries { get; } =
    [
        .. File.ReadLines(Path.Combine(options.Folder, "index.csv")).Skip(1).Select(line => line.Split(',')).Select(cells => new EcgEntry
        {
            Id = cells[0],
            PatientId = cells[1],
            Fold = int.Parse(cells[2], CultureInfo.InvariantCulture),
            Metadata = new Dictionary<string, string> { ["label"] = cells[3] },
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
            foreach (var (lead, cell) in lines[t + 1].Split(',').Index())
                samples[lead * length + t] = float.Parse(cell, CultureInfo.InvariantCulture);
        return new EcgSignal(samples, new SignalLayout(leads, length, options.SamplingRate));
    }
}
