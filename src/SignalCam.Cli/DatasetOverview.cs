using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.PtbXl;

namespace SignalCam.Cli;

/// <summary>Overview of a dataset other than PTB-XL, from its entries.</summary>
internal sealed record DatasetOverview
{
    public required string Dataset { get; init; }

    public required int Recordings { get; init; }

    /// <summary>Patients that are known.</summary>
    public required int Patients { get; init; }

    public required int WithoutPatient { get; init; }

    /// <summary>Recordings by fold; those without a fold are in none.</summary>
    public required IReadOnlyDictionary<string, int> Folds { get; init; }

    /// <summary>Recordings by code, the most common first.</summary>
    public required IReadOnlyDictionary<string, int> Codes { get; init; }

    public required int WithoutCode { get; init; }

    /// <summary>Recordings by PTB-XL's diagnostic class; null if the dataset does not say what its codes mean.</summary>
    public IReadOnlyDictionary<string, int>? Classes { get; init; }

    public required IReadOnlyDictionary<string, int> Sexes { get; init; }

    public required int WithoutAge { get; init; }

    public double? MedianAge { get; init; }

    public double? LowestAge { get; init; }

    public double? HighestAge { get; init; }

    /// <summary>Remarks for the user, one sentence each.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }

    public static DatasetOverview Of(IEcgDataset dataset)
    {
        var entries = dataset.Entries;
        double[] ages = [.. entries.Select(e => e.Age).OfType<double>().Order()];
        return new DatasetOverview
        {
            Dataset = dataset.Name,
            Recordings = entries.Count,
            Patients = entries.Select(e => e.PatientId).OfType<string>().Distinct(StringComparer.Ordinal).Count(),
            WithoutPatient = entries.Count(e => e.PatientId is null),
            Folds = Counts(entries.Where(e => e.Fold is not null).OrderBy(e => e.Fold).Select(e => $"{e.Fold}"), falling: false),
            Codes = Counts(entries.SelectMany(e => e.Statements.Select(s => s.Code).Distinct(StringComparer.Ordinal)), falling: true),
            WithoutCode = entries.Count(e => e.Statements.Count == 0),
            Classes = (dataset as IStatementDataset)?.Statements is { } table ? ClassesOf(entries, table) : null,
            Sexes = Counts(entries.Select(e => e.Sex?.ToString().ToLowerInvariant() ?? "unknown"), falling: true),
            WithoutAge = entries.Count - ages.Length,
            MedianAge = ages.Length == 0 ? null : (ages[(ages.Length - 1) / 2] + ages[ages.Length / 2]) / 2,
            LowestAge = ages.Length == 0 ? null : ages[0],
            HighestAge = ages.Length == 0 ? null : ages[^1],
            Remarks = dataset is IDescribedDataset described ? described.Remarks : [],
        };
    }

    private static OrderedDictionary<string, int> ClassesOf(IReadOnlyList<EcgEntry> entries, PtbXlStatementTable table)
    {
        var classes = entries.Select(e => table.SuperclassesOf(e.Statements)).ToArray();
        return new(PtbXlStatementTable.Superclasses.Select(name => KeyValuePair.Create(name, classes.Count(c => c.Contains(name))))
            .Append(KeyValuePair.Create("none", classes.Count(c => c.Count == 0))));
    }

    private static OrderedDictionary<string, int> Counts(IEnumerable<string> names, bool falling)
    {
        var counts = names.CountBy(n => n, StringComparer.Ordinal);
        return new(falling ? counts.OrderByDescending(n => n.Value).ThenBy(n => n.Key, StringComparer.Ordinal) : counts);
    }
}
